import { dirname, join, relative, sep } from "node:path";
import type { Reader } from "./disk.ts";

/** How far up a project may reach. */
export interface Bounds {
  /** The user's home folder: stray files in it, and above, say nothing about the projects below. */
  readonly home: string;
  /** The folders that are open: they bound a project that is in no repository. */
  readonly roots: readonly string[];
}

/** Folders walked upwards, at most: a longer path is a trap, not a project. */
const MAX_LEVELS = 64;

/** The folders whose files count for a folder, nearest first: up to its repository's root, or to what bounds it without one. */
export function levelsOf(folder: string, reader: Reader, bounds: Bounds): readonly string[] {
  const levels: string[] = [];
  let open: number | undefined;
  for (let level = folder; levels.length < MAX_LEVELS; level = dirname(level)) {
    if (level === bounds.home && level !== folder) break;
    levels.push(level);
    // A file in a linked worktree or a submodule, a folder elsewhere.
    if (reader.exists(join(level, ".git"))) return levels;
    if (bounds.roots.includes(level)) open ??= levels.length;
    if (dirname(level) === level) break;
  }
  return open === undefined ? levels : levels.slice(0, open);
}

/** A folder relative to another with `/`, and `.` for itself: the form in which locks and workspaces name members. */
export function memberPath(root: string, folder: string): string {
  return relative(root, folder).split(sep).join("/") || ".";
}
