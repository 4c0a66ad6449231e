/** The version of what callers send. A caller of another version is refused: it belongs to another host. */
export const CHANNEL_VERSION = "1";

/** Bytes of one request: an argument list may be as long as the system allows, an environment nearly so. */
export const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

const NUL = 0;

/** What a caller says: fields that end with NUL, which no argument and no path can hold. */
export interface Fields {
  readonly fields: readonly Buffer[];
  /** Where what follows begins. */
  readonly end: number;
}

/**
 * What stands at the beginning of what came in. The first field is the number of those that follow, so that the end is known
 * without closing the pipe: closing it means that the caller is gone. Null where it isn't all there yet.
 */
export function readFrame(bytes: Buffer): Fields | "broken" | null {
  const first = bytes.indexOf(NUL);
  if (first < 0) return null;
  const count = Number(bytes.toString("latin1", 0, first));
  if (!Number.isSafeInteger(count) || count < 1) return "broken";
  const fields: Buffer[] = [];
  let start = first + 1;
  while (fields.length < count) {
    const end = bytes.indexOf(NUL, start);
    if (end < 0) return null;
    fields.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return { fields, end: start };
}

/** What one caller says, as it comes in. */
export class Frame {
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Fields that have come to their end, the number of them first. */
  #ends = 0;
  #wanted: number | undefined;

  /** The fields once all are there; null before; `broken` where it never ends. */
  push(chunk: Buffer): readonly Buffer[] | "broken" | null {
    for (let at = chunk.indexOf(NUL); at >= 0; at = chunk.indexOf(NUL, at + 1)) this.#ends++;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_REQUEST_BYTES) return "broken";
    if (this.#ends === 0 || (this.#wanted !== undefined && this.#ends <= this.#wanted)) return null;
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    this.#wanted ??= Number(whole.toString("latin1", 0, whole.indexOf(NUL)));
    const frame = readFrame(whole);
    return frame === null || frame === "broken" ? frame : frame.fields;
  }
}
