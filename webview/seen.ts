/** Of the last line of a command, so much must be in sight: half of it can't be read. */
const WHOLE = 0.9;

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
        if (entries.some((entry) => entry.intersectionRatio >= WHOLE)) this.#onSeen(card);
      },
      {
        root: region.querySelector(".card-body"),
        rootMargin: `0px 0px -${coveredBy(region)}px`,
        threshold: WHOLE,
      },
    );
    this.#observer.observe(end);
  }
}

/** Pixels at the lower edge of a card that the line of what would be lost covers while it is below the fold. */
function coveredBy(region: HTMLElement): number {
  return region.querySelector<HTMLElement>(".card-body > .lost-first")?.offsetHeight ?? 0;
}

/** Marks a region whose card goes on below what is in sight: a line that is cut there must look cut on purpose. */
export class MoreBelow {
  #observer: IntersectionObserver | undefined;
  #last: Element | undefined;

  /** To be called after each drawing. */
  watch(region: HTMLElement): void {
    const last = region.querySelector("[data-last]") ?? undefined;
    if (last === this.#last) return;
    this.#observer?.disconnect();
    this.#last = last;
    region.removeAttribute("data-more");
    if (last === undefined) return;
    this.#observer = new IntersectionObserver(
      (entries) => region.toggleAttribute("data-more", entries.at(-1)?.isIntersecting === false),
      { root: region.querySelector(".card-body") },
    );
    this.#observer.observe(last);
  }
}
