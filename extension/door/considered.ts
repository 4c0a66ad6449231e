import * as l10n from "@vscode/l10n";
import type { Git } from "../git/run.ts";
import { analyse, type Analysis } from "../guard/analyse.ts";
import { ProgramCall } from "../guard/call.ts";
import { codeKey, type CodeAnswer, type CodeQuery } from "../guard/code/lookup.ts";
import { countsForYes } from "../guard/environment.ts";
import type { Effect } from "../guard/effect.ts";
import type { Facts } from "../guard/facts.ts";
import { isSecret, placeOf, type Surroundings } from "../guard/places.ts";
import { type Asking, decide, type Decision, NO_POLICY, type PolicyInForce } from "../policy/decide.ts";
import { RULES, type Mode, type RuleId } from "../policy/rules.ts";
import { answerFacts } from "../restore/answers.ts";
import { readCode } from "../restore/code.ts";
import type { MadeFiles } from "../restore/made.ts";
import { type ShellAssignment, type ShellScript, type SimpleCommand, soleCommand } from "../shell/command.ts";
import { parseArgv, type ParseContext, parseShell } from "../shell/parse.ts";
import { quote } from "../shell/quote.ts";
import type { DirectRun } from "../toolchain/direct.ts";
import { lockEnvironment, UNLOCKED } from "../toolchain/lockEnvironment.ts";
import type { Foreign } from "../toolchain/foreign.ts";
import type { Route } from "../toolchain/route.ts";
import type { OfferedSwap } from "../toolchain/routeScript.ts";
import type { Hint } from "../toolchain/row.ts";
import { type Act, type CommandAct, describeAct } from "./act.ts";
import { callKey } from "./key.ts";

/**
 * Rewrites a line for the project's own toolchain; null where it stays as it is. `asItIs`: true for the root of a project whose
 * environment a person wants used as it is.
 */
export type Router = (script: ShellScript, asItIs?: (root: string) => boolean) => Route | null;

export interface Considering {
  readonly git: Git;
  readonly route: Router;
  /** False where the agent isn't told of routes; left out: it is. */
  readonly tellsRoute?: boolean;
  /** What of a line, as it would run, is a package command of another manager than its project's; left out where it may be. */
  readonly foreign?: (script: ShellScript) => Foreign | null;
  /** The commands of a line that another program answers, or could once a person accepts it; left out where none does. */
  readonly swaps?: (script: ShellScript) => readonly OfferedSwap[];
  /** Where the line would be sent, if it were; told, and never run. */
  readonly suggest?: Router;
  /** What a person could do so that a line would be routed; left out where nothing is. */
  readonly hints?: (script: ShellScript) => readonly Hint[];
  /** What a routed program with its arguments comes to in a folder; null where that isn't known. */
  readonly direct?: (argv: readonly string[], cwd: string) => DirectRun | null;
  readonly mode: Mode;
  /** Paths of policies are relative to each of its roots. */
  readonly around: Surroundings;
  readonly signal: AbortSignal;
  /** The program that runs lines. */
  readonly shell: string;
  /** Without one the built-in rules alone decide. */
  readonly policy?: PolicyInForce;
  /** Where it is written, whether anything lies there or not. */
  readonly policyFiles?: readonly string[];
  /** The environment that a person has started the session for. */
  readonly environment?: string;
  /** What a person's earlier yes covers for the session. */
  readonly stands?: (key: string) => boolean;
  /** Projects whose environment a person wants used as it is for the session. */
  readonly asItIs?: (root: string) => boolean;
  /** What is the session's own work: it may go unasked. */
  readonly made?: MadeFiles;
}

/** What a verdict was reached from. */
export interface Basis {
  /** As it was asked, and as it would run; none where it is no command. */
  readonly scripts: readonly ShellScript[];
  readonly analysis: Analysis;
  readonly facts: Facts;
  readonly policy: PolicyInForce;
  readonly asking: Asking;
}

/** An act with everything that was found out about it. Nothing has happened, and nobody was asked. */
export interface Considered {
  readonly act: Act;
  /** What it is, for finding its call (key.ts). */
  readonly key: string;
  /** What a person's yes covers: the key, and the variables that change what it means. */
  readonly scope: string;
  /** Those variables, as far as they were set beside the line. */
  readonly variables: Readonly<Record<string, string>>;
  /** The line as it was read; null for what is no command. */
  readonly script: ShellScript | null;
  readonly route: Route | null;
  /** Why it runs as asked where the project's files could send it; looked for when it is asked. */
  readonly hints: () => readonly Hint[];
  /** The line by which the agent reads of the route; null where there is none, or nothing is to be said. */
  readonly told: string | null;
  /** What would run by the route, where it is a program with its arguments and nothing else. */
  readonly rewritten: readonly string[] | null;
  /**
   * What the route comes to, where that is known: the program itself may be started in the place of what starts it. To be asked when
   * it is started, since a person's answer can take any time.
   */
  readonly direct: () => DirectRun | null;
  /** Variables that what runs is given beside its own, or (null) loses: how its tools take the project's lock. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** What people and the record read of it, and of what would run: variables that steer it stand in front. */
  readonly asked: string;
  readonly run: string;
  /** Its commands that another program answers, or could. */
  readonly swaps: readonly OfferedSwap[];
  /** The route that is only told. */
  readonly suggested: Route | null;
  /** Files whose content was looked into, with its hash: what runs must be what was judged. */
  readonly looked: ReadonlyMap<string, string>;
  readonly judgement: Decision;
  readonly basis: Basis;
}

/**
 * The steps of the door that decide: parse, route, effects of what was asked and of what would run, facts,
 * verdict on both. `interlock check` is this and nothing more.
 */
export async function consider(act: Act, using: Considering): Promise<Considered> {
  const { git, around, signal } = using;
  if (act.kind !== "command") {
    const key = describeAct(act);
    const none = {
      script: null,
      variables: {},
      environment: {},
      route: null,
      hints: () => [],
      told: null,
      rewritten: null,
      direct: () => null,
      swaps: [],
      suggested: null,
      looked: new Map<string, string>(),
    };
    return { act, key, scope: key, asked: key, run: key, ...none, ...judgeUnseen(act, using) };
  }
  const context = contextOf(act, using);
  const line = parseLine(asItRuns(act), reading(act, context));
  const script = withVariables(line, act);
  const route = using.route(script, using.asItIs);
  const rewritten = route === null ? null : parseShell(route.to, reading(act, context));
  const asAsked = act.program === null ? [] : [script];
  const scripts = rewritten === null ? asAsked : [...asAsked, rewritten];
  const { effects: done, looked } = await effectsOf(scripts, around);
  const foreign = using.foreign?.(rewritten ?? script) ?? null;
  const effects = foreign === null ? done : [...done, foreignEffect(foreign)];
  const needs = effects.flatMap((effect) => effect.needs);
  const questions = effects.some((effect) => effect.also !== undefined)
    ? [...needs, ...effects.flatMap((effect) => effect.also ?? [])]
    : needs;
  const facts: Facts =
    questions.length === 0 ? new Map() : await answerFacts(git, questions, signal, using.made);
  // However it comes by what it reads, it is the same act.
  const isPlain = act.input === undefined && typeof act.program !== "string";
  const key = callKey(isPlain ? line : parseLine(act, context));
  const variables = counting(script);
  const values = variables.map(({ name, value }) => `${name}=${quote(value.text)}`);
  const scope = [key, ...values, act.input ?? "", ...looked.values()].join("\n");
  const changes = effects.some(({ kind }) => kind === "deps.change");
  const locked = rewritten === null ? {} : lockEnvironment(rewritten);
  const words = rewritten === null ? null : wordsOf(rewritten);
  const shown = (text: string): string => [...variables.map(shownVariable), text].join(" ");
  return {
    act,
    key,
    scope,
    variables: Object.fromEntries(variables.map(({ name, value }) => [name, value.text])),
    environment: changes ? UNLOCKED : locked,
    script: line,
    route,
    hints: () => (route === null ? (using.hints?.(script) ?? []) : []),
    told: route === null || using.tellsRoute === false ? null : `${route.from} -> ${route.to}`,
    rewritten: words,
    direct: () => (words === null ? null : (using.direct?.(words, act.cwd) ?? null)),
    swaps: using.swaps?.(script) ?? [],
    suggested: route === null ? (using.suggest?.(script, using.asItIs) ?? null) : null,
    asked: shown(act.line),
    run: shown(route?.to ?? act.line),
    looked,
    ...explained(judged({ effects, needs }, facts, scripts, act, using), foreign),
  };
}

function foreignEffect({ words }: Foreign): Effect {
  const said = words.map((word) => word ?? "…").join(" ");
  return { kind: RULES[FOREIGN].effect, rule: FOREIGN, words: said, needs: [] };
}

/** Whose the project is, and the command to use: more than a rule can say. */
function explained(found: Pick<Considered, "judgement" | "basis">, foreign: Foreign | null): typeof found {
  if (foreign === null || found.judgement.rule !== FOREIGN) return found;
  const { reason, instead } = foreign;
  return { ...found, judgement: { ...found.judgement, reason, remedy: l10n.t("Use `{0}`.", instead) } };
}

/** What is refused for the manager that was asked, whatever it would do. */
export const FOREIGN = "deps.foreign";

/** The words of a script that is one plain command. */
function wordsOf(script: ShellScript): readonly string[] | null {
  const only = soleCommand(script);
  if (only === null || script.unclear.length > 0) return null;
  const plain = only.wrappers.length + only.assignments.length + only.redirects.length === 0;
  return plain && only.words.every(({ known, glob }) => known && !glob)
    ? only.words.map(({ text }) => text)
    : null;
}

/** Scripts that call scripts are followed this far. */
const MAX_ROUNDS = 4;

/** What scripts do, and the files that were looked into to know it, with their hashes. */
async function effectsOf(
  scripts: readonly ShellScript[],
  around: Surroundings,
): Promise<{ readonly effects: readonly Effect[]; readonly looked: ReadonlyMap<string, string> }> {
  const answers = new Map<string, CodeAnswer>();
  const look = (query: CodeQuery): CodeAnswer | undefined => answers.get(codeKey(query));
  for (let round = 0; ; round++) {
    const effects = scripts.flatMap((script) => analyse(script, { ...around, look }).effects);
    const open = effects.flatMap(({ looks = [] }) => looks).filter((query) => look(query) === undefined);
    if (open.length === 0 || round === MAX_ROUNDS) {
      const texts = [...answers.values()].filter((answer) => typeof answer !== "string");
      return { effects, looked: new Map(texts.map(({ path, hash }) => [path, hash])) };
    }
    for (const [key, answer] of await readCode(open)) answers.set(key, answer);
  }
}

/** What the rules would have said of an act that is over: the state that they would have read is gone. */
export function judgeUnseen(
  act: Act,
  using: Omit<Considering, "git" | "route" | "signal">,
): Pick<Considered, "judgement" | "basis"> {
  const { around } = using;
  const facts: Facts = new Map();
  if (act.kind === "command") {
    const script = withVariables(parseLine(asItRuns(act), reading(act, contextOf(act, using))), act);
    return judged(analyse(script, around), facts, [script], act, using);
  }
  const analysis = act.kind === "tool" ? analyseTool(act.title) : analyseFile(act, around);
  return judged(analysis, facts, [], act, using);
}

function judged(
  analysis: Analysis,
  facts: Facts,
  scripts: readonly ShellScript[],
  act: Act,
  using: Omit<Considering, "git" | "route" | "signal">,
): Pick<Considered, "judgement" | "basis"> {
  const { mode, around, policy = NO_POLICY, environment, stands } = using;
  const asking: Asking = {
    mode,
    roots: around.roots,
    texts: () => textsOf(act, scripts, analysis),
    ...(environment === undefined ? {} : { environment }),
    ...(stands === undefined ? {} : { stands }),
  };
  const judgement = decide(analysis, facts, policy, asking);
  return { judgement, basis: { scripts, analysis, facts, policy, asking } };
}

/** Everything that an act says: its text, and its words as they are once quotes and variables are resolved. */
function textsOf(act: Act, scripts: readonly ShellScript[], { effects }: Analysis): readonly string[] {
  const words = scripts.flatMap(({ commands }) =>
    commands.flatMap((command) => [
      ...command.words.map((word) => word.text),
      ...command.assignments.map(({ value }) => value.text),
    ]),
  );
  const nested = effects.flatMap(({ by = [] }) => by.flat().filter((word) => word !== null));
  return [describeAct(act), ...scripts.map(({ text }) => text), ...words, ...nested];
}

function contextOf(
  { cwd }: CommandAct,
  { around, shell }: Pick<Considering, "around" | "shell">,
): ParseContext {
  return { cwd, shell, ...(around.home === undefined ? {} : { home: around.home }) };
}

/** With the program that its name stands for. */
function asItRuns(act: CommandAct): CommandAct {
  const { argv, program } = act;
  return argv === null || typeof program !== "string" ? act : { ...act, argv: [program, ...argv.slice(1)] };
}

/** With what the act is given to read. */
function reading({ input }: CommandAct, context: ParseContext): ParseContext {
  return input === undefined ? context : { ...context, input: { from: "text", text: input } };
}

function parseLine(act: CommandAct, context: ParseContext): ShellScript {
  return act.argv === null ? parseShell(act.line, context) : parseArgv(act.argv, context);
}

/** Variables from beside the line count like those in front of it. */
function withVariables(script: ShellScript, act: CommandAct): ShellScript {
  const variables = Object.entries(act.env);
  if (variables.length === 0) return script;
  const setter: SimpleCommand = {
    words: [],
    wrappers: [],
    assignments: variables.map(([name, text]) => ({
      name,
      value: { text, known: true, glob: false, start: 0, end: 0 },
    })),
    redirects: [],
    input: { from: "inherited" },
    folders: [act.cwd],
    span: null,
    exports: true,
    openEnded: false,
  };
  const commands = script.commands.map((command) => ({ ...command, beside: setter.assignments }));
  return { ...script, commands: [setter, ...commands] };
}

/** The variables set for all of a script that may make it mean something else. */
function counting({ commands: [first] }: ShellScript): readonly ShellAssignment[] {
  if (first === undefined || first.words.length > 0) return [];
  return first.assignments.filter(countsForYes).toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

const SECRET_NAME = /(TOKEN|SECRET|PASSWORD|PASSWD|_PWD|CREDENTIALS?|(API|ACCESS|PRIVATE)_?KEY)$/i;

/** As a person and the record read it: without the password that it may hold. */
function shownVariable({ name, value }: ShellAssignment): string {
  const text = SECRET_NAME.test(name) ? "…" : value.text.replace(/:\/\/[^/@\s]+@/g, "://…@");
  return `${name}=${quote(text)}`;
}

/** Reading or writing one file by a doorway of its own: the same rules as for programs that do it. */
function analyseFile(act: Extract<Act, { kind: "read" | "write" }>, around: Surroundings): Analysis {
  const effects: Effect[] = [];
  const add = (rule: RuleId): void =>
    void effects.push({ kind: RULES[rule].effect, rule, words: act.path, needs: [], paths: [act.path] });
  const place = placeOf(act.path, around);
  if (act.kind === "read") {
    if (isSecret(act.path)) add("secret.read");
    add(place === "outside" ? "read.outside" : "read");
  } else if (place === "policy") {
    // A person may let an agent propose a change: what it says counts only once it is accepted.
    add("fs.write.protected");
  } else {
    const call = new ProgramCall("write", FILE_COMMAND, around, () => []);
    // An edit is seen with its diff and reviewed afterwards: what it overwrites is not asked about.
    call.outside(() => call.writesPath(act.path, "create"));
    effects.push(...call.effects);
  }
  return { effects, needs: [] };
}

function analyseTool(title: string): Analysis {
  const rule = "unclear.tool";
  return { effects: [{ kind: RULES[rule].effect, rule, words: title, needs: [] }], needs: [] };
}

const FILE_COMMAND: SimpleCommand = {
  words: [],
  wrappers: [],
  assignments: [],
  redirects: [],
  input: { from: "inherited" },
  folders: [],
  span: null,
  openEnded: false,
};
