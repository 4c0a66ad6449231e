import { Merging } from "../../git/merging.ts";
import type { Git } from "../../git/run.ts";
import { snapshotTree } from "../../git/snapshot.ts";

/** Files that are merged for one look. */
const MAX_PATHS = 50;

/**
 * Which of some files two working trees of a repository could not merge, with what is uncommitted in them. Nothing of them is
 * touched. Null where git couldn't say. Paths are relative to the trees' top folders.
 */
export async function clashes(
  git: Git,
  one: string,
  other: string,
  paths: readonly string[],
): Promise<readonly string[] | null> {
  const merging = new Merging(git, one);
  const heads = await Promise.all([one, other].map((root) => new Merging(git, root).commitOf("HEAD")));
  const [ours, theirs] = heads;
  if (!ours || !theirs) return null;
  const base = await merging.base(ours, theirs);
  const looked = paths.slice(0, MAX_PATHS);
  const bytes = looked.map((path) => Buffer.from(path).toString("latin1"));
  const [old, left, right] = await Promise.all([
    base === null ? null : merging.treeOf(base),
    snapshotTree(git, one, ours, bytes),
    snapshotTree(git, other, theirs, bytes),
  ]);
  if (!old || !left || !right) return null;
  const merged = await merging.merge(old, left, right);
  return merged === null ? null : looked.filter((path) => merged.conflicts.includes(path));
}
