import { join } from "node:path";
import { type BytePath, shownPath } from "./bytePath.ts";
import {
  type Change,
  type Content,
  contentOf,
  GONE,
  isSameContent,
  type Kept,
  type KeptWhy,
} from "./change.ts";
import { oidBytesOf, readIndex } from "./gitIndex.ts";
import type { TreeState } from "./point.ts";
import type { Trees } from "./trees.ts";

export interface FileOptions {
  /** Paths relative to the top folder, each a file or a folder; null for all. */
  readonly paths: readonly BytePath[] | null;
  /** Removes files too that came since: the exact state, as for undoing a restore. */
  readonly exact: boolean;
  /** Whether the point's version is written where both changed the same lines. */
  readonly onConflict: "keep" | "point";
  /** What was changed since `base` is the person's, also where nothing was lost. */
  readonly baseIsLoss: boolean;
}

export interface FileStates {
  readonly root: string;
  readonly point: TreeState;
  readonly now: TreeState;
  /** The state from which on changes are the person's. */
  readonly base: TreeState | null;
}

export interface FileReaders {
  readonly trees: Trees;
  /** What lies on the disk now. */
  readonly onDisk: (root: string, paths: readonly BytePath[]) => Promise<ReadonlyMap<BytePath, Content>>;
  readonly text: (blob: string) => Promise<Buffer | null>;
  readonly keep: (data: Buffer) => Promise<string>;
}

/** What of one working tree is written, merged, removed or left. Null where the commits can't be read. */
export async function planFiles(
  states: FileStates,
  readers: FileReaders,
  options: FileOptions,
): Promise<{ readonly changes: readonly Change[]; readonly kept: readonly Kept[] } | null> {
  const { root, point, now, base } = states;
  const paths = await candidates(states, readers.trees, options);
  if (paths === null) return null;
  const [wants, haves, bases] = await Promise.all([
    lookUp(point, paths, readers),
    readers.onDisk(root, paths),
    base === null ? null : lookUp(base, paths, readers),
  ]);
  if (wants === null) return null;
  const clean = new Set(now.base === "head" ? paths : []);
  for (const { path } of now.entries) clean.delete(path);
  const sameHead = now.git !== null && now.git.head === base?.git?.head;
  const changes: Change[] = [];
  const kept: Kept[] = [];
  for (const path of paths) {
    const have = haves.get(path) ?? GONE;
    const want = wants.get(path);
    const committed = clean.has(path);
    const discarded = committed && sameHead;
    const decided = await decide(
      { want, have, base: bases?.get(path), committed, discarded },
      readers,
      options,
    );
    if (decided === null) continue;
    if (typeof decided === "string") kept.push({ folder: root, path, why: decided });
    else changes.push({ folder: root, path, from: have, ...decided, area: "tree" });
  }
  return { changes, kept };
}

interface Versions {
  /** Undefined where the point doesn't know. */
  readonly want: Content | undefined;
  readonly have: Content;
  readonly base: Content | undefined;
  /** True where a commit holds what is there now. */
  readonly committed: boolean;
  /** True where it was set back since to what the commit had: nothing of that is the person's work. */
  readonly discarded: boolean;
}

type Decision = { readonly to: Content; readonly merged: boolean } | KeptWhy | null;

async function decide(
  { want, have, base, committed, discarded }: Versions,
  readers: FileReaders,
  { exact, onConflict, baseIsLoss }: FileOptions,
): Promise<Decision> {
  if (want === undefined) return have.kind === "gone" ? null : "not-covered";
  if (isSameContent(want, have)) return null;
  if (want.kind === "gone") return exact || committed ? { to: GONE, merged: false } : "new";
  if (have.kind === "gone" || base === undefined || discarded || isSameContent(base, have))
    return { to: want, merged: false };
  if (isSameContent(base, want)) return baseIsLoss ? "yours" : { to: want, merged: false };
  const merged = await merge(want, have, base, readers);
  if (merged === null) return onConflict === "point" ? { to: want, merged: false } : "conflict";
  return isSameContent(merged, have) ? "yours" : { to: merged, merged: true };
}

export async function merge(
  want: Content,
  have: Content,
  base: Content,
  readers: FileReaders,
): Promise<Content | null> {
  if (want.kind !== "file" || have.kind !== "file" || base.kind !== "file") return null;
  const [ours, old, theirs] = await Promise.all(
    [have, base, want].map((each) => readers.text(each.blob ?? "")),
  );
  if (!ours || !old || !theirs) return null;
  const merged = await readers.trees.merge(ours, old, theirs);
  if (merged === null) return null;
  // Whichever side changed the mode changed it on purpose.
  const mode = have.mode === base.mode ? want.mode : have.mode;
  return { kind: "file", mode, blob: await readers.keep(Buffer.from(merged, "latin1")) };
}

/** Every path under which the point and now may differ. */
async function candidates(
  { point, now }: FileStates,
  trees: Trees,
  { paths }: FileOptions,
): Promise<readonly BytePath[] | null> {
  const found = new Set([...point.entries, ...now.entries].map((entry) => entry.path));
  for (const { path } of [...point.notCovered, ...now.notCovered]) found.delete(path);
  if (point.base === "head") {
    // Where git says nothing of now, every file of the commit may be another one.
    const between = await trees.between(
      point.git?.head ?? null,
      now.base === "head" ? (now.git?.head ?? null) : null,
    );
    if (between === null) return null;
    for (const path of between) found.add(path);
  }
  const nested = new Set([...point.nested, ...now.nested].map(({ path }) => path));
  const chosen = [...found].filter((path) => !nested.has(path) && isChosen(path, paths));
  return chosen.sort();
}

export function isChosen(path: BytePath, paths: readonly BytePath[] | null): boolean {
  return paths === null || paths.some((each) => each === "" || path === each || path.startsWith(`${each}/`));
}

/** What a state has under each path; a path is left out where it doesn't know. Null where its commit can't be read. */
export async function lookUp(
  state: TreeState,
  paths: readonly BytePath[],
  readers: FileReaders,
): Promise<ReadonlyMap<BytePath, Content> | null> {
  const found = new Map<BytePath, Content>();
  const entries = new Map(state.entries.map((entry) => [entry.path, entry]));
  const uncovered = new Set(state.notCovered.map(({ path }) => path));
  const rest: BytePath[] = [];
  for (const path of paths) {
    const entry = entries.get(path);
    if (entry !== undefined) found.set(path, contentOf(entry));
    else if (!uncovered.has(path)) rest.push(path);
  }
  if (state.base !== "head") return found;
  const head = state.git?.head ?? null;
  const isAbsent = await absentFiles(state, readers);
  const there = rest.filter((path) => !isAbsent(path));
  const committed = head === null ? new Map<BytePath, Content>() : await readers.trees.contents(head, there);
  if (committed === null) return null;
  for (const path of rest) found.set(path, committed.get(path) ?? GONE);
  return found;
}

/**
 * What a sparse checkout leaves out has no entry, and is not as HEAD has it either: it isn't there. A sparse index names a folder
 * in the place of all that is in it.
 */
async function absentFiles({ git }: TreeState, readers: FileReaders): Promise<(path: BytePath) => boolean> {
  const blob = git?.own.find(({ path }) => path === "index")?.blob;
  const data = blob ? await readers.text(blob) : null;
  const entries = data === null ? null : readIndex(data, oidBytesOf(git?.head));
  const absent = (entries ?? []).filter(({ hidden }) => hidden).map(({ path }) => path);
  const files = new Set(absent);
  const folders = absent.filter((path) => path.endsWith("/"));
  return (path) => files.has(path) || folders.some((folder) => path.startsWith(folder));
}

/** The top folder of a submodule or embedded repository. */
export function nestedRoot(root: string, path: BytePath): string {
  return join(root, shownPath(path));
}
