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

  /** What a notice says is gone, for intents that name its row. */
  of(row: string): LostWork | undefined {
    return this.#lost.get(row);
  }

  /** What was brought back of what a notice says is gone, for intents that undo it. */
  undoableOf(row: string): string | undefined {
    return this.#undoable.get(row);
  }

  /** What is back by a restore, for whoever undoes that without its row. */
  backBy(journal: string): LostWork | undefined {
    for (const [row, by] of this.#undoable) if (by === journal) return this.#lost.get(row);
    return undefined;
  }

  /** The row of an alarm says what became of it. Null: what was brought back is gone again. */
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
