/** A worktree as `git worktree list` has it. */
export interface ListedWorktree {
  readonly root: string;
  readonly head: string | null;
  /** Null for a detached HEAD. */
  readonly branch: string | null;
  /** Its folder isn't there any more. */
  readonly missing: boolean;
}

/** Reads `git worktree list --porcelain -z`: an empty line ends each. */
export function parseWorktrees(printed: string): readonly ListedWorktree[] {
  return printed.split("\0\0").flatMap((entry): ListedWorktree[] => {
    const lines = entry.split("\0");
    const value = (name: string): string | undefined =>
      lines.find((line) => line === name || line.startsWith(`${name} `))?.slice(name.length + 1);
    const root = value("worktree");
    if (root === undefined) return [];
    const head = value("HEAD");
    return [
      {
        root,
        // Of a branch without a commit git prints zeros.
        head: head === undefined || /^0+$/.test(head) ? null : head,
        branch: value("branch")?.replace(/^refs\/heads\//, "") ?? null,
        missing: value("prunable") !== undefined,
      },
    ];
  });
}
