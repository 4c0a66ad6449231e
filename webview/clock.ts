import { clockTime } from "./text/format.ts";

const SECOND = 1_000;

/**
 * Ticks once a second while an element with `data-since` is shown, and not at all otherwise: a page on which
 * nothing waits costs nothing.
 */
export class Clock {
  readonly #root: ParentNode;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: ParentNode) {
    this.#root = root;
  }

  /** To be called after each drawing: starts the clock if something needs it now. */
  update(): void {
    if (this.#timer !== undefined || this.#elements().length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const now = Date.now();
      for (const element of this.#elements()) {
        // The text itself is changed: another node in its place could not be drawn over any more.
        const text = element.lastChild;
        if (text instanceof Text) text.data = clockTime(now - Number(element.dataset["since"]));
      }
      this.update();
    }, SECOND);
  }

  #elements(): HTMLElement[] {
    return [...this.#root.querySelectorAll<HTMLElement>("[data-since]")];
  }
}
