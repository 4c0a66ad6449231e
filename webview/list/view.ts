import type { Row } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import type { Entry } from "../window.ts";

/** One row on the page. Its element stays; what is in it follows the row's data. */
export interface RowView {
  readonly type: Row["type"];
  readonly element: HTMLElement;
  update(entry: Entry, context: RowContext): void;
  /** A key pressed on the row itself; true when it meant something. */
  key?(key: string, entry: Entry): boolean;
}

export interface RowContext {
  readonly app: App;
  /** The log shows when a call came; in the conversation its place says enough. */
  readonly log: boolean;
  /** Draws a row again in the next frame. */
  readonly touch: (index: number) => void;
}

/** Whether a row is open: as a person left it, else as its state says. */
export function isOpen(context: RowContext, id: string, byState = false): boolean {
  return context.app.ui.opened.get(id) ?? byState;
}

/** Opens or folds a row. */
export function toggle(context: RowContext, entry: Entry, open: boolean): void {
  const { opened } = context.app.ui;
  // Set anew, so that the map's order is the order of last use: only the last ones are kept for a reload.
  opened.delete(entry.row.id);
  opened.set(entry.row.id, open);
  context.touch(entry.index);
}

/** The keys that open and fold a row, as in VS Code's trees. */
export function foldKey(context: RowContext, key: string, entry: Entry, open: boolean): boolean {
  if (key === "Enter" || key === " ") toggle(context, entry, !open);
  else if (key === "ArrowRight" && !open) toggle(context, entry, true);
  else if (key === "ArrowLeft" && open) toggle(context, entry, false);
  else return false;
  return true;
}
