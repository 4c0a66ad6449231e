import type { Readable } from "node:stream";

const NEWLINE = 0x0a;
/** Bytes of a line over the limit that are kept, to tell what it was. */
const HEAD_BYTES = 512;

export type Line =
  | { readonly type: "whole"; readonly text: string }
  | { readonly type: "cut"; readonly head: string };

/** The lines of a byte stream, no faster than they are asked for. Of a line over `maxBytes` only the head is kept. */
export async function* readLines(stream: Readable, maxBytes: number): AsyncGenerator<Line, undefined> {
  let pending: Buffer[] = [];
  let size = 0;
  let skipping = false;
  for await (const chunk of untilBroken(stream)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      pending.push(chunk.subarray(start, end));
      size += end - start;
      start = end + 1;
      const line = skipping ? null : size > maxBytes ? cut(pending) : whole(pending);
      pending = [];
      size = 0;
      skipping = false;
      if (line !== null) yield line;
    }
    const rest = chunk.subarray(start);
    if (rest.length === 0 || skipping) continue;
    pending.push(rest);
    size += rest.length;
    if (size <= maxBytes) continue;
    const line = cut(pending);
    pending = [];
    size = 0;
    skipping = true;
    yield line;
  }
  // The last words of a program that ends in the middle of a line.
  if (pending.length > 0) yield whole(pending);
  return undefined;
}

function whole(pieces: readonly Buffer[]): Line {
  return { type: "whole", text: Buffer.concat(pieces).toString("utf8").trim() };
}

function cut(pieces: readonly Buffer[]): Line {
  const heads = pieces.slice(0, 2).map((piece) => piece.subarray(0, HEAD_BYTES));
  return { type: "cut", head: Buffer.concat(heads).toString("latin1") };
}

/** A stream that breaks has ended: what matters is said by the process's own end. */
async function* untilBroken(stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch {
    // Destroyed, or reset by the other end.
  }
}
