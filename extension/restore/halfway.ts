import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { FactQuery } from "../guard/facts.ts";
import { findRepository } from "../git/repository.ts";
import type { Git } from "../git/run.ts";
import { noLoss, type Loss } from "../guard/loss.ts";
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

/** What would be gone if what stopped halfway were given up: nothing where nothing did, since git refuses then. */
export async function lossOfGivingUp(
  git: Git,
  { folder }: Extract<FactQuery, { fact: "halfway" }>,
  signal: AbortSignal,
): Promise<Loss | null> {
  const repository = await findRepository(folder);
  if (repository === null) return noLoss(folder);
  const marks = await Promise.all(
    HALFWAY_MARKS.map((name) =>
      lstat(join(repository.gitDir, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  if (!marks.includes(true)) return noLoss(repository.root);
  return lossOfChanges(git, { fact: "changes", folder, against: "both", paths: null }, signal);
}
