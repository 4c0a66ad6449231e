/** Characters of a command's output that its summary is looked for in: summaries stand at the end. */
const TAIL_CHARACTERS = 64 * 1024;

/** The ends of the outputs of commands that still run. */
export class CommandOutputs {
  readonly #tails = new Map<string, string>();

  append(call: string, text: string): void {
    const tail = (this.#tails.get(call) ?? "") + text;
    // Cut in large steps, so that many small pieces don't copy the whole each time.
    this.#tails.set(call, tail.length > TAIL_CHARACTERS * 2 ? tail.slice(-TAIL_CHARACTERS) : tail);
  }

  /** The end of what the call printed; it is forgotten here. */
  take(call: string): string {
    const tail = this.#tails.get(call) ?? "";
    this.#tails.delete(call);
    return tail;
  }
}
