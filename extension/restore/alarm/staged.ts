import { type BytePath, isAscii } from "../points/bytePath.ts";
import { GITLINK, type IndexEntry, oidBytesOf, readIndex } from "../points/gitIndex.ts";

/** Paths that are asked for by name; of more all are listed. */
const MAX_NAMED = 200;
/** Files whose staged content is compared. */
const MAX_FILES = 500;

/** Content that only the index held, and that was taken out of it. */
export interface Unstaged {
  readonly path: BytePath;
  readonly content: Buffer;
  /** What the commit of then has under the path; null where it has nothing. */
  readonly committed: Buffer | null;
}

/** Asks git, with one character a byte. Null where it couldn't say. */
export type Ask = (args: readonly string[], input: string) => Promise<string | null>;

/**
 * What was staged otherwise than the commit has it, and is not any more: the entry is gone, or as the commit has it.
 * Staging a file anew is no loss of what was staged before.
 */
export async function unstagedBetween(
  before: Buffer | null,
  now: Buffer | null,
  head: string | null,
  ask: Ask,
): Promise<readonly Unstaged[]> {
  const oidBytes = oidBytesOf(head);
  const [was, is] = [before, now].map((data) => (data === null ? [] : readIndex(data, oidBytes)));
  if (!was || !is) return [];
  const left = new Map(is.map(({ path, oid }) => [path, oid]));
  const changed = settledEntries(was).filter(({ path, oid }) => left.get(path) !== oid);
  if (changed.length === 0) return [];
  const committed = head === null ? new Map<BytePath, string>() : await committedOids(head, changed, ask);
  if (committed === null) return [];
  const lost = changed.filter(({ path, oid }) => {
    const base = committed.get(path);
    return oid !== base && (!left.has(path) || left.get(path) === base);
  });
  const few = lost.slice(0, MAX_FILES);
  const contents = await contentsOf(
    few.flatMap(({ path, oid }) => [oid, committed.get(path) ?? []].flat()),
    ask,
  );
  return few.flatMap(({ path, oid }): readonly Unstaged[] => {
    const content = contents.get(oid);
    const base = committed.get(path);
    if (content === undefined) return [];
    return [{ path, content, committed: base === undefined ? null : (contents.get(base) ?? null) }];
  });
}

/** True where a merge or the like has stopped at a path that it could not merge. */
export function hasUnmerged(index: Buffer, head: string | null): boolean {
  const entries = readIndex(index, oidBytesOf(head)) ?? [];
  return new Set(entries.map(({ path }) => path)).size < entries.length;
}

/** In the middle of a merge a path has several entries, each of a commit. */
function settledEntries(entries: readonly IndexEntry[]): readonly IndexEntry[] {
  const counts = new Map<BytePath, number>();
  for (const { path } of entries) counts.set(path, (counts.get(path) ?? 0) + 1);
  return entries.filter(({ path, mode }) => mode !== GITLINK && counts.get(path) === 1);
}

/** The object that a commit has under each of some paths. */
async function committedOids(
  head: string,
  entries: readonly IndexEntry[],
  ask: Ask,
): Promise<ReadonlyMap<BytePath, string> | null> {
  const named = entries.length <= MAX_NAMED && entries.every(({ path }) => isAscii(path));
  const paths = named ? ["--", ...entries.map(({ path }) => path)] : [];
  const output = await ask(["ls-tree", "--full-tree", "-z", "-r", head, ...paths], "");
  if (output === null) return null;
  const found = [...output.matchAll(/(?:^|\0)\d+ blob ([0-9a-f]+)\t([^\0]*)/g)];
  return new Map(found.map(([, oid = "", path = ""]) => [path, oid]));
}

/** The contents of some objects; those that are gone, or don't fit, are left out. */
async function contentsOf(oids: readonly string[], ask: Ask): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const wanted = [...new Set(oids)];
  if (wanted.length === 0) return found;
  const output = (await ask(["cat-file", "--batch"], wanted.map((oid) => `${oid}\n`).join(""))) ?? "";
  for (let at = 0; at < output.length;) {
    const end = output.indexOf("\n", at);
    const [oid = "", kind, size] = output.slice(at, end < 0 ? output.length : end).split(" ");
    if (end < 0) break;
    at = end + 1;
    // `OID missing` has no content.
    if (size === undefined) continue;
    if (kind === "blob") found.set(oid, Buffer.from(output.slice(at, at + Number(size)), "latin1"));
    at += Number(size) + 1;
  }
  return found;
}
