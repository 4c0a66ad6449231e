import type { AuditLog } from "../audit/log.ts";
import { ok, type Problem, type Result } from "../errors.ts";
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

  /** Opens the record, and then itself. What keeps one of them from it, where that isn't told by itself. */
  async openWith(audit: Pick<AuditLog, "open" | "state">): Promise<Problem | null> {
    const wasWritable = audit.state.writable;
    const opened = await audit.open();
    const opens = await this.open();
    // A change of the record is told by itself; what was so before is told here.
    if (!opened.ok) return wasWritable ? null : opened.error;
    return opens.ok ? null : opens.error;
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
