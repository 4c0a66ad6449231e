import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Capture } from "./capture.ts";
import { LIMITS } from "./limits.ts";
import type { Entry } from "./point.ts";
import type { PointStore } from "./store.ts";

/** A pointer is a few short lines (git-lfs, docs/spec.md). */
const MAX_POINTER = 1024;
const POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:.*\n)*oid sha256:([0-9a-f]{64})\n/;

/**
 * A checkout without filters writes the pointer of a large file. Where its content lies in the repository's own
 * cache, that is what the file had.
 */
export async function lfsContent(
  store: PointStore,
  capture: Capture,
  commonDir: string,
  entry: Entry,
): Promise<Entry> {
  if (entry.kind !== "file" || entry.size > MAX_POINTER || entry.blob === null) return entry;
  const oid = POINTER.exec((await store.read(entry.blob))?.toString("latin1") ?? "")?.[1];
  if (oid === undefined) return entry;
  const folder = join(commonDir, "lfs", "objects", oid.slice(0, 2), oid.slice(2, 4));
  if ((await lstat(join(folder, oid)).catch(() => null)) === null) return entry;
  const bounds = { ...LIMITS, fileBytes: Number.POSITIVE_INFINITY, totalBytes: Number.POSITIVE_INFINITY };
  const { entries } = await capture.files(folder, [{ path: oid, state: "changed" }], new Map(), bounds);
  const [content] = entries;
  return content?.blob ? { ...entry, blob: content.blob, size: content.size } : entry;
}
