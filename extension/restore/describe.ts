import type { Git } from "../git/run.ts";
import { LOSS_FILES_SHOWN, noLoss, type Loss, type LostFile } from "../guard/loss.ts";
import { readCounts, type StatusEntry } from "./status.ts";

/** `ignored`: of each path whether git ignores it; undefined where that wasn't looked at. */
export function untrackedLoss(
  root: string,
  paths: readonly string[],
  ignored: (path: string) => boolean | undefined = () => undefined,
): Loss {
  return {
    ...noLoss(root),
    files: paths
      .slice(0, LOSS_FILES_SHOWN)
      .map((path) => ({ path, state: "untracked", added: null, removed: null, ignored: ignored(path) })),
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
      ignored: IGNORED[entry.kind],
    };
  });
  return { ...noLoss(root), files, fileCount: lost.length };
}

const IGNORED: Readonly<Record<StatusEntry["kind"], boolean | undefined>> = {
  changed: undefined,
  unmerged: undefined,
  untracked: false,
  ignored: true,
};

function stateOf(entry: StatusEntry): LostFile["state"] {
  if (entry.kind === "untracked" || entry.kind === "ignored") return "untracked";
  return entry.worktree === "." ? "staged" : "modified";
}
