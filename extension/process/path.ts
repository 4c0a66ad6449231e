import { statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The file that a shell would run for a name by a PATH, folders that `skips` left out; null where there is none. */
export function programOnPath(name: string, path: string, skips: (folder: string) => boolean): string | null {
  for (const folder of path.split(delimiter)) {
    if (!folder.startsWith("/") || skips(folder)) continue;
    const file = join(folder, name);
    try {
      const stats = statSync(file, { throwIfNoEntry: false });
      if (stats?.isFile() === true && (stats.mode & 0o111) !== 0) return file;
    } catch {
      // ENOTDIR and EACCES: nothing to run there.
    }
  }
  return null;
}
