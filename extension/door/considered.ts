import type { Git } from "../git/run.ts";
import { analyse, type Analysis } from "../guard/analyse.ts";
import { ProgramCall } from "../guard/call.ts";
import { meaningOf } from "../guard/environment.ts";
import type { Effect } from "../guard/effect.ts";
import { isSecret, placeOf, type Surroundings } from "../guard/places.ts";
import { judge, type Judgement } from "../guard/judge.ts";
import { RULES, type Mode, type RuleId } from "../policy/rules.ts";
import { answerFacts } from "../restore/answers.ts";
import type { ShellScript, SimpleCommand } from "../shell/command.ts";
import { parseArgv, parseShell } from "../shell/parse.ts";
import type { Route } from "../toolchain/route.ts";
import { type Act, type CommandAct, describeAct } from "./act.ts";
import { callKey } from "./key.ts";

/** Rewrites a line for the project's own toolchain; null where it stays as it is. */
export type Router = (script: ShellScript) => Route | null;

export interface Considering {
  readonly git: Git;
  readonly route: Router;
  readonly mode: Mode;
  readonly around: Surroundings;
  readonly signal: AbortSignal;
}

/** An act with everything that was found out about it. Nothing has happened, and nobody was asked. */
export interface Considered {
  readonly act: Act;
  /** What it is, for finding its call (key.ts). */
  readonly key: string;
  /** What a person's yes covers: the key, and the variables that change what it means. */
  readonly scope: string;
  /** The line as it was read; null for what is no command. */
  readonly script: ShellScript | null;
  readonly route: Route | null;
  readonly judgement: Judgement;
}

/**
 * The steps of the door that decide: parse, route, effects of what was asked and of what would run, facts,
 * verdict on both. `interlock check` is this and nothing more.
 */
export async function consider(act: Act, using: Considering): Promise<Considered> {
  const { git, mode, around, signal } = using;
  if (act.kind !== "command") {
    const key = describeAct(act);
    return { act, key, scope: key, script: null, route: null, ...judgeUnseen(act, using) };
  }
  const line = parseLine(act, around);
  const script = withVariables(line, act);
  const route = using.route(script);
  const asked = analyse(script, around);
  const effects =
    route === null ? asked.effects : [...asked.effects, ...wouldRun(route, act, around).effects];
  const needs = effects.flatMap((effect) => effect.needs);
  const facts = needs.length === 0 ? new Map() : await answerFacts(git, needs, signal);
  const key = callKey(line);
  const scope = [key, ...steering(script)].join("\n");
  return { act, key, scope, script: line, route, judgement: judge({ effects, needs }, facts, mode) };
}

/** What the rules would have said of an act that is over: the state that they would have read is gone. */
export function judgeUnseen(
  act: Act,
  using: Pick<Considering, "mode" | "around">,
): Pick<Considered, "judgement"> {
  const { mode, around } = using;
  if (act.kind === "command")
    return { judgement: judge(analyse(parseAct(act, around), around), new Map(), mode) };
  const analysis = act.kind === "tool" ? analyseTool(act.title) : analyseFile(act, around);
  return { judgement: judge(analysis, new Map(), mode) };
}

function parseAct(act: CommandAct, around: Surroundings): ShellScript {
  return withVariables(parseLine(act, around), act);
}

function parseLine(act: CommandAct, around: Surroundings): ShellScript {
  const context = { cwd: act.cwd, ...(around.home === undefined ? {} : { home: around.home }) };
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
    openEnded: false,
  };
  return { ...script, commands: [setter, ...script.commands] };
}

/** The variables set for all of a script that make it mean something else. */
function steering({ commands: [first] }: ShellScript): readonly string[] {
  if (first === undefined || first.words.length > 0) return [];
  return first.assignments
    .filter((assignment) => meaningOf(assignment) !== "harmless")
    .map(({ name, value }) => `${name}=${value.text}`)
    .sort();
}

function wouldRun(route: Route, act: CommandAct, around: Surroundings): Analysis {
  const context = { cwd: act.cwd, ...(around.home === undefined ? {} : { home: around.home }) };
  return analyse(parseShell(route.to, context), around);
}

/** Reading or writing one file by a doorway of its own: the same rules as for programs that do it. */
function analyseFile(act: Extract<Act, { kind: "read" | "write" }>, around: Surroundings): Analysis {
  const effects: Effect[] = [];
  const add = (rule: RuleId): void =>
    void effects.push({ kind: RULES[rule].effect, rule, words: act.path, needs: [] });
  if (isSecret(act.path)) add("secret.read");
  if (act.kind === "write") {
    const call = new ProgramCall("write", FILE_COMMAND, around, () => []);
    // An edit is seen with its diff and reviewed afterwards: what it overwrites is not asked about.
    call.writesPath(act.path, "create");
    effects.push(...call.effects);
  } else add(placeOf(act.path, around) === "outside" ? "read.outside" : "read");
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
