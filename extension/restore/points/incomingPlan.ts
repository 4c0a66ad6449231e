import type { BytePath } from "./bytePath.ts";
import { type Change, type Content, GONE, isSameContent, type Kept, type KeptWhy } from "./change.ts";
import { type FileOptions, type FileReaders, isChosen, lookUp, merge } from "./filePlan.ts";
import { type Entry, NOTHING, POINT_VERSION, type TreeState } from "./point.ts";

export interface IncomingStates {
  /** The top folder that the files go to. */
  readonly root: string;
  /** What the other worktree is like. */
  readonly theirs: TreeState;
  /** The commit from which on the changes are its own. */
  readonly base: string;
}

/** A file that the other worktree has otherwise than the commit that it began with. */
export interface IncomingFile {
  readonly path: BytePath;
  readonly base: Content;
  readonly theirs: Content;
  /** True where some of it is in no commit. */
  readonly uncommitted: boolean;
}

/** What another worktree has changed; ignored files are none of it. Null where its commits can't be read. */
export async function incomingFiles(
  { theirs, base }: IncomingStates,
  readers: FileReaders,
): Promise<{ readonly files: readonly IncomingFile[]; readonly notCovered: readonly BytePath[] } | null> {
  const between = await readers.trees.between(base, theirs.git?.head ?? null);
  if (between === null || theirs.base !== "head") return null;
  const uncommitted = new Set(theirs.entries.filter((entry) => isWork(entry)).map(({ path }) => path));
  const ignored = new Set(theirs.entries.filter(({ state }) => state === "ignored").map(({ path }) => path));
  const nested = new Set(theirs.nested.map(({ path }) => path));
  const paths = [...new Set([...between, ...uncommitted])].filter(
    (path) => !nested.has(path) && !ignored.has(path),
  );
  const [now, before] = await Promise.all([
    lookUp(theirs, paths, readers),
    lookUp(committed(base), paths, readers),
  ]);
  if (now === null || before === null) return null;
  const files = paths.sort().flatMap((path): IncomingFile[] => {
    const [want, was] = [now.get(path), before.get(path) ?? GONE];
    if (want === undefined || isSameContent(want, was)) return [];
    return [{ path, base: was, theirs: want, uncommitted: uncommitted.has(path) }];
  });
  const missing = theirs.notCovered.map(({ path }) => path);
  return { files, notCovered: [...missing, ...between.filter((path) => nested.has(path))] };
}

/** Three-way, for each file: what it was, what it is there, and what the person has. */
export async function planIncoming(
  root: string,
  incoming: { readonly files: readonly IncomingFile[]; readonly notCovered: readonly BytePath[] },
  readers: FileReaders,
  { paths, onConflict }: Pick<FileOptions, "paths" | "onConflict">,
): Promise<{ readonly changes: readonly Change[]; readonly kept: readonly Kept[] }> {
  const files = incoming.files.filter(({ path }) => isChosen(path, paths));
  const left = incoming.notCovered.filter((path) => isChosen(path, paths));
  const haves = await readers.onDisk(
    root,
    files.map(({ path }) => path),
  );
  const changes: Change[] = [];
  const kept: Kept[] = left.map((path) => ({ folder: root, path, why: "not-covered" }));
  for (const { path, base, theirs } of files) {
    const have = haves.get(path) ?? GONE;
    const decided = await decide({ want: theirs, have, base }, readers, onConflict);
    if (typeof decided === "string") kept.push({ folder: root, path, why: decided });
    else if (decided !== null) changes.push({ folder: root, path, from: have, ...decided, area: "tree" });
  }
  return { changes, kept };
}

interface Versions {
  readonly want: Content;
  readonly have: Content;
  readonly base: Content;
}

/** Unlike what a restore decides: what is gone on one side, and changed on the other, is a conflict. */
async function decide(
  { want, have, base }: Versions,
  readers: FileReaders,
  onConflict: FileOptions["onConflict"],
): Promise<{ readonly to: Content; readonly merged: boolean } | KeptWhy | null> {
  if (isSameContent(want, have)) return null;
  if (isSameContent(have, base)) return { to: want, merged: false };
  const merged = await merge(want, have, base, readers);
  if (merged === null) return onConflict === "point" ? { to: want, merged: false } : "conflict";
  // It was brought before, or the person wrote the same.
  return isSameContent(merged, have) ? null : { to: merged, merged: true };
}

function isWork({ state }: Entry): boolean {
  return state === "changed" || state === "untracked" || state === "hidden";
}

/** A tree that is as a commit has it. */
function committed(head: string): TreeState {
  const git = { head, gitFile: null, gitDir: "", commonDir: "", own: [], common: [] };
  return { ...NOTHING, v: POINT_VERSION, base: "head", git };
}
