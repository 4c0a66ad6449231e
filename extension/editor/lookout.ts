export interface LookoutParts {
  readonly look: () => Promise<void>;
  /** Somebody sees what a look would show. */
  readonly isWanted: () => boolean;
  /** A look that nobody waits for failed; said once, until one has worked again. */
  readonly tell: (error: unknown) => void;
}

/** Looks again where something has changed and somebody sees it, one look after the other. */
export class Lookout {
  readonly #parts: LookoutParts;
  #looking: Promise<void> | undefined;
  /** Something has changed since the last look began, or that one failed. */
  #stale = true;
  #failed = false;

  constructor(parts: LookoutParts) {
    this.#parts = parts;
  }

  /** Something may be different: looks again, at once where it is wanted. */
  changed(): void {
    this.#stale = true;
    this.seen();
  }

  /** It may be wanted by now: what has changed meanwhile is looked at. */
  seen(): void {
    if (!this.#stale || this.#looking !== undefined || !this.#parts.isWanted()) return;
    this.#lookSoon().catch((error: unknown) => {
      if (!this.#failed) this.#parts.tell(error);
      this.#failed = true;
    });
  }

  /** Looks, whoever sees it. Rejects where that fails. */
  lookAnew(): Promise<void> {
    this.#stale = true;
    return this.#lookSoon();
  }

  #lookSoon(): Promise<void> {
    this.#looking ??= this.#look().then(
      () => {
        this.#looking = undefined;
        // What changed as the look ended.
        this.seen();
      },
      (error: unknown) => {
        this.#looking = undefined;
        throw error;
      },
    );
    return this.#looking;
  }

  /** Until nothing has changed any more. */
  async #look(): Promise<void> {
    while (this.#stale) {
      this.#stale = false;
      try {
        await this.#parts.look();
        this.#failed = false;
      } catch (error) {
        // The next occasion looks again. At once it would fail likewise, again and again.
        this.#stale = true;
        throw error;
      }
    }
  }
}
