import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { inParallel } from "./points/parallel.ts";
import { isRebuildable, isWhollyRebuildable } from "./rebuildable.ts";

/** Entries of one folder that are looked at, at most. */
export const MAX_WALK = 2_000;

/** Packages of one folder that are looked at. */
const MAX_PACKAGES = 3_000;
const PARALLEL = 32;

export interface Walked {
  /** Files relative to `root`; links are not followed. */
  readonly paths: readonly string[];
  /** False where there were more than could be looked at. */
  readonly complete: boolean;
}

const REPOSITORY = /(^|\/)\.git(\/|$)/;

/** The files below a folder that git lists as one entry, those near the top first. */
async function filesBelow(
  root: string,
  folder: string,
  enters: (name: string) => boolean = () => true,
): Promise<Walked> {
  const paths: string[] = [];
  const pending = [folder.replace(/\/$/, "")];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const entries = await readdir(join(root, next), { withFileTypes: true }).catch(() => null);
    if (entries === null) return { paths, complete: false };
    for (const entry of entries) {
      const path = `${next}/${entry.name}`;
      (entry.isDirectory() && enters(entry.name) ? pending : paths).push(path);
    }
    if (paths.length + pending.length > MAX_WALK) return { paths, complete: false };
  }
  return { paths, complete: true };
}

/** What of an ignored entry no tool makes again. */
export interface Precious {
  readonly paths: readonly string[];
  /** Folders inside that are repositories of their own: whether a tool makes those again, git knows. */
  readonly repositories: readonly string[];
}

/** A folder of outputs is looked into as far as the bound goes: beyond it, its name counts. */
export async function preciousOf(root: string, entry: string): Promise<Precious> {
  if (!entry.endsWith("/")) return { paths: isRebuildable(entry) ? [] : [entry], repositories: [] };
  if (isWhollyRebuildable(entry)) return { paths: [], repositories: await repositoriesAmong(root, entry) };
  if (!isRebuildable(entry)) return { paths: [entry], repositories: [] };
  const { paths } = await filesBelow(root, entry, (name) => name !== ".git");
  const repositories = paths.flatMap((path) => /^(.*)\/\.git$/s.exec(path)?.[1] ?? []);
  return { paths: paths.filter((path) => !isRebuildable(path)), repositories };
}

/**
 * Repositories among the packages of a folder such as `node_modules` or `.venv`: the folder itself, its packages,
 * those of a scope, and `src`, where pip puts what is installed to be edited. Deeper ones are not looked for.
 */
export async function repositoriesAmong(root: string, folder: string): Promise<readonly string[]> {
  const top = folder.replace(/\/$/, "");
  const packages = await foldersIn(root, top);
  const groups = packages.filter((path) => /\/(@[^/]+|src)$/.test(path));
  const grouped = await Promise.all(groups.map((path) => foldersIn(root, path)));
  const candidates = [top, ...packages, ...grouped.flat()].slice(0, MAX_PACKAGES);
  const found = await inParallel(candidates, PARALLEL, async (path) =>
    lstat(join(root, path, ".git")).then(
      () => true,
      () => false,
    ),
  );
  return candidates.filter((_, index) => found[index]);
}

async function foldersIn(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => `${folder}/${entry.name}`);
}

/** The files of a folder that fit, and that no tool makes again; and the repositories inside that hold others that fit. */
export async function namedInside(
  root: string,
  folder: string,
  fits: (path: string) => boolean,
): Promise<Walked & Precious> {
  if (isWhollyRebuildable(folder)) return { paths: [], repositories: [], complete: true };
  const { paths, complete } = await filesBelow(root, folder);
  const named = paths.filter((path) => fits(path));
  const isPrecious = (path: string): boolean => REPOSITORY.test(path) || !isRebuildable(path);
  const inside = new Set(paths.flatMap((path) => /^(.*?)\/\.git(\/|$)/s.exec(path)?.[1] ?? []));
  const repositories = [...inside].filter((each) => named.some((path) => path.startsWith(`${each}/`)));
  return { paths: named.filter((path) => isPrecious(path)), repositories, complete };
}
