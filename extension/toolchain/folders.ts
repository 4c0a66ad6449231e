import { type Dirent, existsSync, readdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";

/** Folders whose files are nobody's to mend here. */
const FOREIGN = new Set([
  "node_modules",
  ".git",
  ".venv",
  "venv",
  "__pycache__",
  "site-packages",
  "dist",
  "build",
  "target",
  "vendor",
]);
/** How far a project's parts are looked for: deep enough for `apps/x/packages/y`, and over in milliseconds. */
const MAX_DEPTH = 4;
const MAX_FOLDERS = 2_000;

/** True when a path is a folder or lies inside it. */
export function isWithin(folder: string, path: string): boolean {
  const between = relative(folder, path);
  return between === "" || (!isAbsolute(between) && between !== ".." && !between.startsWith(`..${sep}`));
}

/** True for a file of the project itself, not of its dependencies or of git. */
export function isOwnFile(folder: string, file: string): boolean {
  if (!isWithin(folder, file)) return false;
  return !relative(folder, file)
    .split(sep)
    .some((part) => part === "node_modules" || part === ".git" || part === ".venv" || part === "venv");
}

/** The nearest file of a name from a file's folder up to `top`; null where there is none. */
export function nearestFile(top: string, file: string, name: string): string | null {
  for (let folder = dirname(file); isWithin(top, folder); folder = dirname(folder)) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
    if (dirname(folder) === folder) break;
  }
  return null;
}

/** Folders inside `top` (itself first) that hold a file of one of the names, found breadth first and bounded. */
export function foldersWith(top: string, holds: (name: string) => boolean): readonly string[] {
  const found: string[] = [];
  const walk = foldersOf(top);
  for (let at = walk.next(); at.done !== true;) {
    const entries = entriesOf(at.value);
    if (hasFile(entries, holds)) found.push(at.value);
    at = walk.next(entries);
  }
  return found;
}

/** True where one of the folders that `foldersWith` looks at holds such a file. Looks no further, and blocks nothing. */
export async function someFolderHolds(top: string, holds: (name: string) => boolean): Promise<boolean> {
  const walk = foldersOf(top);
  for (let at = walk.next(); at.done !== true;) {
    const entries = await readdir(at.value, { withFileTypes: true }).catch(() => []);
    if (hasFile(entries, holds)) return true;
    at = walk.next(entries);
  }
  return false;
}

/** The folders of a project, breadth first and bounded; for each it is told what lies in it. */
function* foldersOf(top: string): Generator<string, void, readonly Dirent[]> {
  let level = [top];
  let seen = 0;
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++seen > MAX_FOLDERS) return;
      next.push(...partsOf(folder, yield folder));
    }
    level = next;
  }
}

/** The folders that lie in no other one of them. */
export function topmost(folders: readonly string[]): readonly string[] {
  return folders.filter((folder) => !folders.some((other) => other !== folder && isWithin(other, folder)));
}

function hasFile(entries: readonly Dirent[], holds: (name: string) => boolean): boolean {
  return entries.some((entry) => entry.isFile() && holds(entry.name));
}

/** The folders in a folder that may hold parts of the project. */
function partsOf(folder: string, entries: readonly Dirent[]): readonly string[] {
  return entries
    .filter((entry) => entry.isDirectory() && !FOREIGN.has(entry.name) && !entry.name.startsWith("."))
    .map((entry) => join(folder, entry.name));
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Not ours to read, or gone.
    return [];
  }
}
