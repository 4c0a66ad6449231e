/** The version of what callers send. A caller of another version is refused: it belongs to another host. */
export const CHANNEL_VERSION = "1";

/** Bytes of one request: an argument list may be as long as the system allows, an environment nearly so. */
export const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

const NUL = 0;

/**
 * What a caller says, as it comes in: fields that end with NUL, which no argument and no path can hold. The first is the
 * number of those that follow, so that its end is known without closing the pipe: closing it means that the caller is gone.
 */
export class Frame {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #ends: number[] = [];

  /** The fields once all are there; null before; `too-large` where it never ends. */
  push(chunk: Buffer): readonly Buffer[] | "broken" | null {
    for (let at = chunk.indexOf(NUL); at >= 0; at = chunk.indexOf(NUL, at + 1))
      this.#ends.push(this.#bytes + at);
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_REQUEST_BYTES) return "broken";
    const [first] = this.#ends;
    if (first === undefined) return null;
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    const count = Number(whole.toString("latin1", 0, first));
    if (!Number.isSafeInteger(count) || count < 1) return "broken";
    if (this.#ends.length <= count) return null;
    return this.#ends
      .slice(1, count + 1)
      .map((end, index) => whole.subarray((this.#ends[index] ?? 0) + 1, end));
  }
}
