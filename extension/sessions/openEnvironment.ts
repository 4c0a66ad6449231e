import { ok, type Result } from "../errors.ts";
import type { Gestures } from "./gestures.ts";

/** The environment whose hosts a person opens to one session, as they start it. */
export class OpenEnvironment {
  readonly #asked: string | undefined;
  readonly #gestures: Gestures;
  #open = false;

  constructor(asked: string | undefined, gestures: Gestures) {
    this.#asked = asked;
    this.#gestures = gestures;
  }

  /** As the session tells of it. */
  get told(): { readonly environment?: string } {
    return this.#asked === undefined ? {} : { environment: this.#asked };
  }

  /** The one that counts. */
  get name(): string | undefined {
    return this.#open ? this.#asked : undefined;
  }

  /** Recorded before it counts: what can't be recorded isn't opened. */
  async open(): Promise<Result<void>> {
    if (this.#asked === undefined || this.#open) return ok(undefined);
    const recorded = await this.#gestures.record(
      `environment ${this.#asked}`,
      "person",
      "session.environment",
    );
    this.#open = recorded.ok;
    return recorded;
  }
}
