import type { Call } from "../door/calls.ts";
import type { Touched } from "../door/touched.ts";
import type { GateResult } from "../gates/gate.ts";
import type { GateKeeper } from "./host.ts";
import { CommandOutputs } from "./outputs.ts";

export interface ChecksParts {
  /** Those of the folder that the session works in now. */
  readonly gates: () => Pick<GateKeeper, "edited" | "touched" | "observe">;
  /** What a command that is over may have written. */
  readonly touchedBy: (call: Call) => Touched;
  /** What the gates say of an edit, for the row that caused it. */
  readonly onResults: (call: string, turn: number, gates: readonly GateResult[]) => void;
}

/** What one session's calls give the gates to do. */
export class Checks {
  readonly #parts: ChecksParts;
  readonly #outputs = new CommandOutputs();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(parts: ChecksParts) {
    this.#parts = parts;
  }

  output(call: string, text: string): void {
    this.#outputs.append(call, text);
  }

  /** Lint and types of files that a call edited. */
  edited(paths: readonly string[], call: string, turn: number): void {
    const { gates, onResults } = this.#parts;
    this.#track(
      gates()
        .edited(paths)
        .then((results) => {
          if (results.length > 0 && !this.#closed) onResults(call, turn, results);
        }),
    );
  }

  /** A call is over: what it may have written is looked at again, and tests that it ran are read. */
  ended(call: Call, happened: boolean): void {
    const { gates, touchedBy } = this.#parts;
    const output = this.#outputs.take(call.id);
    const { kind, command, exit } = call;
    if (kind !== "command" || command === null) return;
    if ((happened || exit !== undefined) && !this.#closed) {
      const touched = touchedBy(call);
      // Before its own tests are read: they ran on what it wrote.
      if (touched !== "nothing") this.#track(gates().touched(touched));
    }
    if (exit !== undefined) gates().observe(command, exit, output);
  }

  /** Resolves when the gates have said what they think of everything so far. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Nobody listens any more. */
  close(): void {
    this.#closed = true;
  }

  /** A gate that fails says so by its report; here it only ends. */
  #track(work: Promise<unknown>): void {
    const ended = (): void => void this.#running.delete(running);
    const running = work.then(ended, ended);
    this.#running.add(running);
  }
}
