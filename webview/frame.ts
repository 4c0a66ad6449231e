/**
 * Milliseconds between two frames that only bring rows: a little less than the host's own tick, so that its patches are
 * drawn as they come, and a burst of them is drawn as one.
 */
const ROWS_GAP_MS = 45;

/**
 * The page's one animation frame. Whoever changed something asks for it; nobody else does, so an idle page has none.
 * All reading of layout comes before all writing, so a frame costs one layout.
 */
export class Frame {
  readonly #steps: { readonly read: () => void; readonly write: () => void };
  #asked = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = Number.NEGATIVE_INFINITY;

  constructor(steps: { readonly read: () => void; readonly write: () => void }) {
    this.#steps = steps;
  }

  /** In the next frame: what a person did, and what they should see at once. */
  request(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#last = performance.now();
      this.#steps.read();
      this.#steps.write();
    });
  }

  /** In a frame soon: rows, which may come faster than anyone reads. */
  requestRows(): void {
    if (this.#asked || this.#timer !== undefined) return;
    const wait = this.#last + ROWS_GAP_MS - performance.now();
    if (wait <= 0) this.request();
    else this.#timer = setTimeout(() => this.request(), wait);
  }
}
