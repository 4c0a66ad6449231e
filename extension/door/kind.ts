import { dirname } from "node:path";
import { canLast, type KindScope } from "../approvals/kinds.ts";
import type { EffectKind } from "../guard/effect.ts";
import { quoteAll } from "../shell/quote.ts";
import type { SimpleCommand } from "../shell/command.ts";
import type { Considered } from "./considered.ts";

/** Effects that a program with its subcommand says enough of. Of any other, only the same command again is the same kind. */
const TOLD_BY_PROGRAM: ReadonlySet<EffectKind> = new Set<EffectKind>([
  "read",
  "run.project",
  "write",
  "git.write",
  "deps.install",
  "deps.change",
  "network",
]);

/** Effects on a file that its folder says enough of. */
const TOLD_BY_FOLDER: ReadonlySet<EffectKind> = new Set<EffectKind>(["read", "write", "write.outside"]);

/** Subcommands that start what the next word names. */
const LAUNCHES: ReadonlySet<string> = new Set([
  "exec",
  "run",
  "dlx",
  "x",
  "tool",
  "shell",
  "develop",
  "start",
]);

export interface ActKind {
  readonly scope: KindScope;
  /** The kind as a person reads it. */
  readonly covers: string;
}

/** The kind of an act that a yes for the session would cover; null where none can be given. */
export function kindOf(considered: Considered, cwd: string): ActKind | null {
  const { judgement } = considered;
  const { ask, effects, loss, rule } = judgement;
  if (!canLast(ask, effects, loss)) return null;
  const { kind, covers } = shapeOf(considered);
  return { scope: { rule, kind, cwd, effects }, covers };
}

/** What questions have in common that a person would answer alike, whichever folder they are about. */
export function likeness(considered: Considered): string {
  return `${considered.judgement.rule}\n${shapeOf(considered).covers}`;
}

function shapeOf(considered: Considered): { readonly kind: string; readonly covers: string } {
  const { act, scope, script, judgement, looked } = considered;
  if (act.kind === "tool") return { kind: scope, covers: act.title };
  if (act.kind !== "command") {
    const inFolder = judgement.effects.every((effect) => TOLD_BY_FOLDER.has(effect));
    const covers = inFolder ? `${act.kind} ${dirname(act.path)}/…` : `${act.kind} ${act.path}`;
    return { kind: covers, covers };
  }
  // Of several commands it is not known which ones can't be understood.
  const program = judgement.rule === "unclear.program" && script?.commands.length === 1;
  const told = judgement.effects.every(
    (effect) => TOLD_BY_PROGRAM.has(effect) || (effect === "unclear" && program),
  );
  const whole = { kind: scope, covers: act.line };
  // Of a script that was looked into the yes is to what stands in it now.
  if (looked.size > 0) return whole;
  if (!told || script === null || script.unclear.length > 0 || Object.keys(act.env).length > 0) return whole;
  const shapes = script.commands.map(commandShape);
  if (shapes.length === 0 || shapes.some((shape) => shape === null)) return whole;
  const covers = shapes.join(" && ");
  // What follows a `cd` belongs to another folder.
  const folders = script.commands.flatMap((command) => command.folders ?? []);
  return { kind: ["shape", covers, ...folders].join("\n"), covers };
}

/**
 * Program, subcommand and options with what follows each, since that may be their value; other arguments are free. Null
 * where more than that decides what it does.
 */
function commandShape(command: SimpleCommand): string | null {
  const { words, wrappers, assignments, redirects, input, openEnded } = command;
  const plain = wrappers.length + assignments.length + redirects.length === 0 && input.from === "inherited";
  if (!plain || openEnded || words.some((word) => !word.known)) return null;
  const [program = "", ...rest] = words.map((word) => word.text);
  const isOption = (word: string | undefined): boolean => word?.startsWith("-") === true;
  const subcommand = rest.findIndex((word, at) => !isOption(word) && !isOption(rest[at - 1]));
  // `npm exec TOOL`: what is started says more than that something is.
  const launched = LAUNCHES.has(rest[subcommand] ?? "") ? subcommand + 1 : subcommand;
  const isNamed = (at: number): boolean => at === subcommand || at === launched;
  const kept = rest.filter((word, at) => isNamed(at) || isOption(word) || isOption(rest[at - 1]));
  const named = quoteAll([program, ...kept]);
  return kept.length === rest.length ? named : `${named} …`;
}
