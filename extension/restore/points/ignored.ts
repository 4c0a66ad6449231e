import { readdir } from "node:fs/promises";
import { isRebuildable } from "../rebuildable.ts";
import { type BytePath, onDisk } from "./bytePath.ts";

/** Entries of ignored folders that are looked at for one point, those near the top first. */
const MAX_ENTRIES = 5_000;

export interface InIgnored {
  readonly files: readonly BytePath[];
  /** Folders that are repositories. */
  readonly repositories: readonly BytePath[];
}

/**
 * What lies in folders that git ignores as a whole, and would be missed all the same: named files, and repositories of their own,
 * such as worktrees. Folders that tools make again are left out. `folders` end with a slash; links are not followed.
 */
export async function findInIgnored(
  root: string,
  folders: readonly BytePath[],
  isNamed: (path: BytePath) => boolean,
): Promise<InIgnored> {
  const files: BytePath[] = [];
  const repositories: BytePath[] = [];
  let left = MAX_ENTRIES;
  let level = folders.filter((folder) => !isRebuildable(folder));
  while (level.length > 0) {
    const next: BytePath[] = [];
    for (const folder of level) {
      if (left <= 0) return { files, repositories };
      const options = { withFileTypes: true, encoding: "latin1" } as const;
      const entries = await readdir(onDisk(root, folder), options).catch(() => []);
      if (entries.some(({ name }) => name === ".git")) {
        repositories.push(folder.slice(0, -1));
        continue;
      }
      const seen = entries.slice(0, left);
      left -= seen.length;
      for (const entry of seen) {
        const path = `${folder}${entry.name}`;
        if (!entry.isDirectory()) {
          if (isNamed(path)) files.push(path);
        } else if (!isRebuildable(`${path}/`)) next.push(`${path}/`);
      }
    }
    level = next;
  }
  return { files, repositories };
}
