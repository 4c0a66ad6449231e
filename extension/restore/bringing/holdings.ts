import { lstat, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { Merging } from "../../git/merging.ts";
import { findRepository } from "../../git/repository.ts";
import type { Git } from "../../git/run.ts";
import { isUnderWay, type KnownWorktree, type Worktrees } from "../../git/worktrees.ts";
import { preciousOf } from "../folders.ts";
import { inParallel } from "../points/parallel.ts";
import { readStatus, type StatusEntry } from "../status.ts";

/** A person waits for it, unlike for a fact of the guard. */
const STATUS_MS = 10_000;
const PARALLEL = 8;
/** Larger files are not compared: they count as different. */
const MAX_COMPARED = 32 * 1024 * 1024;

/** A file whose content the person's own working tree doesn't have. */
export interface HeldFile {
  readonly path: string;
  readonly state: "changed" | "untracked" | "ignored";
}

/** What a worktree holds that lies nowhere else. */
export interface Holdings {
  /** Commits that no other branch has. */
  readonly commits: number;
  /** True where what those commits change is in the commit that the person is on. */
  readonly landed: boolean;
  /** In no commit; ignored ones only where no tool makes them again. */
  readonly files: readonly HeldFile[];
  /** A merge, a rebase or the like isn't over. */
  readonly underWay: boolean;
}

/** Null where git couldn't say. `folder` is the top of the person's own working tree. */
export async function holdingsOf(
  git: Git,
  worktrees: Pick<Worktrees, "ownCommits">,
  folder: string,
  worktree: KnownWorktree,
): Promise<Holdings | null> {
  const { head } = worktree;
  const merging = new Merging(git, folder);
  const [commits, files, onto] = await Promise.all([
    worktrees.ownCommits(folder, worktree),
    worktree.state === "gone" ? [] : filesOf(git, folder, worktree.root),
    merging.commitOf("HEAD"),
  ]);
  if (commits === null || files === null) return null;
  const landed = commits === 0 || (head !== null && onto !== null && (await merging.hasLanded(head, onto)));
  const gitDir = worktree.state === "gone" ? undefined : (await findRepository(worktree.root))?.gitDir;
  return { commits, landed, files, underWay: gitDir !== undefined && (await isUnderWay(gitDir)) };
}

/** Nothing in it would be missed. */
export function isEmpty({ landed, files, underWay }: Holdings): boolean {
  return landed && files.length === 0 && !underWay;
}

async function filesOf(git: Git, folder: string, root: string): Promise<readonly HeldFile[] | null> {
  const asked = { root, folder: root, paths: null, literal: false, untracked: true, ignored: true };
  const status = await readStatus(git, { ...asked, timeoutMs: STATUS_MS });
  if (status === null) return null;
  const found: (HeldFile & { readonly apart?: boolean })[] = [];
  for (const entry of status.entries) found.push(...(await heldBy(root, entry)));
  // The history of a submodule that is checked out goes with the worktree.
  for (const path of status.submodules)
    if ((await findRepository(join(root, path)))?.root === join(root, path))
      found.push({ path, state: "changed", apart: true });
  const differs = await inParallel(
    found,
    PARALLEL,
    ({ path, apart }) => apart === true || isDifferent(folder, root, path),
  );
  return found.flatMap(({ path, state }, index) => (differs[index] ? [{ path, state }] : []));
}

/** `apart`: the index has another content than the file, which nothing else has. */
async function heldBy(
  root: string,
  { path, kind, index, worktree }: StatusEntry,
): Promise<readonly (HeldFile & { readonly apart?: boolean })[]> {
  if (kind !== "ignored") {
    const state = kind === "untracked" ? "untracked" : "changed";
    const info = await lstat(join(root, path)).catch(() => null);
    const staged = index !== "." && index !== "D";
    // What was only taken away holds nothing.
    return info === null && !staged ? [] : [{ path, state, apart: staged && worktree !== "." }];
  }
  const { paths, repositories } = await preciousOf(root, path);
  return [...paths, ...repositories].map((each) => ({ path: each, state: "ignored" }));
}

/** Whether the person's own tree has it otherwise, or not at all. What is no file of its own counts as different. */
async function isDifferent(folder: string, root: string, path: string): Promise<boolean> {
  const [here, there] = await Promise.all([contentOf(join(folder, path)), contentOf(join(root, path))]);
  return here === null || there === null || !here.equals(there);
}

async function contentOf(path: string): Promise<Buffer | null> {
  const info = await lstat(path).catch(() => null);
  if (info === null) return null;
  if (info.isSymbolicLink())
    return Buffer.concat([Buffer.from("link "), await readlink(path, { encoding: "buffer" })]);
  return info.isFile() && info.size <= MAX_COMPARED ? readFile(path).catch(() => null) : null;
}
