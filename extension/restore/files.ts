import { lstat, readdir, readFile, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { FactQuery } from "../guard/facts.ts";
import { findRepository } from "../git/repository.ts";
import type { Git } from "../git/run.ts";
import { type Fits, hasNamed, lossBelow } from "./below.ts";
import { untrackedLoss } from "./describe.ts";
import { expandPattern, hasPattern, isUnreadable, patternToRegExp } from "./glob.ts";
import { addLoss, noLoss, type Loss } from "../guard/loss.ts";
import { MAX_WALK } from "./folders.ts";
import { isWhollyRebuildable } from "./rebuildable.ts";

type FilesQuery = Extract<FactQuery, { fact: "files" }>;

/** What would be gone if these files or folders were removed or overwritten. Null where it couldn't be told. */
export async function lossOfFiles(git: Git, query: FilesQuery, signal: AbortSignal): Promise<Loss | null> {
  const existing: string[] = [];
  for (const path of query.paths) {
    const absolute = isAbsolute(path) ? path : resolve(query.folder, path);
    // A pattern that no name matches stands for itself.
    const plain = absolute.replace(/\\(.)/g, "$1");
    const found = hasPattern(absolute) ? await expandPattern(absolute) : [];
    if (found === null) return null;
    existing.push(...new Set([...found, plain]));
  }
  let loss: Loss | null = null;
  for (const path of existing) {
    const one = await lossOfPath(git, path, query, signal);
    if (one === null) return null;
    loss = loss === null ? one : addLoss(loss, one);
  }
  return withText(loss ?? noLoss(query.folder), query.containing);
}

/** Only the files that hold a text. What can't be read may hold it; a list that was cut short stays as it is. */
async function withText(loss: Loss, text: string | undefined): Promise<Loss> {
  if (text === undefined || loss.files.length < loss.fileCount) return loss;
  const holds = await Promise.all(
    loss.files.map(({ path }) =>
      readFile(join(loss.root, path), "utf8").then(
        (content) => content.includes(text),
        () => true,
      ),
    ),
  );
  const files = loss.files.filter((_, index) => holds[index]);
  return { ...loss, files, fileCount: files.length };
}

async function lossOfPath(
  git: Git,
  path: string,
  query: FilesQuery,
  signal: AbortSignal,
): Promise<Loss | null> {
  if (isUnreadable(path)) return null;
  const info = await lstat(path).catch(codeOf);
  if (typeof info === "string") return isMissing(info) ? noLoss(dirname(path)) : null;
  if (info.isDirectory() && !query.recursive) return noLoss(path);
  const target = await realTarget(path, info.isSymbolicLink() && query.act === "write");
  // Where files inside go, or are written, the folder may be a repository's own.
  const repository = await findRepository(
    query.names === undefined && query.act === "remove" ? dirname(target) : target,
  );
  if (repository === null) return lossOutsideGit(target, query);
  const { root } = repository;
  const fits = fitsOf(query);
  const wholly = fits === null ? query.act === "remove" : await hasNamed(repository.gitDir, fits);
  if (basename(target).toLowerCase() === ".git" || (target === root && wholly))
    return { ...noLoss(root), complete: false };
  return lossBelow(
    git,
    root,
    relative(root, target) || ".",
    { fits, removes: query.act === "remove" },
    signal,
  );
}

/** Null where every file is meant. */
function fitsOf({ names, wholeFolders }: FilesQuery): Fits | null {
  if (names === undefined) return null;
  const patterns = names.map((name) => patternToRegExp(name));
  // A pattern that can't be read may stand for any name.
  const matches = (part: string): boolean =>
    patterns.some((pattern) => pattern === null || pattern.test(part));
  return (path) => {
    const parts = path.replace(/\/$/, "").split("/");
    return wholeFolders === true ? parts.some(matches) : matches(parts.at(-1) ?? "");
  };
}

/** Where a path really leads: through links above it, and through itself where it is written. */
async function realTarget(path: string, through: boolean): Promise<string> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  const own = join(folder, basename(path));
  return through ? realpath(own).catch(() => own) : own;
}

function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? "unknown";
}

/** Only these say that nothing is there; any other error says nothing about it. */
function isMissing(code: string): boolean {
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Without git everything that exists is saved nowhere else. */
async function lossOutsideGit(path: string, query: FilesQuery): Promise<Loss | null> {
  const paths: string[] = [];
  const pending = [path];
  const fits = fitsOf(query);
  while (pending.length > 0) {
    const next = pending.pop() ?? path;
    if (isUnreadable(next)) return null;
    const info = await lstat(next).catch(codeOf);
    if (typeof info === "string") {
      if (!isMissing(info)) return null;
      continue;
    }
    if (info.isDirectory()) {
      const names = await readdir(next).catch(() => null);
      if (names === null) return null;
      pending.push(...names.map((each) => join(next, each)));
    } else if (fits === null || fits(relative(path, next) || basename(next)))
      paths.push(relative(query.folder, next));
    if (paths.length + pending.length > MAX_WALK)
      return { ...untrackedLoss(query.folder, paths), complete: false };
  }
  return untrackedLoss(
    query.folder,
    paths.filter((each) => !isWhollyRebuildable(each)),
  );
}
