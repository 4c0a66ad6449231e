import * as l10n from "@vscode/l10n";
import type { Readable } from "node:stream";
import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import * as z from "zod/mini";
import { readLines, type Line } from "../process/lines.ts";
import type { App } from "../app.ts";
import type { Act } from "../door/act.ts";
import type { Considered } from "../door/considered.ts";
import { messageOf } from "../errors.ts";
import { findRepository } from "../git/repository.ts";
import type { Loss, LostRevision } from "../guard/loss.ts";
import { shortHash } from "../text/shortHash.ts";
import { visible } from "../text/visible.ts";
import { quoteAll } from "../shell/quote.ts";
import { LOCK_FILES, type LockTrouble } from "../toolchain/locks.ts";
import type { CheckArguments } from "./arguments.ts";
import { EXIT } from "./exit.ts";

/** Lines that are worked on at the same time; answers keep the order of the questions. */
const PARALLEL = 8;
/** Bytes of a question. The guard itself reads no command of this length. */
const MAX_LINE_BYTES = 1024 * 1024;

const question = z.object({
  id: z.optional(z.unknown()),
  command: z.string(),
  cwd: z.optional(z.string()),
});

type ToldRevision = Pick<LostRevision, "kind" | "id" | "subject">;

/** One answer of `interlock check`. People's scripts read it: fields are added, never changed. */
interface Answer {
  /** Whatever the question carried; null where it carried none. */
  readonly id: unknown;
  readonly verdict: "allow" | "ask" | "deny";
  readonly rule: string;
  readonly reason: string;
  readonly effects: readonly string[];
  /** `from` and `to` are the whole command line as asked and as it would run. */
  readonly route: { readonly kind: "same" | "swap"; readonly from: string; readonly to: string } | null;
  /** What would be lost and exists nowhere else; null where nothing was found. Not all of it where `complete` is false. */
  readonly losses:
    | (Omit<Loss, "root" | "revisions"> & { readonly revisions?: readonly ToldRevision[] })
    | null;
  /** What could be done in the place of what is not let through. */
  readonly instead: string | null;
  /** The lock that keeps a session from running it, whatever the verdict; null where there is none. */
  readonly lock: LockAnswer | null;
}

/** A lock that is in the way, as `check` and `route` tell it. */
export type LockAnswer = Pick<LockTrouble, "manager" | "root" | "state">;

/** Answers one command, for a person or as JSON. */
export async function check(app: App, root: string, cwd: string, args: CheckArguments): Promise<number> {
  const act = actOf(args, cwd);
  const considered = await app.consider(act, root);
  const { id: _, ...answer } = answerOf(null, considered, await app.lockTrouble(considered));
  process.stdout.write(`${args.json ? JSON.stringify(answer) : forPerson(answer, considered)}\n`);
  return EXIT[answer.verdict];
}

/** One word is a line of shell, several are a program with its arguments. */
export function actOf({ words }: CheckArguments, cwd: string): Act {
  const [line = "", ...more] = words;
  const argv = more.length === 0 ? null : words;
  return { kind: "command", line: argv === null ? line : quoteAll(argv), argv, cwd, env: {} };
}

/** Answers JSON lines, each on one line, in order. A line that can't be read is answered too. */
export async function checkLines(app: App, cwd: string, input: Readable): Promise<number> {
  // Whoever reads the answers has gone, as behind a pipe to `head`: there is nothing left to do.
  process.stdout.once("error", () => process.exit(EXIT.failed));
  const waiting: Promise<string>[] = [];
  const drain = async (keep: number): Promise<void> => {
    while (waiting.length > keep) process.stdout.write(`${await waiting.shift()}\n`);
  };
  for await (const line of readLines(input, MAX_LINE_BYTES)) {
    if (line.type === "whole" && line.text === "") continue;
    waiting.push(answerLine(app, cwd, line).then((answer) => JSON.stringify(answer)));
    await drain(PARALLEL - 1);
  }
  await drain(0);
  return EXIT.allow;
}

async function answerLine(app: App, defaultCwd: string, line: Line): Promise<Answer> {
  if (line.type === "cut") return unreadable(null, l10n.t("This line is too long."));
  const value = parseJson(line.text);
  const read = question.safeParse(value);
  if (!read.success) return unreadable(idOf(value), l10n.t("This is no JSON object with a text “command”."));
  const { id = null, command, cwd } = read.data;
  const folder = await realpath(resolve(defaultCwd, cwd ?? ".")).catch(() => null);
  const info = folder === null ? null : await stat(folder).catch(() => null);
  if (folder === null || info?.isDirectory() !== true) {
    return unreadable(id, l10n.t("There is no folder “{0}”.", cwd ?? defaultCwd));
  }
  try {
    const root = (await findRepository(folder))?.root ?? folder;
    const act: Act = { kind: "command", line: command, argv: null, cwd: folder, env: {} };
    const considered = await app.consider(act, root);
    return answerOf(id, considered, await app.lockTrouble(considered));
  } catch (error) {
    return unreadable(id, messageOf(error));
  }
}

/** A question that can't be answered still is told apart from others. */
function idOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "id" in value ? value.id : null;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

/** What isn't understood asks, here as everywhere. */
function unreadable(id: Answer["id"], reason: string): Answer {
  return {
    id,
    verdict: "ask",
    rule: "unclear.input",
    reason,
    effects: ["unclear"],
    route: null,
    losses: null,
    instead: null,
    lock: null,
  };
}

export function answerOf(
  id: Answer["id"],
  { judgement, route }: Considered,
  trouble: LockTrouble | null,
): Answer {
  return {
    id,
    verdict: judgement.verdict,
    rule: judgement.rule,
    reason: judgement.reason,
    effects: judgement.effects,
    route: route === null ? null : { kind: route.kind, from: route.from, to: route.to },
    losses: lossesOf(judgement.loss),
    instead: judgement.verdict === "allow" ? null : judgement.remedy,
    lock: lockAnswer(trouble),
  };
}

export function lockAnswer(trouble: LockTrouble | null): LockAnswer | null {
  return trouble && { manager: trouble.manager, root: trouble.root, state: trouble.state };
}

/** Why a lock keeps a command from running, in a line. */
export function lockText({ manager, state }: LockAnswer): string {
  const { lock, manifest } = LOCK_FILES[manager];
  const why =
    state === "stale"
      ? l10n.t("{0} is behind {1}", lock, manifest)
      : l10n.t("there is no {0} beside {1}", lock, manifest);
  return `  ${why}: ${l10n.t("an agent's command is not run, and the person is asked")}`;
}

function lossesOf(loss: Loss | null): Answer["losses"] {
  if (loss === null) return null;
  const { files, fileCount, commits, stashes, revisions, complete } = loss;
  const told = revisions?.map(({ kind, id, subject }) => ({ kind, id, subject }));
  return {
    files,
    fileCount,
    commits,
    stashes,
    ...(told === undefined ? {} : { revisions: told }),
    complete,
  };
}

export function forPerson(answer: Omit<Answer, "id">, { judgement, route }: Considered): string {
  const lines = [`${answer.verdict}  ${answer.rule}  ${answer.reason}`];
  if (judgement.words !== "" && answer.verdict !== "allow")
    lines.push(l10n.t("  because of: {0}", judgement.words));
  for (const file of judgement.loss?.files ?? [])
    lines.push(`    ${file.state}  ${file.path}${counts(file)}`);
  const { loss } = judgement;
  for (const { kind, id, subject } of loss?.revisions ?? [])
    lines.push(`    ${kind}  ${shortHash(id)}  ${subject}`);
  if (loss !== null && loss.commits > 0)
    lines.push(l10n.t("    {0} commits that are only here", loss.commits));
  if (loss !== null && loss.stashes > 0) lines.push(l10n.t("    {0} stash entries", loss.stashes));
  if (answer.instead !== null) lines.push(l10n.t("  instead: {0}", answer.instead));
  if (route !== null) lines.push(l10n.t("  would run: {0}", route.to), `  ${route.reason}`);
  if (answer.lock !== null && answer.verdict !== "deny") lines.push(lockText(answer.lock));
  // Names of files are the repository's: a control in one would be obeyed by the terminal.
  return visible(lines.join("\n"));
}

function counts(file: { readonly added: number | null; readonly removed: number | null }): string {
  return file.added === null || file.removed === null ? "" : `  +${file.added} −${file.removed}`;
}
