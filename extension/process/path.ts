import { statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The file that a shell would run for a name by a PATH, folders that `skips` left out; null where there is none. */
export function programOnPath(name: string, path: string, skips: (folder: string) => boolean): string | null {
  for (const folder of path.split(delimiter)) {
    if (!folder.startsWith("/") || skips(folder)) continue;
    const file = join(folder, name);
    if (isProgram(file)) return file;
  }
  return null;
}

/** True for a file that can be run. `byEnding`: the system tells that by its name, as Windows does. */
export function isProgram(file: string, byEnding = false): boolean {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() === true && (byEnding || (stats.mode & 0o111) !== 0);
  } catch {
    // ENOTDIR and EACCES: nothing to run there.
    return false;
  }
}
