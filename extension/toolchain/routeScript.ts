import { basename } from "node:path";
import { type ShellScript, type SimpleCommand, soleCommand } from "../shell/command.ts";
import type { Evidence } from "./evidence.ts";
import { missingRunner, ownerHint } from "./hints.ts";
import { applyEdits, areAlone, type Edit, editFor } from "./rewrite.ts";
import type { Route } from "./route.ts";
import {
  type Asked,
  type Hint,
  isLiteral,
  isPlain,
  isRouted,
  type Piece,
  type Row,
  type Runners,
} from "./row.ts";
import { isCalm, isReachable, programName } from "./surroundings.ts";
import { ROUTING_TABLE } from "./table.ts";

export interface RouteOptions {
  readonly runners: Runners;
  /** True where a person accepted that another program answers for one that the project doesn't have. */
  readonly swap: boolean;
  /** Projects, by their root, whose environment a person wants used as it is; none where it is left out. */
  readonly asItIs?: ((root: string) => boolean) | undefined;
}

/** What the table says of a line. */
export interface Routing {
  /** Null: the line runs as asked. */
  readonly route: Route | null;
  /** The arguments that would run, where the line is one command that needs no shell. */
  readonly argv: readonly string[] | null;
  /** What a person could do so that more would be routed. */
  readonly hints: readonly Hint[];
  /** The evidence that was used, nearest first, one phrase each. */
  readonly explain: readonly string[];
}

interface Routed {
  readonly row: Row;
  readonly asked: Asked;
  readonly pieces: readonly Piece[];
  readonly edit: Edit;
}

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
  const none: Routing = { route: null, argv: null, hints: [], explain: [] };
  if (!isCalm(script, evidenceOf)) return none;
  const start = script.commands[0]?.folders?.[0];
  const hints = new Map<string, Hint>();
  const bySpan = new Map<string, (Routed | null)[]>();
  for (const command of [...script.commands, ...(script.runners ?? [])]) {
    if (command.span === null) continue;
    const key = `${command.span.start}-${command.span.end}`;
    const found = routeCommand(script.text, command, start, evidenceOf, options);
    for (const hint of found.hints) hints.set(hint.code + hint.message, hint);
    bySpan.set(key, [...(bySpan.get(key) ?? []), found.routed]);
  }
  const routed = [...bySpan.values()].map(agreed).filter((each) => each !== null);
  const to = applyEdits(
    script.text,
    routed.map(({ edit }) => edit),
  );
  const decisive = routed.find(({ row }) => row.kind === "swap") ?? routed[0];
  if (to === null || decisive === undefined) return { ...none, hints: [...hints.values()] };
  const { row, asked } = decisive;
  return {
    route: { kind: row.kind, rule: row.id, from: script.text, to, reason: row.reason(asked) },
    argv: argvOf(script, routed),
    hints: [...hints.values()],
    explain: explain(routed),
  };
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
): { routed: Routed | null; hints: readonly Hint[] } {
  const nothing = { routed: null, hints: [] };
  const [head] = command.words;
  if (!isLiteral(head) || !isReachable(text, command)) return nothing;
  const candidates = (command.folders ?? []).map(evidenceOf).filter((evidence) => evidence.exists);
  const [first, ...others] = candidates;
  if (first === undefined) return nothing;
  const ask = (evidence: Evidence) => routeIn(text, command, head.text, evidence, options);
  const result = ask(first);
  // A folder before that of the line itself is where a `cd` led that can only have failed if it is not there. The
  // line's own folder first means that a branch may have led elsewhere: then both must agree.
  const sure = others.length === 0 || first.folder !== start;
  if (sure || result.routed === null) return result;
  const same = others.every((other) => ask(other).routed?.edit.text === result.routed?.edit.text);
  return same ? result : nothing;
}

function routeIn(
  text: string,
  command: SimpleCommand,
  program: string,
  evidence: Evidence,
  options: RouteOptions,
): { routed: Routed | null; hints: readonly Hint[] } {
  const asked: Asked = {
    command,
    program: programName(program, command, evidence),
    args: command.words.slice(1),
    folder: evidence.folder,
    evidence,
    runners: options.runners,
    swap: options.swap,
    asItIs: options.asItIs ?? (() => false),
  };
  for (const row of ROUTING_TABLE) {
    if (row.programs !== null && !row.programs.some((name) => sameProgram(name, asked.program))) continue;
    const built = row.build(asked);
    if (built === null) continue;
    if (!isRouted(built)) return { routed: null, hints: [built.hint] };
    const runner = row.language === "python" ? "uv" : "bun";
    const needs = built[0] === runner && options.runners[runner] === null;
    if (needs) return { routed: null, hints: [missingRunner(runner)] };
    // Arguments that come at run time can only follow words that stay.
    const appended = built.at(-1) === command.words.at(-1);
    const edit = command.openEnded && !appended ? null : editFor(text, command, built);
    return { routed: edit && { row, asked, pieces: built, edit }, hints: [] };
  }
  const known = ROUTING_TABLE.find((row) => row.programs?.some((name) => sameProgram(name, asked.program)));
  const hint = known ? ownerHint(evidence, known.language) : null;
  return { routed: null, hints: hint === null ? [] : [hint] };
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

function explain(routed: readonly Routed[]): readonly string[] {
  const phrases = routed.flatMap(({ row, asked: { evidence } }) => {
    const { python, javascript } = evidence;
    const { owner } = row.language === "python" ? python : javascript;
    const proof = owner.state === "owned" ? [`${owner.proof.what}: ${owner.proof.path}`] : [];
    const environment = row.language === "python" ? python.environment?.folder : undefined;
    return environment === undefined ? proof : [...proof, `${basename(environment)}: ${environment}`];
  });
  return [...new Set(phrases)];
}
