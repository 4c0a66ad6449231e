import type { Problem } from "../errors.ts";
import { EVENT_VERSION, type EventBody, type SessionEvent } from "../events/event.ts";

type Notice = Extract<EventBody, { readonly type: "notice" }>;

/** Stamps a session's events: numbered without a gap, in the order in which they are told. */
export class EventStream {
  readonly #session: string;
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  #seq = 0;

  constructor(session: string) {
    this.#session = session;
  }

  listen(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  readonly emit = (body: EventBody): void => {
    const event = {
      v: EVENT_VERSION,
      session: this.#session,
      seq: ++this.#seq,
      at: Date.now(),
      ...body,
    } as const;
    for (const listener of this.#listeners) listener(event);
  };

  /** Something that a person should know: where work is gone, or about a call. */
  readonly notice = (
    level: Notice["level"],
    problem: Problem,
    about: Pick<Notice, "loss" | "call"> = {},
  ): void => {
    this.emit({ type: "notice", level, problem, ...about });
  };
}
