import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { findRepository, type Repository } from "../git/repository.ts";
import type { Git } from "../git/run.ts";
import { addLoss, noLoss, type Loss } from "../guard/loss.ts";
import { describe } from "./describe.ts";
import { MAX_WALK, namedInside, preciousOf } from "./folders.ts";
import { withOwnWork } from "./nested.ts";
import { isRebuildable } from "./rebuildable.ts";
import { readStatus, type StatusEntry } from "./status.ts";

/** Whether a path, relative to where the search began, is meant. */
export type Fits = (path: string) => boolean;

export interface Reach {
  /** Null where every file is meant. */
  readonly fits: Fits | null;
  /** Removes files, and with them the repositories that lie inside, instead of writing over files. */
  readonly removes: boolean;
  /** False where what is ignored stays. */
  readonly ignored?: boolean;
}

/** Submodules of one repository that are looked into, and how deep they may lie inside each other. */
export const MAX_SUBMODULES = 20;
export const MAX_DEPTH = 3;

/** What of a path in a repository would be missed, submodules included. Null where it couldn't be told. */
export async function lossBelow(
  git: Git,
  root: string,
  path: string,
  reach: Reach,
  signal: AbortSignal,
  depth = 0,
): Promise<Loss | null> {
  const status = await readStatus(git, {
    root,
    folder: root,
    paths: [path],
    literal: true,
    untracked: true,
    ignored: reach.ignored ?? true,
    signal,
  });
  if (status === null) return null;
  const lost: StatusEntry[] = [];
  let complete = true;
  for (const entry of status.entries) {
    // An untracked folder that git doesn't look into is a repository of its own: what it holds isn't known.
    const opaque = entry.kind === "untracked" && entry.path.endsWith("/");
    const part = await lossOfEntry(git, root, await narrowed(root, entry, path), reach.fits, signal);
    if (part === null) return null;
    lost.push(...part.entries);
    complete &&= part.complete && !opaque;
  }
  const [own, inside] = await Promise.all([
    describe(git, root, lost, "HEAD", signal),
    lossInSubmodules(git, root, status.submodules, reach, signal, depth),
  ]);
  if (inside === null) return null;
  const loss = addLoss(own, inside);
  return complete ? loss : { ...loss, complete };
}

/** Of a path inside a folder of outputs git names the whole folder. */
async function narrowed(root: string, entry: StatusEntry, path: string): Promise<StatusEntry> {
  if (entry.kind !== "ignored" || !path.startsWith(entry.path) || !isRebuildable(entry.path)) return entry;
  const info = await lstat(join(root, path)).catch(() => null);
  return { ...entry, path: info?.isDirectory() === true ? `${path}/` : path };
}

/** What of submodules would be missed. Git is asked in each of them: there its own configuration is known. */
export async function lossInSubmodules(
  git: Git,
  root: string,
  submodules: readonly string[],
  reach: Reach,
  signal: AbortSignal,
  depth = 0,
): Promise<Loss | null> {
  if (submodules.length > MAX_SUBMODULES || (depth >= MAX_DEPTH && submodules.length > 0))
    return { ...noLoss(root), complete: false };
  const losses = await Promise.all(
    submodules.map((path) => lossInSubmodule(git, root, path, reach, signal, depth)),
  );
  let sum: Loss = noLoss(root);
  for (const loss of losses) {
    if (loss === null) return null;
    sum = addLoss(sum, loss);
  }
  return sum;
}

async function lossInSubmodule(
  git: Git,
  root: string,
  path: string,
  reach: Reach,
  signal: AbortSignal,
  depth: number,
): Promise<Loss | null> {
  const folder = join(root, path);
  const repository = await findRepository(folder);
  // Git lists nothing of what lies in the place of a submodule that isn't checked out.
  if (repository?.root !== folder) return { ...noLoss(root), complete: await isEmptyOrMissing(folder) };
  const { fits } = reach;
  const below: Reach = fits === null ? reach : { ...reach, fits: (each) => fits(`${path}/${each}`) };
  const loss = await lossBelow(git, folder, ".", below, signal, depth + 1);
  if (loss === null) return null;
  const files = loss.files.map((file) => ({ ...file, path: `${path}/${file.path}` }));
  const keepsHistory = !(await takesHistory(repository, below));
  return { ...loss, root, files, complete: loss.complete && keepsHistory };
}

/** Usually a submodule's history lies with the repository around it; in the submodule itself it goes with it. */
async function takesHistory({ root, gitDir }: Repository, { fits, removes }: Reach): Promise<boolean> {
  if (!gitDir.startsWith(`${root}/`)) return false;
  return fits === null ? removes : hasNamed(gitDir, fits);
}

async function isEmptyOrMissing(folder: string): Promise<boolean> {
  return readdir(folder).then(
    (entries) => entries.length === 0,
    // Not a folder: then it is a change of the repository around it.
    ({ code }: NodeJS.ErrnoException) => code === "ENOENT" || code === "ENOTDIR",
  );
}

/** Whether a repository's own folder holds a file of a name, objects left out: those are hashes. */
export async function hasNamed(gitDir: string, fits: Fits): Promise<boolean> {
  const pending = [gitDir];
  let seen = 0;
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    seen += entries.length;
    if (seen > MAX_WALK || entries.some((entry) => fits(entry.name))) return true;
    const below = entries.filter((entry) => entry.isDirectory() && !/^[0-9a-f]{2}$/.test(entry.name));
    pending.push(...below.map((entry) => join(folder, entry.name)));
  }
  return false;
}

/** What of one entry of the status would be missed. */
async function lossOfEntry(
  git: Git,
  root: string,
  entry: StatusEntry,
  fits: Fits | null,
  signal: AbortSignal,
): Promise<{ entries: readonly StatusEntry[]; complete: boolean } | null> {
  const isFolder = entry.path.endsWith("/");
  const matches = fits === null || fits(entry.path);
  if (!matches && !isFolder) return { entries: [], complete: true };
  if (entry.kind === "ignored") {
    const named = (paths: readonly string[]): readonly StatusEntry[] =>
      paths.map((path) => ({ ...entry, path }));
    if (fits !== null && !matches) {
      const inside = await namedInside(root, entry.path, fits);
      const own = await withOwnWork(git, root, inside.repositories, signal);
      if (own === null) return null;
      return { entries: named([...inside.paths, ...own]), complete: inside.complete };
    }
    const inside = await preciousOf(root, entry.path);
    const own = await withOwnWork(git, root, inside.repositories, signal);
    if (own === null) return null;
    // What such a repository holds in all isn't known.
    return { entries: named([...inside.paths, ...own]), complete: own.length === 0 };
  }
  return { entries: isPrecious(entry) ? [entry] : [], complete: true };
}

function isPrecious(entry: StatusEntry): boolean {
  if (entry.kind === "untracked" || entry.kind === "unmerged") return true;
  return (entry.worktree !== "." && entry.worktree !== "D") || (entry.index !== "." && entry.index !== "D");
}
