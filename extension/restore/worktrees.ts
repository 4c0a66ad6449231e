import { resolve } from "node:path";
import type { FactQuery } from "../guard/facts.ts";
import { findRepository } from "../git/repository.ts";
import { type Git, succeeded } from "../git/run.ts";
import { addLoss, noLoss, type Loss } from "../guard/loss.ts";
import { lossOfChanges, lossOfUntracked } from "./changes.ts";
import { lossOfCommits } from "./history.ts";

type Query = Extract<FactQuery, { fact: "worktree" }>;

/** What would go with a working tree that is removed. Null where git couldn't say. */
export async function lossOfWorktree(git: Git, query: Query, signal: AbortSignal): Promise<Loss | null> {
  const repository = await findRepository(query.folder);
  if (repository === null) return noLoss(query.folder);
  const args = ["worktree", "list", "--porcelain", "-z"];
  const result = await git.run({ folder: repository.root, args, signal });
  if (!succeeded(result)) return null;
  // Git takes a path, or the end of one.
  const path = resolve(query.folder, query.name);
  const named = result.stdout
    .split("\0\0")
    .map((entry) => entry.replace(/^worktree /, "").split("\0"))
    .filter(([place = ""]) => place === path || place.endsWith(`/${query.name.replace(/\/+$/, "")}`));
  const losses = await Promise.all(named.map((entry) => lossOfOne(git, entry, query.forced, signal)));
  return sumOf(repository.root, losses);
}

async function lossOfOne(
  git: Git,
  [folder = "", ...lines]: readonly string[],
  forced: boolean,
  signal: AbortSignal,
): Promise<Loss | null> {
  const all = { fact: "untracked", folder, paths: null, folders: true, repositories: true } as const;
  const head = { fact: "commits", folder, ref: "HEAD", to: null, onlyIfDetached: true } as const;
  const dirty = { fact: "changes", folder, against: "both", paths: null } as const;
  const losses = await Promise.all([
    forced ? lossOfChanges(git, dirty, signal) : noLoss(folder),
    lossOfUntracked(git, { ...all, ignored: forced ? "too" : "only" }, signal),
    lines.includes("detached") ? lossOfCommits(git, head, signal) : noLoss(folder),
  ]);
  return sumOf(folder, losses);
}

function sumOf(root: string, losses: readonly (Loss | null)[]): Loss | null {
  let sum: Loss = noLoss(root);
  for (const loss of losses) {
    if (loss === null) return null;
    sum = addLoss(sum, loss);
  }
  return sum;
}
