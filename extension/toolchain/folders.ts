import { type Dirent, existsSync } from "node:fs";
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
/** Folders that are read at the same time: what Node has threads for, several times over. */
const READ_AT_ONCE = 16;

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
export async function foldersWith(top: string, holds: (name: string) => boolean): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const folder of holding(top, holds)) found.push(folder);
  return found;
}

/** True where there is one of the folders that `foldersWith` finds. Looks no further. */
export async function someFolderHolds(top: string, holds: (name: string) => boolean): Promise<boolean> {
  for await (const _ of holding(top, holds)) return true;
  return false;
}

/** Reads some folders at a time, and never waits for the disk: the host has other things to do. */
async function* holding(top: string, holds: (name: string) => boolean): AsyncGenerator<string> {
  let level = [top];
  let left = MAX_FOLDERS;
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const looked = level.slice(0, left);
    left -= looked.length;
    const next: string[] = [];
    for (let at = 0; at < looked.length; at += READ_AT_ONCE) {
      const folders = looked.slice(at, at + READ_AT_ONCE);
      const contents = await Promise.all(folders.map(entriesOf));
      for (const [index, entries] of contents.entries()) {
        const folder = folders[index] ?? top;
        if (hasFile(entries, holds)) yield folder;
        next.push(...partsOf(folder, entries));
      }
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

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  // Not ours to read, or gone.
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}
