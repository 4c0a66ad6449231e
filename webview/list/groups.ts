import type { RowWindow } from "../window.ts";

/**
 * Rows that share an element. What is out of sight is skipped by whole groups: each group that settles costs a layout,
 * so it holds many rows; the newest two never settle, so that what moves is not judged again and again.
 */
const GROUP_ROWS = 25;
const UNSETTLED_GROUPS = 2;

/** Keeps rows in groups by their index, in order, inside one element. */
export class Groups {
  readonly #parent: HTMLElement;
  readonly #groups = new Map<number, HTMLElement>();
  #settledBelow = 0;

  constructor(parent: HTMLElement) {
    this.#parent = parent;
  }

  reset(): void {
    this.#groups.clear();
    this.#parent.replaceChildren();
  }

  /** Before rows are placed: drops groups that lost all their rows, and settles those that are far from the end. */
  clear(window: RowWindow): void {
    for (const [number, group] of this.#groups) {
      if (group.childElementCount > 0) continue;
      group.remove();
      this.#groups.delete(number);
    }
    const newest = numberOf(window.entries.at(-1)?.index ?? 0);
    this.#settledBelow = newest - UNSETTLED_GROUPS + 1;
    for (const [number, group] of this.#groups)
      group.classList.toggle("settled", number < this.#settledBelow);
  }

  /** Puts a row before the one that follows it, if they are of one group, else at its group's end. */
  place(row: HTMLElement, index: number, next: HTMLElement | undefined): void {
    const group = this.#groupOf(numberOf(index), next?.parentElement ?? undefined);
    const sibling = next?.parentElement === group ? next : null;
    if (row.parentElement !== group || row.nextElementSibling !== sibling) group.insertBefore(row, sibling);
  }

  #groupOf(number: number, next: HTMLElement | undefined): HTMLElement {
    const known = this.#groups.get(number);
    if (known !== undefined) return known;
    const group = document.createElement("div");
    group.className = "group";
    group.classList.toggle("settled", number < this.#settledBelow);
    group.setAttribute("role", "presentation");
    this.#groups.set(number, group);
    this.#parent.insertBefore(group, next ?? null);
    return group;
  }
}

function numberOf(index: number): number {
  return Math.floor(index / GROUP_ROWS);
}
