import type { OutputTail } from "../../process/output.ts";

/** Bytes that an output is left with as long as there is room for that: the end says how it went. */
const END_BYTES = 16 * 1024;
/** A little more than needed is freed, so that the next piece of output doesn't ask for room again. */
const ROOM = 7 / 8;

/**
 * Keeps the outputs of a session's terminals within a number of bytes in all. When they grow beyond it, the oldest
 * shrink to their ends: first those of commands that ended, then of those that run.
 */
export class OutputBudget {
  readonly #bytes: number;
  readonly #running = new Set<OutputTail>();
  /** In the order in which they ended. */
  readonly #finished = new Set<OutputTail>();
  /** Never less than what is kept. */
  #kept = 0;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  add(tail: OutputTail): void {
    this.#running.add(tail);
  }

  push(tail: OutputTail, chunk: Buffer): void {
    const before = tail.kept;
    tail.push(chunk);
    this.#kept += Math.max(0, tail.kept - before);
    if (this.#kept > this.#bytes) this.#makeRoom();
  }

  finish(tail: OutputTail): void {
    if (!this.#running.delete(tail)) return;
    tail.shrink();
    this.#finished.add(tail);
  }

  /** Nobody reads it any more: nothing of it is kept, also of what still comes. */
  forget(tail: OutputTail): void {
    this.#running.delete(tail);
    this.#finished.delete(tail);
    tail.shrink(0);
  }

  #makeRoom(): void {
    this.#kept = 0;
    for (const tail of [...this.#finished, ...this.#running]) {
      tail.shrink();
      this.#kept += tail.kept;
    }
    if (this.#kept <= this.#bytes) return;
    for (const tails of [this.#finished, this.#running]) {
      for (const least of [END_BYTES, 0]) this.#shrink(tails, least);
    }
  }

  #shrink(oldestFirst: Iterable<OutputTail>, least: number): void {
    for (const tail of oldestFirst) {
      const excess = this.#kept - this.#bytes * ROOM;
      if (excess <= 0) return;
      const before = tail.kept;
      if (before > least) tail.shrink(Math.max(least, Math.floor(before - excess)));
      this.#kept -= before - tail.kept;
    }
  }
}
