import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { type Git, succeeded } from "../git/run.ts";
import { readStatus } from "./status.ts";

/** Repositories inside one folder of outputs that git is asked about; of more than these each counts as precious. */
const MAX_ASKED = 10;

/**
 * Of repositories inside a folder of outputs those that hold what no remote has. Tools clone into such folders, and
 * clone again. Null where it couldn't be told.
 */
export async function withOwnWork(
  git: Git,
  root: string,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  const own = await Promise.all(
    folders.map(async (folder, index) => index >= MAX_ASKED || hasOwnWork(git, join(root, folder), signal)),
  );
  return own.includes(null) ? null : folders.filter((_, index) => own[index]);
}

async function hasOwnWork(git: Git, root: string, signal: AbortSignal): Promise<boolean | null> {
  const status = readStatus(git, {
    root,
    folder: root,
    paths: null,
    literal: false,
    untracked: true,
    ignored: false,
    signal,
  });
  const info = await lstat(join(root, ".git")).catch(() => null);
  // Commits of a linked worktree lie with its repository.
  const ownCommits = info?.isFile() === true ? false : hasOwnCommits(git, root, signal);
  const [state, commits] = await Promise.all([status, ownCommits]);
  if (state === null || commits === null) return null;
  return state.entries.length > 0 || state.submodules.length > 0 || commits;
}

async function hasOwnCommits(git: Git, root: string, signal: AbortSignal): Promise<boolean | null> {
  const beyond = async (...known: readonly string[]): Promise<boolean | null> => {
    const args = ["rev-list", "--max-count=1", "--all", "HEAD", "--not", "--remotes", ...known];
    const result = await git.run({ folder: root, args, signal });
    return succeeded(result) ? result.stdout.trim() !== "" : null;
  };
  const branches = await beyond();
  if (branches !== true) return branches;
  // Of a clone of one tag, no branch of the remote is known.
  const remotes = await git.run({ folder: root, args: ["remote"], signal });
  if (!succeeded(remotes)) return null;
  if (remotes.stdout.trim() === "") return true;
  return beyond("--tags");
}
