import { basename } from "node:path";
import { type ShellScript, type SimpleCommand, soleCommand } from "../shell/command.ts";
import type { Evidence } from "./evidence.ts";
import { missingRunner, ownerHint } from "./hints.ts";
import { applyEdits, areAlone, type Edit, editFor } from "./rewrite.ts";
import type { Route, RouteKind } from "./route.ts";
import {
  type Asked,
  type Hint,
  isLiteral,
  isPlain,
  isRouted,
  type Piece,
  type Row,
  type Runners,
  type Swap,
} from "./row.ts";
import { isCalm, isReachable, programName } from "./surroundings.ts";
import { ROUTING_TABLE } from "./table.ts";
import { usualTools } from "./uvRun.ts";

/** Where a person sends a command, before the table is asked. */
export interface WrittenRoute {
  /** The id of their rule. */
  readonly rule: string;
  readonly reason: string;
  /** The words in place of the first `replaces` ones; null: it runs as asked. */
  readonly words: readonly string[] | null;
  readonly replaces: number;
}

/** The route that a person wrote for a command by its words; null stands for one that is known at run time only. */
export type WrittenRoutes = (words: readonly (string | null)[]) => WrittenRoute | null;

export interface RouteOptions {
  readonly runners: Runners;
  /** What a person wrote of routes; nothing where it is left out. */
  readonly written?: WrittenRoutes | undefined;
  /** True where a person accepted that another program answers for one that the project doesn't have. */
  readonly swap: (swap: Swap) => boolean;
  /** Projects, by their root, whose environment a person wants used as it is; none where it is left out. */
  readonly asItIs?: ((root: string) => boolean) | undefined;
}

/** A command of a line that another program can answer. */
export interface OfferedSwap extends Swap {
  /** True where it is sent there: a person accepted that. */
  readonly accepted: boolean;
  /** The command as asked, and as it runs once it is sent there. */
  readonly asked: string;
  readonly runs: string;
}

/** What the table says of a line. */
export interface Routing {
  /** Null: the line runs as asked. */
  readonly route: Route | null;
  /** The arguments that would run, where the line is one command that needs no shell. */
  readonly argv: readonly string[] | null;
  /** The commands of the line that would run elsewhere, by their words as asked. */
  readonly sent: readonly (readonly (string | null)[])[];
  /** The commands of the line that another program answers, or could. */
  readonly swaps: readonly OfferedSwap[];
  /** What a person could do so that more would be routed. */
  readonly hints: readonly Hint[];
  /** The evidence that was used, nearest first, one phrase each. */
  readonly explain: readonly string[];
}

interface Routed {
  readonly kind: RouteKind;
  readonly rule: string;
  readonly reason: string;
  /** Those of the command as asked. */
  readonly words: readonly (string | null)[];
  readonly pieces: readonly Piece[];
  readonly edit: Edit;
  /** Where the command stands in the line. */
  readonly span: NonNullable<SimpleCommand["span"]>;
  /** What proves it, one phrase each. */
  readonly proof: readonly string[];
  readonly swap?: Swap;
}

/** What becomes of a command, and what would if a person agreed. */
interface Found {
  readonly routed: Routed | null;
  /** The way that it isn't sent, since nobody agreed to another program. */
  readonly offered: Routed | null;
  readonly hints: readonly Hint[];
}

const NOTHING: Found = { routed: null, offered: null, hints: [] };

/**
 * Sends the commands of a line through the project's own tools, by the table. Pure but for what `evidenceOf` reads.
 * 1. A line that was not understood completely, or that changes what its names mean, stays as it is.
 * 2. Each command is looked at in the folder it runs in; one that is not routed stays as it is, the others don't.
 * 3. The text of the routed ones is replaced in place: wrappers, redirections, pipes and quotes around stay.
 */
export function routeScript(
  script: ShellScript,
  evidenceOf: (folder: string) => Evidence,
  options: RouteOptions,
): Routing {
  const none: Routing = { route: null, argv: null, sent: [], swaps: [], hints: [], explain: [] };
  if (!isCalm(script, evidenceOf)) return none;
  const start = script.commands[0]?.folders?.[0];
  const hints = new Map<string, Hint>();
  const bySpan = new Map<string, Found[]>();
  for (const command of [...script.commands, ...(script.runners ?? [])]) {
    if (command.span === null) continue;
    const key = `${command.span.start}-${command.span.end}`;
    const found = routeCommand(script.text, command, start, evidenceOf, options);
    for (const hint of found.hints) hints.set(hint.code + hint.message, hint);
    bySpan.set(key, [...(bySpan.get(key) ?? []), found]);
  }
  const agreedOn = (part: (found: Found) => Routed | null): readonly Routed[] =>
    [...bySpan.values()].map((all) => agreed(all.map(part))).filter((each) => each !== null);
  const routed = agreedOn((found) => found.routed);
  const swaps = [
    ...swapsOf(script.text, routed, true),
    ...swapsOf(
      script.text,
      agreedOn((found) => found.offered),
      false,
    ),
  ];
  const to = applyEdits(
    script.text,
    routed.map(({ edit }) => edit),
  );
  const decisive = routed.find(({ kind }) => kind === "swap") ?? routed[0];
  if (to === null || decisive === undefined) {
    return { ...none, swaps, hints: [...hints.values()] };
  }
  const { kind, rule, reason } = decisive;
  return {
    route: { kind, rule, from: script.text, to, reason },
    argv: argvOf(script, routed),
    sent: routed.map(({ words }) => words),
    swaps,
    hints: [...hints.values()],
    explain: [...new Set(routed.flatMap(({ proof }) => proof))],
  };
}

function swapsOf(text: string, routed: readonly Routed[], accepted: boolean): readonly OfferedSwap[] {
  return routed.flatMap(({ swap, edit, span }) => {
    if (swap === undefined) return [];
    const asked = text.slice(span.start, span.end);
    return [{ ...swap, accepted, asked, runs: edit.text + text.slice(edit.end, span.end) }];
  });
}

/** A loop or a function makes several commands of one piece of text: they must all become the same. */
function agreed(all: readonly (Routed | null)[]): Routed | null {
  const [first] = all;
  if (first === undefined || first === null) return null;
  return all.every((each) => each?.edit.text === first.edit.text && each.edit.end === first.edit.end)
    ? first
    : null;
}

function routeCommand(
  text: string,
  command: SimpleCommand,
  start: string | undefined,
  evidenceOf: (folder: string) => Evidence,
  options: RouteOptions,
): Found {
  const [head] = command.words;
  if (!isLiteral(head) || !isReachable(text, command)) return NOTHING;
  const written = options.written?.(wordsOf(command));
  if (written !== undefined && written !== null) {
    return { ...NOTHING, routed: byRule(text, command, written) };
  }
  const candidates = (command.folders ?? []).map(evidenceOf).filter((evidence) => evidence.exists);
  const [first, ...others] = candidates;
  if (first === undefined) return NOTHING;
  const ask = (evidence: Evidence) => routeIn(text, command, head.text, evidence, options);
  const result = ask(first);
  // A folder before that of the line itself is where a `cd` led that can only have failed if it is not there. The
  // line's own folder first means that a branch may have led elsewhere: then both must agree.
  const sure = others.length === 0 || first.folder !== start;
  if (sure || (result.routed ?? result.offered) === null) return result;
  const same = others.map(ask).every(({ routed, offered }) => {
    return routed?.edit.text === result.routed?.edit.text && offered?.edit.text === result.offered?.edit.text;
  });
  return same ? result : NOTHING;
}

/** The words of a command, as a rule is held against them. */
export function wordsOf({ words }: SimpleCommand): readonly (string | null)[] {
  return words.map(({ known, text }) => (known ? text : null));
}

function byRule(text: string, command: SimpleCommand, written: WrittenRoute): Routed | null {
  const { rule, reason, words, replaces } = written;
  if (words === null) return null;
  const pieces = [...words, ...command.words.slice(replaces)];
  const kind = words[0] === command.words[0]?.text ? "same" : "swap";
  return routedTo(text, command, pieces, { kind, rule, reason, proof: [] });
}

function routedTo(
  text: string,
  command: SimpleCommand,
  pieces: readonly Piece[],
  by: Pick<Routed, "kind" | "rule" | "reason" | "proof" | "swap">,
): Routed | null {
  // Arguments that come at run time can only follow words that stay.
  const appended = pieces.at(-1) === command.words.at(-1);
  const edit = command.openEnded && !appended ? null : editFor(text, command, pieces);
  return edit && command.span && { ...by, words: wordsOf(command), pieces, edit, span: command.span };
}

function routeIn(
  text: string,
  command: SimpleCommand,
  program: string,
  evidence: Evidence,
  options: RouteOptions,
): Found {
  const asked: Asked = {
    command,
    program: programName(program, command, evidence),
    args: command.words.slice(1),
    folder: evidence.folder,
    evidence,
    runners: options.runners,
    asItIs: options.asItIs ?? (() => false),
  };
  let offered: Routed | null = null;
  for (const row of ROUTING_TABLE) {
    if (row.programs !== null && !row.programs.some((name) => sameProgram(name, asked.program))) continue;
    const built = row.build(asked);
    if (built === null) continue;
    if (!isRouted(built)) return { routed: null, offered, hints: [built.hint] };
    const runner = row.language === "python" ? "uv" : "bun";
    const needs = built[0] === runner && options.runners[runner] === null;
    if (needs) return { routed: null, offered, hints: [missingRunner(runner)] };
    const swap = row.swap?.(asked) ?? undefined;
    const by = { kind: row.kind, rule: row.id, reason: row.reason(asked), proof: proofOf(row, evidence) };
    const routed = routedTo(text, command, built, swap === undefined ? by : { ...by, swap });
    if (swap === undefined || options.swap(swap)) return { routed, offered: null, hints: [] };
    offered = routed;
  }
  const known = ROUTING_TABLE.find((row) => row.programs?.some((name) => sameProgram(name, asked.program)));
  const language = known?.language ?? (usualTools().includes(asked.program) ? "python" : undefined);
  const hint = language === undefined ? null : ownerHint(evidence, language);
  return { routed: null, offered, hints: hint === null ? [] : [hint] };
}

function sameProgram(name: string, asked: string): boolean {
  return name === asked || (asked.startsWith(name) && /^\.?\d+(\.\d+)?$/.test(asked.slice(name.length)));
}

/** The arguments without a shell: for one command alone, with nothing around it that a shell would have to do. */
function argvOf(script: ShellScript, routed: readonly Routed[]): readonly string[] | null {
  const [only, ...others] = routed;
  const command = soleCommand(script);
  if (only === undefined || command === null || others.length > 0) return null;
  const { words, wrappers, assignments, span } = command;
  const plain = wrappers.length + assignments.length === 0 && areAlone(script.text, words);
  if (!plain || span?.start !== 0 || span.end !== script.text.length) return null;
  const argv: string[] = [];
  for (const piece of only.pieces) {
    if (typeof piece !== "string" && !isPlain(piece)) return null;
    argv.push(typeof piece === "string" ? piece : piece.text);
  }
  return argv;
}

function proofOf({ language }: Row, { python, javascript }: Evidence): readonly string[] {
  const { owner } = language === "python" ? python : javascript;
  const proof = owner.state === "owned" ? [`${owner.proof.what}: ${owner.proof.path}`] : [];
  const environment = language === "python" ? python.environment?.folder : undefined;
  return environment === undefined ? proof : [...proof, `${basename(environment)}: ${environment}`];
}
