/** Speaks to screen readers through two live regions: one that interrupts, one that waits. */
export class Announcer {
  readonly #assertive = region("assertive");
  readonly #polite = region("polite");

  constructor(root: HTMLElement) {
    root.append(this.#assertive, this.#polite);
  }

  /** For what a person must know at once: a new approval. */
  now(text: string): void {
    say(this.#assertive, text);
  }

  /** For all else. */
  later(text: string): void {
    say(this.#polite, text);
  }
}

function region(manner: "assertive" | "polite"): HTMLElement {
  const element = document.createElement("div");
  element.className = "heard";
  element.setAttribute("aria-live", manner);
  element.setAttribute("aria-atomic", "true");
  return element;
}

/** The same words twice are no change to a screen reader, unless the element differs. */
function say(element: HTMLElement, text: string): void {
  const line = document.createElement("p");
  line.textContent = text;
  element.replaceChildren(line);
}
