import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { FactQuery } from "../guard/facts.ts";
import { findRepository } from "../git/repository.ts";
import { type Git, succeeded } from "../git/run.ts";
import { type LostFile, noLoss, type Loss } from "../guard/loss.ts";
import { lossOfChanges } from "./changes.ts";

/** What git keeps in a repository while something that it was told to do has stopped halfway. */
export const HALFWAY_MARKS: readonly string[] = [
  "MERGE_HEAD",
  "CHERRY_PICK_HEAD",
  "REVERT_HEAD",
  "rebase-merge",
  "rebase-apply",
  "sequencer",
];

/** Git's answer; null where it gave none in time. */
type Ask = (...args: readonly string[]) => Promise<string | null>;

/** What would be gone if what stopped halfway were given up: what somebody did since git stopped. Where nothing did, git refuses. */
export async function lossOfGivingUp(
  git: Git,
  { folder }: Extract<FactQuery, { fact: "halfway" }>,
  signal: AbortSignal,
): Promise<Loss | null> {
  const repository = await findRepository(folder);
  if (repository === null) return noLoss(folder);
  const { root, gitDir } = repository;
  const marks = await Promise.all(
    HALFWAY_MARKS.map((name) =>
      lstat(join(gitDir, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  if (!marks.includes(true)) return noLoss(root);
  const ask: Ask = async (...args) => {
    const result = await git.run({ folder: root, args: ["--literal-pathspecs", ...args], signal });
    return succeeded(result) ? result.stdout : null;
  };
  const all = { fact: "changes", folder: root, against: "both", paths: null } as const;
  const loss = await lossOfChanges(git, all, signal);
  return loss === null ? null : withoutMade(loss, ask);
}

/**
 * Without the files that are as git itself left them when it stopped: `AUTO_MERGE` names that tree (git-diff). It does so while a
 * path is unmerged; later it may be what a stash entry brought, and that is somebody's.
 */
async function withoutMade(loss: Loss, ask: Ask): Promise<Loss> {
  // What isn't all listed can't be held against it one by one.
  if (loss.fileCount === 0 || loss.fileCount > loss.files.length) return loss;
  const paths = loss.files.map(({ path }) => path);
  const [tree, index] = await Promise.all([
    ask("ls-tree", "-r", "-z", "--full-tree", "AUTO_MERGE", "--", ...paths),
    ask("ls-files", "--stage", "-z", "--", ...paths),
  ]);
  const made = new Map(parsed(tree, /(?:^|\0)\d+ blob ([0-9a-f]+)\t([^\0]+)/g));
  const staged = new Map(parsed(index, /(?:^|\0)\d+ ([0-9a-f]+) 0\t([^\0]+)/g));
  const unmerged = new Map(parsed(index, /(?:^|\0)\d+ ([0-9a-f]+) [1-3]\t([^\0]+)/g));
  if (unmerged.size === 0) return loss;
  const isMade = async ({ path }: LostFile): Promise<boolean> => {
    const oid = made.get(path);
    if (oid === undefined || (!unmerged.has(path) && staged.get(path) !== oid)) return false;
    return (await ask("hash-object", "--", path))?.trim() === oid;
  };
  const checked = await Promise.all(loss.files.map(isMade));
  const files = loss.files.filter((_, at) => checked[at] !== true);
  return { ...loss, files, fileCount: files.length };
}

/** Names of objects by path. */
function parsed(listing: string | null, line: RegExp): readonly (readonly [path: string, oid: string])[] {
  return [...(listing ?? "").matchAll(line)].map(([, oid = "", path = ""]) => [path, oid]);
}
