/**
 * The end of a byte stream, bounded: what is kept never exceeds `limit` bytes and is cut at a character.
 * Memory stays under twice the limit plus one chunk.
 */
export class OutputTail {
  #limit: number;
  #chunks: Buffer[] = [];
  #kept = 0;
  #total = 0;

  /** `limit` in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes seen in all. */
  get total(): number {
    return this.#total;
  }

  /** Bytes in memory. */
  get kept(): number {
    return this.#kept;
  }

  get truncated(): boolean {
    return this.#total > this.#limit;
  }

  push(chunk: Buffer): void {
    this.#total += chunk.length;
    this.#chunks.push(chunk);
    this.#kept += chunk.length;
    if (this.#kept > this.#limit * 2) this.#compact();
  }

  /** Keeps at most `limit` bytes from now on; one that is larger than before changes nothing. */
  shrink(limit = this.#limit): void {
    this.#limit = Math.min(this.#limit, limit);
    this.#compact();
  }

  /** The last `limit` bytes as text, from the first whole character on. */
  text(encoding: "utf8" | "latin1" = "utf8"): string {
    this.#compact();
    return Buffer.concat(this.#chunks).toString(encoding);
  }

  #compact(): void {
    if (this.#kept <= this.#limit) return;
    const all = Buffer.concat(this.#chunks);
    let start = all.length - this.#limit;
    // UTF-8 continuation bytes are 10xxxxxx: the next byte that is none begins a character.
    while (start < all.length && ((all[start] ?? 0) & 0xc0) === 0x80) start++;
    const tail = Buffer.from(all.subarray(start));
    this.#chunks = [tail];
    this.#kept = tail.length;
  }
}
