import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Autostash, FactQuery } from "../guard/facts.ts";
import { findRepository } from "../git/repository.ts";
import { type Git, succeeded } from "../git/run.ts";
import { addLoss, noLoss, type Loss } from "../guard/loss.ts";
import { lossInSubmodules } from "./below.ts";
import { describe, untrackedLoss } from "./describe.ts";
import { MAX_WALK, preciousOf } from "./folders.ts";
import { asEntry, readListing } from "./listing.ts";
import { withOwnWork } from "./nested.ts";
import { readStatus, type StatusEntry } from "./status.ts";

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
  if (query.onlyIfAutostash !== undefined) {
    const stashes = await isSetToStash(git, root, query.onlyIfAutostash, signal);
    if (stashes === null) return null;
    if (!stashes) return noLoss(root);
  }
  if (query.against === "believed") return lossOfBelieved(git, query, root, signal);
  const status = await readStatus(git, {
    root,
    folder: query.folder,
    paths: query.paths,
    literal: false,
    untracked: false,
    ignored: false,
    signal,
  });
  if (status === null) return null;
  const lost = status.entries.filter((entry) => losesContent(entry, query.against));
  const base = query.against === "worktree" ? null : "HEAD";
  const [own, inside] = await Promise.all([
    describe(git, root, lost, base, signal),
    lossOfSubmodules(git, query, root, status.submodules, signal),
  ]);
  if (inside === null) return null;
  const loss = addLoss(own, inside);
  if (query.from === undefined) return loss;
  const inTheWay = await untrackedInTheWay(git, query, query.from, root, signal);
  return inTheWay === null ? null : addLoss(loss, untrackedLoss(root, inTheWay));
}

/** Null where git couldn't say. */
async function isSetToStash(
  git: Git,
  folder: string,
  around: readonly Autostash[],
  signal: AbortSignal,
): Promise<boolean | null> {
  const keys = `^(${around.join("|")})\\.autostash$`;
  const result = await git.run({
    folder,
    args: ["config", "--type=bool", "-z", "--get-regexp", keys],
    signal,
  });
  // A key with several values counts once, by the last of them.
  const values = new Map(result.stdout.split("\0").map((line) => line.split("\n") as [string, string]));
  if (succeeded(result)) return [...values.values()].includes("true");
  return result.code === 1 && !result.timedOut ? false : null;
}

/** Edits of files that git was told to take for unchanged. Null where that couldn't be told. */
async function lossOfBelieved(
  git: Git,
  query: Query<"changes">,
  root: string,
  signal: AbortSignal,
): Promise<Loss | null> {
  const { folder, paths } = query;
  const listing = await readListing(git, { root, folder, paths, literal: false, signal });
  if (listing === null) return null;
  const lost = listing.marked.filter(({ mark }) => mark === "believed");
  const [own, inside] = await Promise.all([
    describe(git, root, lost.map(asEntry), null, signal),
    lossOfSubmodules(git, query, root, listing.submodules, signal),
  ]);
  return inside === null ? null : addLoss(own, inside);
}

/** What would go with submodules: by `--recurse-submodules`, or its setting, or because they are removed. */
async function lossOfSubmodules(
  git: Git,
  { against, removesSubmodules }: Query<"changes">,
  root: string,
  submodules: readonly string[],
  signal: AbortSignal,
): Promise<Loss | null> {
  const overwrites = against === "worktree" || against === "both";
  if (!overwrites && removesSubmodules !== true) return noLoss(root);
  const reach = { fits: null, removes: false, ignored: removesSubmodules === true };
  return lossInSubmodules(git, root, submodules, reach, signal);
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
  // What lies in repositories inside is neither: git was not asked there.
  const ignored = new Map(paths.map((path) => [path, false]));
  if (query.ignored !== "keep") {
    const found = await list(true, true);
    if (found === null) return null;
    for (const entry of found) {
      const inside = await preciousOf(repository.root, entry);
      for (const path of inside.paths) ignored.set(path, true);
      paths.push(...inside.paths);
      if (!query.repositories) continue;
      const own = await withOwnWork(git, repository.root, inside.repositories, signal);
      if (own === null) return null;
      paths.push(...own);
    }
  }
  return untrackedLoss(repository.root, paths, (path) => ignored.get(path));
}
