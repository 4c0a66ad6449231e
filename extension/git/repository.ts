import { readFile, readdir, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";

export interface Repository {
  /** The working tree's top folder. */
  readonly root: string;
  /** The folder with HEAD and index: `.git`, or a worktree's own. */
  readonly gitDir: string;
  /** The folder shared by all worktrees: configuration, refs, `info/`. */
  readonly commonDir: string;
}

/** The repository that a folder lies in, found as git does, without starting it. Null where there is none. */
export async function findRepository(folder: string): Promise<Repository | null> {
  for (let root = resolve(folder); ; root = dirname(root)) {
    const gitDir = await gitDirOf(join(root, ".git"));
    if (gitDir !== null) return { root, gitDir, commonDir: await commonDirOf(gitDir) };
    if (root === dirname(root)) return null;
  }
}

/** A repository without a working tree, in which there are branches and tags to lose all the same. */
export async function findBareRepository(folder: string): Promise<Repository | null> {
  const parts = await Promise.all(
    ["HEAD", "objects", "refs"].map((name) => stat(join(folder, name)).catch(() => null)),
  );
  return parts.includes(null) ? null : { root: folder, gitDir: folder, commonDir: folder };
}

/** `.git` is a folder, or a file that names one (worktrees and submodules). */
async function gitDirOf(path: string): Promise<string | null> {
  const info = await stat(path).catch(() => null);
  if (info === null) return null;
  if (info.isDirectory()) {
    const head = await stat(join(path, "HEAD")).catch(() => null);
    return head === null ? null : path;
  }
  const named = /^gitdir: (.*)$/m.exec(await readFile(path, "utf8").catch(() => ""))?.[1]?.trim();
  if (named === undefined) return null;
  return isAbsolute(named) ? named : resolve(dirname(path), named);
}

async function commonDirOf(gitDir: string): Promise<string> {
  const named = (await readFile(join(gitDir, "commondir"), "utf8").catch(() => "")).trim();
  return named === "" ? gitDir : resolve(gitDir, named);
}

/** The branch that is checked out; null for a detached HEAD. */
export async function currentBranch(repository: Repository): Promise<string | null> {
  const head = await readFile(join(repository.gitDir, "HEAD"), "utf8").catch(() => "");
  return /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1]?.trim() ?? null;
}

/** What was checked out before, as `@{-1}` names it; null where nothing was. May be a commit. */
export async function branchBefore(repository: Repository): Promise<string | null> {
  const log = await readFile(join(repository.gitDir, "logs", "HEAD"), "utf8").catch(() => "");
  const moves = log.matchAll(/\tcheckout: moving from (.+) to .+$/gm);
  return [...moves].at(-1)?.[1] ?? null;
}

/** The branches that the remotes call their own, as far as they ever said: git keeps it for what was cloned. */
export async function defaultBranches(repository: Repository): Promise<readonly string[]> {
  const folder = join(repository.commonDir, "refs", "remotes");
  const remotes = await readdir(folder).catch(() => []);
  const branches = await Promise.all(remotes.map((remote) => headOf(join(folder, remote, "HEAD"), remote)));
  return [...new Set(branches.filter((branch) => branch !== null))];
}

async function headOf(path: string, remote: string): Promise<string | null> {
  const target = /^ref: (.+)$/m.exec(await readFile(path, "utf8").catch(() => ""))?.[1]?.trim();
  const prefix = `refs/remotes/${remote}/`;
  return target?.startsWith(prefix) === true ? target.slice(prefix.length) : null;
}
