import type { FileDiff, SessionEvent } from "../events/event.ts";
import type { CallDetails } from "./details.ts";

/** Characters of one call's output that are kept whole. Chosen: some 10,000 lines; the rest is in its own file. */
export const CALL_OUTPUT_CHARACTERS = 1024 * 1024;
/** Characters that one session keeps in all. Beyond it the calls that changed longest ago are forgotten. */
export const ARCHIVE_CHARACTERS = 32 * 1024 * 1024;

interface Kept {
  input: string | undefined;
  output: string;
  dropped: number;
  diffs: readonly FileDiff[];
}

/** Keeps, from a session's events, what the rows of its calls leave out; bounded, the oldest goes first. */
export class CallArchive {
  readonly #calls = new Map<string, Kept>();
  readonly #budget: number;
  #characters = 0;

  constructor(budget: number = ARCHIVE_CHARACTERS) {
    this.#budget = budget;
  }

  apply(event: SessionEvent): void {
    if (event.type === "output") {
      this.#change(event.call, (kept) => {
        const all = kept.output + event.text;
        // Cut in large steps: a cut for each chunk would copy the whole text each time.
        const over = all.length > CALL_OUTPUT_CHARACTERS * 1.25 ? all.length - CALL_OUTPUT_CHARACTERS : 0;
        kept.output = all.slice(over);
        kept.dropped += over;
      });
    }
    if (event.type === "call" && (event.patch.input !== undefined || event.patch.diffs !== undefined)) {
      this.#change(event.call, (kept) => {
        kept.input = event.patch.input ?? kept.input;
        kept.diffs = event.patch.diffs ?? kept.diffs;
      });
    }
  }

  details(call: string): CallDetails | undefined {
    const kept = this.#calls.get(call);
    if (kept === undefined) return undefined;
    const { input, output, dropped, diffs } = kept;
    return { ...(input === undefined ? {} : { input }), output, dropped, diffs };
  }

  #change(call: string, change: (kept: Kept) => void): void {
    const kept = this.#calls.get(call) ?? { input: undefined, output: "", dropped: 0, diffs: [] };
    const before = this.#calls.has(call) ? weight(kept) : 0;
    change(kept);
    // Set anew, so that the map's order is the order of last change.
    this.#calls.delete(call);
    this.#calls.set(call, kept);
    this.#characters += weight(kept) - before;
    for (const [oldest, other] of this.#calls) {
      if (this.#characters <= this.#budget || oldest === call) break;
      this.#calls.delete(oldest);
      this.#characters -= weight(other);
    }
  }
}

function weight(kept: Kept): number {
  const texts = kept.diffs.map((diff) => (diff.oldText?.length ?? 0) + (diff.newText?.length ?? 0));
  return (kept.input?.length ?? 0) + kept.output.length + texts.reduce((sum, length) => sum + length, 0);
}
