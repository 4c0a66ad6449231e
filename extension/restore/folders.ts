import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isRebuildable, isWhollyRebuildable } from "./rebuildable.ts";

/** Entries of one folder that are looked at, at most. */
export const MAX_WALK = 2_000;

export interface Walked {
  /** Files relative to `root`; links are not followed. */
  readonly paths: readonly string[];
  /** False where there were more than could be looked at. */
  readonly complete: boolean;
}

/** The files below a folder that git lists as one entry. */
async function filesBelow(root: string, folder: string): Promise<Walked> {
  const paths: string[] = [];
  const pending = [folder.replace(/\/$/, "")];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const entries = await readdir(join(root, next), { withFileTypes: true }).catch(() => null);
    if (entries === null) return { paths, complete: false };
    for (const entry of entries) {
      const path = `${next}/${entry.name}`;
      (entry.isDirectory() ? pending : paths).push(path);
    }
    if (paths.length + pending.length > MAX_WALK) return { paths, complete: false };
  }
  return { paths, complete: true };
}

/**
 * What of an ignored entry no tool makes again. A folder of outputs is looked into as far as the bound goes: beyond
 * it, its name counts.
 */
export async function preciousOf(root: string, entry: string): Promise<readonly string[]> {
  if (!entry.endsWith("/")) return isRebuildable(entry) ? [] : [entry];
  if (isWhollyRebuildable(entry)) return [];
  if (!isRebuildable(entry)) return [entry];
  const { paths } = await filesBelow(root, entry);
  return paths.filter((path) => !isRebuildable(path));
}

/** The files of a folder that fit, and that no tool makes again. */
export async function namedInside(
  root: string,
  folder: string,
  fits: (path: string) => boolean,
): Promise<Walked> {
  if (isWhollyRebuildable(folder)) return { paths: [], complete: true };
  const { paths, complete } = await filesBelow(root, folder);
  return { paths: paths.filter((path) => fits(path) && !isRebuildable(path)), complete };
}
