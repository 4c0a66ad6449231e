/** Milliseconds without movement after which a pointer is parked, not aiming. */
const PARKED_MS = 800;

/**
 * Knows whether a pointer is aiming at something that would move away if a card appeared above it. A card then waits
 * until the pointer leaves or rests.
 */
export class PointerHold {
  #at = Number.NEGATIVE_INFINITY;
  #target: Element | undefined;

  constructor(root: HTMLElement) {
    root.addEventListener(
      "pointermove",
      (event) => {
        this.#at = performance.now();
        this.#target = event.target as Element;
      },
      { passive: true },
    );
    root.addEventListener("pointerleave", () => {
      this.#target = undefined;
    });
  }

  /** Milliseconds for which something above `movable` should wait before it changes its height. */
  wait(movable: readonly Element[], now: number): number {
    const target = this.#target;
    if (target === undefined || !movable.some((element) => element.contains(target))) return 0;
    return Math.max(0, this.#at + PARKED_MS - now);
  }
}
