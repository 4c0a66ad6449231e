import { lstat, readdir, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { FactQuery } from "../guard/facts.ts";
import { findRepository } from "../git/repository.ts";
import type { Git } from "../git/run.ts";
import { describe, untrackedLoss } from "./changes.ts";
import { expandPattern, hasPattern, patternToRegExp } from "./glob.ts";
import { addLoss, noLoss, type Loss } from "../guard/loss.ts";
import { isRebuildable } from "./rebuildable.ts";
import { readStatus, type StatusEntry } from "./status.ts";

type FilesQuery = Extract<FactQuery, { fact: "files" }>;

/** Entries of a folder outside a repository that are counted, at most. */
const MAX_WALK = 2_000;

/** What would be gone if these files or folders were removed or overwritten. Null where it couldn't be told. */
export async function lossOfFiles(git: Git, query: FilesQuery, signal: AbortSignal): Promise<Loss | null> {
  const existing: string[] = [];
  for (const path of query.paths) {
    const absolute = isAbsolute(path) ? path : resolve(query.folder, path);
    const found = hasPattern(absolute) ? await expandPattern(absolute) : [absolute.replace(/\\(.)/g, "$1")];
    if (found === null) return null;
    existing.push(...found);
  }
  let loss: Loss | null = null;
  for (const path of existing) {
    const one = await lossOfPath(git, path, query, signal);
    if (one === null) return null;
    loss = loss === null ? one : addLoss(loss, one);
  }
  return loss ?? noLoss(query.folder);
}

async function lossOfPath(
  git: Git,
  path: string,
  query: FilesQuery,
  signal: AbortSignal,
): Promise<Loss | null> {
  const info = await lstat(path).catch(() => null);
  if (info === null) return noLoss(dirname(path));
  if (info.isDirectory() && !query.recursive) return noLoss(path);
  // Writing goes through a link, removing does not.
  const target = info.isSymbolicLink() && !query.recursive ? await realpath(path).catch(() => path) : path;
  const repository = await findRepository(dirname(target));
  if (repository === null) return lossOutsideGit(target, query);
  const { root } = repository;
  if (basename(target) === ".git" || target === root) return { ...noLoss(root), complete: false };
  const entries = await readStatus(git, {
    folder: root,
    paths: [relative(root, target)],
    literal: true,
    untracked: true,
    ignored: true,
    signal,
  });
  if (entries === null) return null;
  const named =
    query.name === undefined ? entries : entries.filter((entry) => matchesName(entry, query.name ?? ""));
  const lost = named.filter((entry) => isPrecious(entry));
  // An untracked folder that git doesn't look into is a repository of its own: what it holds isn't known.
  const opaque = named.some(
    (entry) => entry.submodule || (entry.kind === "untracked" && entry.path.endsWith("/")),
  );
  const loss = await describe(git, root, lost, "HEAD", signal);
  return opaque ? { ...loss, complete: false } : loss;
}

function matchesName(entry: StatusEntry, pattern: string): boolean {
  // An ignored folder is listed as one entry: whether the name matches something inside isn't known.
  return entry.path.endsWith("/") || patternToRegExp(pattern).test(basename(entry.path));
}

function isPrecious(entry: StatusEntry): boolean {
  if (entry.kind === "ignored") return !isRebuildable(entry.path);
  if (entry.kind === "untracked" || entry.kind === "unmerged") return true;
  return (entry.worktree !== "." && entry.worktree !== "D") || (entry.index !== "." && entry.index !== "D");
}

/** Without git everything that exists is saved nowhere else. */
async function lossOutsideGit(path: string, query: FilesQuery): Promise<Loss | null> {
  const paths: string[] = [];
  const pending = [path];
  const name = query.name === undefined ? null : patternToRegExp(query.name);
  while (pending.length > 0) {
    const next = pending.pop() ?? path;
    const info = await lstat(next).catch(() => null);
    if (info === null) continue;
    if (info.isDirectory()) {
      const names = await readdir(next).catch(() => null);
      if (names === null) return null;
      pending.push(...names.map((each) => join(next, each)));
    } else if (name === null || name.test(basename(next))) paths.push(relative(query.folder, next));
    if (paths.length + pending.length > MAX_WALK)
      return { ...untrackedLoss(query.folder, paths), complete: false };
  }
  return untrackedLoss(
    query.folder,
    paths.filter((each) => !isRebuildable(each)),
  );
}
