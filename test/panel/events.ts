import type { Approval } from "../../extension/approvals/approval.ts";
import { EVENT_VERSION, type EventBody, type SessionEvent } from "../../extension/events/event.ts";
import { Conversation } from "../../extension/panel/conversation.ts";
import { Feed, type FeedTimer } from "../../extension/panel/feed.ts";
import type { CallDetails } from "../../extension/panel/details.ts";
import type { HostMessage } from "../../extension/panel/protocol.ts";

export const SESSION = "s1";
export const ROOT = "/projects/sample";

/** Numbers and dates events like a session does; each event is a second after the last unless told. */
export class EventSource {
  #seq = 0;
  #at: number;

  constructor(start = 1_000_000) {
    this.#at = start;
  }

  make(body: EventBody, after = 1_000): SessionEvent {
    this.#seq += 1;
    this.#at += after;
    return { ...body, v: EVENT_VERSION, session: SESSION, seq: this.#seq, at: this.#at };
  }
}

/** A timer that ticks when the test says so. */
export class ManualTimer implements FeedTimer {
  #then: (() => void) | undefined;
  started = 0;

  start(_ms: number, then: () => void): () => void {
    this.started += 1;
    this.#then = then;
    return () => {
      this.#then = undefined;
    };
  }

  get armed(): boolean {
    return this.#then !== undefined;
  }

  tick(): void {
    const then = this.#then;
    this.#then = undefined;
    then?.();
  }
}

/** A feed on one conversation, with what it sent. */
export function fixture(details: (call: string) => CallDetails | undefined = () => undefined) {
  const source = new EventSource();
  const timer = new ManualTimer();
  const sent: HostMessage[] = [];
  const conversation = new Conversation(SESSION, [{ name: "sample", path: ROOT }]);
  const feed = new Feed({
    send: (message) => sent.push(structuredClone(message)),
    details: (_session, call) => Promise.resolve(details(call)),
    timer,
  });
  const apply = (...bodies: EventBody[]): void => {
    for (const body of bodies) conversation.apply(source.make(body));
  };
  return { source, timer, sent, conversation, feed, apply };
}

export function message(id: string, text: string, role: "agent" | "thought" | "user" = "agent"): EventBody {
  return { type: "message", turn: 1, message: id, role, text };
}

export function approval(id: string, call: string): Approval {
  return {
    id,
    session: SESSION,
    call,
    kind: "loss",
    act: "command",
    asked: "git reset --hard",
    cwd: `${ROOT}/api`,
    rule: "git.reset.discard",
    reason: "Would lose uncommitted changes.",
    openedAt: 1_000_500,
    choices: ["allow-once", "reject", "reject-stop"],
    reasonGoes: "answer",
  };
}
