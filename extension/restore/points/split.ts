import type { Hash } from "./point.ts";

/**
 * Git's index changes a little all the time, and is large. It is kept in parts that are cut where its content says so:
 * what didn't change is the same part again.
 */
export const SPLIT_FROM = 64 * 1024;

const MIN_PART = 2 * 1024;
const MAX_PART = 64 * 1024;
/** A cut every 8 KiB on average. */
const MASK = (1 << 13) - 1;
const MAGIC = "ILPARTS1\n";

/** A number for each byte; any fixed ones do, as long as they look random. */
const GEAR = Uint32Array.from(
  { length: 256 },
  (_, byte) => Math.imul(byte + 1, 0x9e3779b1) ^ Math.imul(byte + 7, 0x85ebca6b),
);

export function splitContent(data: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  let rolling = 0;
  for (let at = 0; at < data.length; at++) {
    rolling = ((rolling << 1) + (GEAR[data[at] ?? 0] ?? 0)) | 0;
    const length = at + 1 - start;
    // The upper bits depend on the last bytes alone, as many as there are bits.
    if (length < MIN_PART || (((rolling >>> 16) & MASK) !== 0 && length < MAX_PART)) continue;
    parts.push(data.subarray(start, at + 1));
    start = at + 1;
  }
  if (start < data.length) parts.push(data.subarray(start));
  return parts;
}

/** What is stored in place of content that was split. */
export function listOfParts(parts: readonly Hash[]): Buffer {
  return Buffer.from(`${MAGIC}${parts.join("\n")}`);
}

/** Null for what is no list of parts. */
export function readParts(data: Buffer): readonly Hash[] | null {
  const text =
    data.toString("latin1", 0, MAGIC.length) === MAGIC ? data.toString("latin1", MAGIC.length) : null;
  const parts = text?.split("\n");
  return parts?.every((part) => /^[0-9a-f]{64}$/.test(part)) === true ? parts : null;
}
