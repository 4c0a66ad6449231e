import { EVENT_VERSION, type EventBody, type SessionEvent } from "../events/event.ts";

const OPEN = new Set(["pending", "held", "running"]);

/**
 * What a transcript lacks when its host went away in the middle: pending questions are rejected, open calls
 * cancelled, and the session is ended. Empty where it had ended properly.
 */
export function closingEvents(events: readonly SessionEvent[], reason: string): readonly SessionEvent[] {
  const last = events.at(-1);
  if (last === undefined) return [];
  const pending = new Set<string>();
  const open = new Map<string, number>();
  let ended = false;
  for (const event of events) {
    if (event.type === "approval.opened") pending.add(event.approval.id);
    else if (event.type === "approval.settled") pending.delete(event.approval);
    else if (event.type === "session.state") ended = event.state.name === "ended";
    else if (event.type === "call" && event.patch.status !== undefined) {
      if (OPEN.has(event.patch.status)) open.set(event.call, event.turn);
      else open.delete(event.call);
    }
  }
  if (ended) return [];
  const bodies: EventBody[] = [
    ...[...pending].map((approval): EventBody => {
      return { type: "approval.settled", approval, settlement: { choice: "reject", by: "session-ended" } };
    }),
    ...[...open].map(([call, turn]): EventBody => ({
      type: "call",
      turn,
      call,
      patch: { status: "cancelled" },
    })),
    { type: "session.state", state: { name: "ended", reason } },
  ];
  const { session, seq, at } = last;
  return bodies.map((body, index) => ({ v: EVENT_VERSION, session, seq: seq + index + 1, at, ...body }));
}
