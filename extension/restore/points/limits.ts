import { patternToRegExp } from "../glob.ts";
import type { BytePath } from "./bytePath.ts";

/** How much one point may hold, in bytes and files. What is over is named as not covered. `Keep` bounds them together. */
export interface Limits {
  readonly fileBytes: number;
  readonly totalBytes: number;
  readonly files: number;
  /** For files that git ignores and a name asks for: of one, and of all together beside the others. */
  readonly ignoredBytes: number;
  readonly ignoredTotalBytes: number;
  /** Where git can't say what changed, the whole folder is copied, up to these. */
  readonly walkFiles: number;
  readonly walkBytes: number;
  /** A repository's objects, where they can't be linked: without those that are over, points are marked as without their history. */
  readonly copiedBytes: number;
  /** Submodules and embedded repositories. */
  readonly nested: number;
  /** Ignored files that are kept all the same: patterns for their last part. */
  readonly named: readonly string[];
}

const MIB = 1024 * 1024;

/** Chosen: sources are small; what is larger is data, and a point is no backup. */
export const LIMITS: Limits = {
  fileBytes: 32 * MIB,
  totalBytes: 512 * MIB,
  files: 20_000,
  ignoredBytes: MIB,
  ignoredTotalBytes: 32 * MIB,
  walkFiles: 5_000,
  walkBytes: 64 * MIB,
  copiedBytes: 2 * 1024 * MIB,
  nested: 32,
  named: [".env", ".env.*", ".envrc", "*.local", "*.sqlite", "*.sqlite3", "*.db"],
};

/** Null where a pattern can't be read: it names nothing. */
const compiled = new Map<string, RegExp | null>();

export function isNamed(path: BytePath, names: readonly string[]): boolean {
  const last = path.slice(path.lastIndexOf("/") + 1);
  return names.some((name) => {
    if (!compiled.has(name)) compiled.set(name, patternToRegExp(name));
    return compiled.get(name)?.test(last) ?? false;
  });
}
