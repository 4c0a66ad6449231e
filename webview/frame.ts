/**
 * The page's one animation frame. Whoever changed something asks for it; nobody else does, so an idle page has none.
 * All reading of layout comes before all writing, so a frame costs one layout.
 */
export class Frame {
  readonly #steps: { readonly read: () => void; readonly write: () => void };
  #asked = false;

  constructor(steps: { readonly read: () => void; readonly write: () => void }) {
    this.#steps = steps;
  }

  request(): void {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#steps.read();
      this.#steps.write();
    });
  }
}
