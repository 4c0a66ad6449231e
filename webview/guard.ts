/**
 * Milliseconds for which a card takes no answer after it appears or changes: about twice the time a person needs to
 * see that something new is under the pointer.
 */
export const DEAD_MS = 500;

/**
 * Decides whether a press on an answer is meant. A card that has just appeared, or changed, takes none; nor does it
 * while a key is held that went down before, since that key was meant for something else.
 */
export class AnswerGuard {
  #card = "";
  #openAt = 0;
  readonly #held = new Map<string, number>();

  /** Tells what the card shows now; true when it differs from before. */
  shows(card: string, now: number): boolean {
    if (card === this.#card) return false;
    this.#card = card;
    this.#openAt = now + DEAD_MS;
    return true;
  }

  keyDown(code: string, now: number): void {
    if (!this.#held.has(code)) this.#held.set(code, now);
  }

  keyUp(code: string): void {
    this.#held.delete(code);
  }

  /** The page lost the keyboard: it will not hear which keys are let go. */
  lostKeys(): void {
    this.#held.clear();
  }

  open(now: number): boolean {
    return now >= this.#openAt && [...this.#held.values()].every((since) => since >= this.#openAt);
  }
}
