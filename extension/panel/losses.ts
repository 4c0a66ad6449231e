import type { BroughtBack, LostWork } from "../events/event.ts";
import type { Rows } from "./rows.ts";

/** What the notices of one session say is gone, by their rows, and what was brought back of it. */
export class Losses {
  readonly #rows: Rows;
  readonly #onRow: (index: number) => void;
  readonly #lost = new Map<string, LostWork>();
  /** By row: the restore that can be undone. */
  readonly #undoable = new Map<string, string>();

  /** `onRow`: the row at this index says something else from now on. */
  constructor(rows: Rows, onRow: (index: number) => void) {
    this.#rows = rows;
    this.#onRow = onRow;
  }

  note(row: string, loss: LostWork): void {
    this.#lost.set(row, loss);
  }

  of(row: string): LostWork | undefined {
    return this.#lost.get(row);
  }

  undoableOf(row: string): string | undefined {
    return this.#undoable.get(row);
  }

  /** Null: what was brought back is gone again. */
  restored(loss: LostWork, restored: BroughtBack | null, at: number): void {
    for (const [id, lost] of this.#lost) {
      const index = lost.lossPoint === loss.lossPoint ? this.#rows.indexOf(id) : undefined;
      const row = index === undefined ? undefined : this.#rows.at(index);
      if (index === undefined || row?.type !== "notice") continue;
      const { restored: _, ...told } = row;
      if (restored === null) this.#undoable.delete(id);
      else this.#undoable.set(id, restored.journal);
      this.#rows.replace(
        index,
        restored === null ? told : { ...told, restored: { at, files: restored.files } },
      );
      this.#onRow(index);
    }
  }
}
