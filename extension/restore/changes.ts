import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { FactQuery } from "../guard/facts.ts";
import { findRepository } from "../git/repository.ts";
import { type Git, succeeded } from "../git/run.ts";
import { addLoss, LOSS_FILES_SHOWN, noLoss, type Loss, type LostFile } from "../guard/loss.ts";
import { MAX_WALK, preciousOf } from "./folders.ts";
import { asEntry, readMarked } from "./marked.ts";
import { readCounts, readStatus, type StatusEntry } from "./status.ts";

type Query<Kind extends FactQuery["fact"]> = Extract<FactQuery, { fact: Kind }>;

/** What would be gone if changes of tracked files were discarded. Null where git couldn't say. */
export async function lossOfChanges(
  git: Git,
  query: Query<"changes">,
  signal: AbortSignal,
): Promise<Loss | null> {
  const repository = await findRepository(query.folder);
  // Outside a repository git discards nothing: the command fails.
  if (repository === null) return noLoss(query.folder);
  const { root } = repository;
  const { unlessRef, onlyIfRef } = query;
  const condition = unlessRef ?? onlyIfRef;
  if (condition !== undefined) {
    const names = await isCommit(git, root, condition, signal);
    if (names === null) return null;
    if (names === (unlessRef !== undefined)) return noLoss(root);
  }
  if (query.against === "believed") return lossOfBelieved(git, query, root, signal);
  const entries = await readStatus(git, {
    root,
    folder: query.folder,
    paths: query.paths,
    literal: false,
    untracked: false,
    ignored: false,
    signal,
  });
  if (entries === null) return null;
  const lost = entries.filter((entry) => losesContent(entry, query.against));
  const base = query.against === "worktree" ? null : "HEAD";
  const loss = await describe(git, root, lost, base, signal);
  if (query.from === undefined) return loss;
  const inTheWay = await untrackedInTheWay(git, query, query.from, root, signal);
  return inTheWay === null ? null : addLoss(loss, untrackedLoss(root, inTheWay));
}

/** Edits of files that git was told to take for unchanged. Null where that couldn't be told. */
async function lossOfBelieved(
  git: Git,
  { folder, paths }: Query<"changes">,
  root: string,
  signal: AbortSignal,
): Promise<Loss | null> {
  const marked = await readMarked(git, { root, folder, paths, literal: false, signal });
  const lost = marked?.filter(({ mark }) => mark === "believed");
  return lost === undefined ? null : describe(git, root, lost.map(asEntry), null, signal);
}

/** Untracked files that a commit has as well: its files take their places. Null where that couldn't be told. */
async function untrackedInTheWay(
  git: Git,
  query: Query<"changes">,
  from: string,
  root: string,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  // What is no commit writes nothing: git says so and ends.
  const names = await isCommit(git, root, from, signal);
  if (names !== true) return names === null ? null : [];
  // What the commit has and the index lacks.
  const args = ["diff-index", "--cached", "--diff-filter=D", "--no-renames", "--name-only", "-z", from, "--"];
  const result = await git.run({ folder: query.folder, args: [...args, ...(query.paths ?? [])], signal });
  if (!succeeded(result)) return null;
  const arriving = result.stdout.split("\0").filter((path) => path !== "");
  if (arriving.length > MAX_WALK) return null;
  const there = await Promise.all(arriving.map((path) => lstat(join(root, path)).catch(() => null)));
  return arriving.filter((_, index) => there[index] !== null);
}

/** Null where git couldn't say. */
async function isCommit(git: Git, folder: string, ref: string, signal: AbortSignal): Promise<boolean | null> {
  if (ref.startsWith("-")) return false;
  const result = await git.run({
    folder,
    args: ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`],
    signal,
  });
  if (succeeded(result)) return true;
  return result.code === 1 && !result.timedOut ? false : null;
}

/** A deletion that is undone brings content back: nothing is lost by it. */
function losesContent(entry: StatusEntry, against: Query<"changes">["against"]): boolean {
  if (entry.kind === "unmerged") return true;
  const inWorktree = entry.worktree !== "." && entry.worktree !== "D";
  const inIndex = entry.index !== "." && entry.index !== "D";
  if (against === "worktree") return inWorktree;
  // Staged content that the working tree holds too is not lost with the index.
  if (against === "index") return inIndex && entry.worktree !== ".";
  return inWorktree || inIndex;
}

/** Untracked files that git would remove. */
export async function lossOfUntracked(
  git: Git,
  query: Query<"untracked">,
  signal: AbortSignal,
): Promise<Loss | null> {
  const repository = await findRepository(query.folder);
  if (repository === null) return noLoss(query.folder);
  const list = async (ignored: boolean, folders: boolean): Promise<readonly string[] | null> => {
    const result = await git.run({
      folder: query.folder,
      args: [
        "ls-files",
        "--others",
        "--full-name",
        "-z",
        "--exclude-standard",
        ...(ignored ? ["--ignored"] : []),
        ...(folders ? ["--directory"] : []),
        "--",
        ...(query.paths ?? ["."]),
      ],
      signal,
    });
    return succeeded(result) ? result.stdout.split("\0").filter((path) => path !== "") : null;
  };
  const paths: string[] = [];
  if (query.ignored !== "only") {
    const found = await list(false, !query.folders);
    if (found === null) return null;
    // Without `-d` a wholly untracked folder, listed with a slash, stays.
    // With it a repository of its own, listed the same way, stays too unless it is forced twice.
    const taken = (path: string): boolean => !path.endsWith("/") || (query.folders && query.repositories);
    paths.push(...found.filter((path) => taken(path)));
  }
  if (query.ignored !== "keep") {
    const found = await list(true, true);
    if (found === null) return null;
    for (const entry of found) paths.push(...(await preciousOf(repository.root, entry)));
  }
  return untrackedLoss(repository.root, paths);
}

export function untrackedLoss(root: string, paths: readonly string[]): Loss {
  return {
    ...noLoss(root),
    files: paths
      .slice(0, LOSS_FILES_SHOWN)
      .map((path) => ({ path, state: "untracked", added: null, removed: null })),
    fileCount: paths.length,
  };
}

/** Names the lost files with the lines that would go. */
export async function describe(
  git: Git,
  root: string,
  lost: readonly StatusEntry[],
  base: string | null,
  signal: AbortSignal,
): Promise<Loss> {
  if (lost.length === 0) return noLoss(root);
  const shown = lost.slice(0, LOSS_FILES_SHOWN);
  const tracked = shown.filter((entry) => entry.kind === "changed" || entry.kind === "unmerged");
  const counts = await readCounts(
    git,
    root,
    base,
    tracked.map((entry) => entry.path),
    signal,
  );
  const files = shown.map((entry): LostFile => {
    const count = counts.get(entry.path);
    return {
      path: entry.path,
      state: stateOf(entry),
      added: count?.added ?? null,
      removed: count?.removed ?? null,
    };
  });
  return { ...noLoss(root), files, fileCount: lost.length };
}

function stateOf(entry: StatusEntry): LostFile["state"] {
  if (entry.kind === "untracked" || entry.kind === "ignored") return "untracked";
  return entry.worktree === "." ? "staged" : "modified";
}
