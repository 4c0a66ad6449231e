import { loggedObjects, lines } from "../points/refs.ts";
import type { StashedFile, WatchedStash } from "./compare.ts";
import type { Ask } from "./staged.ts";
import { textOf } from "./text.ts";

/** Files of one stash entry that are compared word by word. */
const MAX_READ = 20;
const AUTOSTASH = /^(MERGE_AUTOSTASH|rebase-(merge|apply)\/autostash)$/;

/** What was put aside, by a person or by git for the time of a rebase or a merge. */
export interface PutAside {
  readonly oid: string;
  readonly message: string;
}

/** True for the file that names what git put aside, and brings back at the end. */
export function isAutostash(path: string): boolean {
  return AUTOSTASH.test(path);
}

/** `log`: that of `refs/stash`. */
export function putAside(log: string, autostashes: readonly string[]): readonly PutAside[] {
  const entries = lines(log).flatMap((line) =>
    loggedObjects(line).map((oid) => ({ oid, message: line.split("\t")[1] ?? "" })),
  );
  return [...entries, ...autostashes.map((oid) => ({ oid, message: "autostash" }))];
}

export async function droppedStashes(
  before: readonly PutAside[],
  now: readonly PutAside[],
  ask: Ask,
): Promise<readonly WatchedStash[]> {
  const kept = new Set(now.map(({ oid }) => oid));
  const dropped = before.filter(({ oid }) => !kept.has(oid));
  return Promise.all(
    dropped.map(async ({ oid, message }) => ({ message, files: await stashedFiles(oid, ask) })),
  );
}

/** What a stash entry holds: its changes against its first parent, and its untracked files. */
async function stashedFiles(oid: string, ask: Ask): Promise<readonly StashedFile[]> {
  const changes = await ask(["diff-tree", "-r", "--no-renames", `${oid}^1`, oid], "");
  const untracked = await ask(["ls-tree", "-r", "--object-only", `${oid}^3`], "");
  const changed = lines(changes ?? "").flatMap((line) => {
    const [, , from = "", to = "", kind] = line.split(/[ \t]/);
    return kind === "D" ? [] : [{ oid: to, base: /^0+$/.test(from) ? null : from }];
  });
  const all = [...changed, ...lines(untracked ?? "").map((each) => ({ oid: each, base: null }))];
  // Of more than a few it is the same content or none.
  const read = all.length <= MAX_READ;
  const text = async (blob: string): Promise<string | null> => {
    const data = await ask(["cat-file", "blob", blob], "");
    return data === null ? null : textOf(Buffer.from(data, "latin1"));
  };
  return Promise.all(
    all.map(async (each) => ({
      oid: each.oid,
      text: read ? await text(each.oid) : null,
      base: read && each.base !== null ? await text(each.base) : null,
    })),
  );
}
