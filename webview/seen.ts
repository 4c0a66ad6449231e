/** Knows whether a person had the end of a command in sight: one that was not read to its end is not allowed. */
export class EndSeen {
  readonly #onSeen: (card: string) => void;
  #observer: IntersectionObserver | undefined;
  #end: Element | undefined;
  #card = "";

  constructor(onSeen: (card: string) => void) {
    this.#onSeen = onSeen;
  }

  /** Follows the end of what a card asks, inside the part of it that scrolls. To be called after each drawing. */
  watch(region: HTMLElement, card: string | undefined): void {
    const end = region.querySelector("[data-end]") ?? undefined;
    if (end === this.#end && card === this.#card) return;
    this.#observer?.disconnect();
    this.#end = end;
    this.#card = card ?? "";
    if (end === undefined || card === undefined) return;
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) this.#onSeen(card);
      },
      { root: region.querySelector(".card-body") },
    );
    this.#observer.observe(end);
  }
}
