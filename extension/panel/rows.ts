import { headOf } from "./bounds.ts";
import { SNAPSHOT_ROWS, type Row } from "./protocol.ts";

/**
 * Characters of text and output that one conversation keeps for its rows. Chosen: 10,000 calls with full output, or
 * 250 of the longest messages; 64 MB at worst. Beyond it the oldest rows keep only their beginning.
 */
export const CONVERSATION_CHARACTERS = 32 * 1024 * 1024;
/** Characters that an old message keeps. Its row says that it was cut. */
const SHED_TEXT_CHARACTERS = 2 * 1024;

/** The rows of one conversation: append-only, each with its index for ever. */
export class Rows {
  readonly #rows: Row[] = [];
  readonly #byId = new Map<string, number>();
  readonly #calls: number[] = [];
  readonly #budget: number;
  #characters = 0;
  #shed = 0;

  constructor(budget: number = CONVERSATION_CHARACTERS) {
    this.#budget = budget;
  }

  get total(): number {
    return this.#rows.length;
  }

  /** The indices of all calls, rising. */
  get calls(): readonly number[] {
    return this.#calls;
  }

  at(index: number): Row | undefined {
    return this.#rows[index];
  }

  indexOf(id: string): number | undefined {
    return this.#byId.get(id);
  }

  append(row: Row): number {
    const index = this.#rows.push(row) - 1;
    this.#byId.set(row.id, index);
    if (row.type === "call") this.#calls.push(index);
    this.#count(weight(row));
    return index;
  }

  replace(index: number, row: Row): void {
    const before = this.#rows[index];
    if (before === undefined) return;
    this.#rows[index] = row;
    this.#count(weight(row) - weight(before));
  }

  #count(characters: number): void {
    this.#characters += characters;
    // The newest rows stay whole: they are what a snapshot shows.
    while (this.#characters > this.#budget && this.#shed < this.#rows.length - SNAPSHOT_ROWS) {
      const row = this.#rows[this.#shed];
      if (row !== undefined) {
        const lighter = shed(row);
        this.#rows[this.#shed] = lighter;
        this.#characters += weight(lighter) - weight(row);
      }
      this.#shed += 1;
    }
  }
}

/** The characters of a row that can be many. */
export function weight(row: Row): number {
  if (row.type === "call") return row.call.output.length;
  return "text" in row ? row.text.length : 0;
}

function shed(row: Row): Row {
  if (row.type === "call") {
    return row.call.output === "" ? row : { ...row, call: { ...row.call, output: "", outputCut: true } };
  }
  if (!("text" in row) || row.text.length <= SHED_TEXT_CHARACTERS) return row;
  return { ...row, text: headOf(row.text, SHED_TEXT_CHARACTERS), cut: true };
}
