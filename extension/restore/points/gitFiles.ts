import { readdir } from "node:fs/promises";
import type { Repository } from "../../git/repository.ts";
import { type BytePath, onDisk } from "./bytePath.ts";

/** Files of git's own that are looked at in one folder, at most: refs and their logs can be many. */
const MAX_FILES = 5_000;
/** Objects lie in the vault; the others are another repository's, large, or made again. */
const LEFT_OUT = new Set(["objects", "modules", "lfs", "annex", "svn", "fsmonitor--daemon", "interlock"]);
const TRANSIENT = /\.lock$|(^|\/)hooks\/.*\.sample$|(^|\/)(gc\.pid|gc\.log|fsmonitor--daemon\.ipc)$/;

/** The files of a repository beside its objects, as paths below its two folders. */
interface GitPaths {
  readonly own: readonly BytePath[];
  /** Empty where a repository has one folder. */
  readonly common: readonly BytePath[];
}

export async function walkGitFiles({ gitDir, commonDir }: Repository): Promise<GitPaths> {
  const [own, common] = await Promise.all([
    filesBelow(gitDir),
    gitDir === commonDir ? [] : filesBelow(commonDir),
  ]);
  return { own, common };
}

async function filesBelow(root: string): Promise<readonly BytePath[]> {
  const files: BytePath[] = [];
  let level: BytePath[] = [""];
  while (level.length > 0 && files.length < MAX_FILES) {
    const next: BytePath[] = [];
    await Promise.all(
      level.map(async (folder) => {
        const options = { withFileTypes: true, encoding: "latin1" } as const;
        const entries = await readdir(onDisk(root, folder), options).catch(() => []);
        for (const entry of entries) {
          const path = `${folder}${entry.name}`;
          if (folder === "" && LEFT_OUT.has(entry.name)) continue;
          if (entry.isDirectory()) next.push(`${path}/`);
          else if ((entry.isFile() || entry.isSymbolicLink()) && !TRANSIENT.test(path)) files.push(path);
        }
      }),
    );
    level = next;
  }
  return files.slice(0, MAX_FILES).sort();
}
