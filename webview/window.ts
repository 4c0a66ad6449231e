import {
  appendOutput,
  callMatches,
  type CallRow,
  type LogFilter,
  type Op,
  type Row,
} from "../extension/panel/protocol.ts";

/** Rows that the page keeps and draws, at most: some 20 screens of a tall window. Older ones come again on demand. */
export const WINDOW_ROWS = 400;
/** Rows beyond it before the window is trimmed, so that trimming is rare and its cost is spread. */
const TRIM_SLACK = 100;

export interface Entry {
  readonly index: number;
  row: Row;
}

type RowOp = Extract<Op, { index: number }>;

/**
 * A stretch of the conversation, or of those of its calls that match a filter: sorted, bounded, and either at the
 * tail, where new rows are added as they come, or somewhere in the past.
 */
export class RowWindow {
  readonly filter: LogFilter | undefined;
  entries: Entry[] = [];
  /** True while the newest rows belong to the window. */
  tail = true;
  /** True when there are rows before the first one. */
  older = false;
  /** While true the newest rows are kept when there are too many, else the oldest. */
  following = true;
  /** Counts rows that were added at the tail, kept or not. */
  arrived = 0;
  #changed = new Set<number>();
  #reshaped = true;

  constructor(filter?: LogFilter) {
    this.filter = filter;
  }

  /** What changed since the last call: indices of changed rows, and whether rows came or went. */
  take(): { readonly changed: ReadonlySet<number>; readonly reshaped: boolean } {
    const taken = { changed: this.#changed, reshaped: this.#reshaped };
    this.#changed = new Set();
    this.#reshaped = false;
    return taken;
  }

  find(index: number): Entry | undefined {
    const at = this.#place(index);
    const entry = this.entries[at];
    return entry?.index === index ? entry : undefined;
  }

  byId(id: string): Entry | undefined {
    return this.entries.findLast((entry) => entry.row.id === id);
  }

  /** Starts anew with these rows. `older`: there are others before them; `tail`: none after them. */
  reset(entries: Entry[], older: boolean, tail = true): void {
    this.entries = entries;
    this.older = older;
    this.tail = tail;
    this.#changed.clear();
    this.#reshaped = true;
  }

  apply(op: RowOp): void {
    if (op.op === "row") {
      this.#set(op.index, op.row);
      return;
    }
    const entry = this.find(op.index);
    if (entry === undefined) return;
    entry.row = changedBy(entry.row, op);
    this.#changed.add(op.index);
  }

  /** Adds rows that were asked for, next to those that are here. */
  extend(direction: "older" | "newer", rows: Entry[], more: boolean): void {
    const known = rows.filter((entry) => this.find(entry.index) === undefined);
    this.#reshaped = true;
    if (direction === "older") {
      this.entries = [...known, ...this.entries];
      this.older = more;
      if (this.entries.length > WINDOW_ROWS) {
        this.entries.length = WINDOW_ROWS;
        this.tail = false;
      }
    } else {
      this.entries = [...this.entries, ...known];
      this.tail = !more;
      this.#dropOldest(WINDOW_ROWS);
    }
  }

  /** Draws a row again though its data did not change: it was opened or folded. */
  touch(index: number): void {
    if (this.find(index) !== undefined) this.#changed.add(index);
  }

  #set(index: number, row: Row): void {
    const at = this.#place(index);
    const entry = this.entries[at];
    if (entry?.index === index) {
      entry.row = row;
      this.#changed.add(index);
      return;
    }
    if (!this.#wants(row)) return;
    if (at < this.entries.length) {
      // A row of the past that matches the filter only now.
      if (at === 0 && this.older) return;
      this.entries.splice(at, 0, { index, row });
    } else {
      this.arrived += 1;
      if (!this.tail) return;
      if (!this.following && this.entries.length >= WINDOW_ROWS + TRIM_SLACK) {
        this.tail = false;
        return;
      }
      this.entries.push({ index, row });
    }
    this.#reshaped = true;
    if (this.following && this.entries.length > WINDOW_ROWS + TRIM_SLACK) this.#dropOldest(WINDOW_ROWS);
  }

  #wants(row: Row): boolean {
    return this.filter === undefined || (row.type === "call" && callMatches(row.call, this.filter));
  }

  #dropOldest(keep: number): void {
    if (this.entries.length <= keep) return;
    this.entries = this.entries.slice(-keep);
    this.older = true;
  }

  /** The place of the first entry that is not below an index. */
  #place(index: number): number {
    const last = this.entries.at(-1);
    if (last === undefined || last.index < index) return this.entries.length;
    let low = 0;
    let high = this.entries.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries[middle]?.index ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function changedBy(row: Row, op: Exclude<RowOp, { op: "row" }>): Row {
  if (op.op === "text" && "text" in row) {
    return { ...row, text: row.text + op.text, ...(op.cut === true ? { cut: true } : {}) };
  }
  if (op.op === "output" && row.type === "call") return { ...row, call: withOutput(row.call, op.text) };
  if (op.op === "thought" && row.type === "thought") return { ...row, ms: op.ms };
  return row;
}

function withOutput(call: CallRow, text: string): CallRow {
  const { output, cut } = appendOutput(call.output, text);
  return { ...call, output, outputCut: cut || call.outputCut };
}
