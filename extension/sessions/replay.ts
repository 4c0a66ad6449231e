import * as l10n from "@vscode/l10n";
import type { Problem } from "../errors.ts";
import { type CallPatch, EVENT_VERSION, type EventBody, type SessionEvent } from "../events/event.ts";

const OPEN = new Set(["pending", "held", "running"]);
const ENDED = new Set(["ended", "crashed"]);

/**
 * What a transcript lacks when its host went away in the middle: pending questions are refused and say why, open
 * calls cancelled, the turn and the session ended. Empty where it had ended properly, or the agent had before.
 */
export function closingEvents(events: readonly SessionEvent[], reason: string): readonly SessionEvent[] {
  const last = events.at(-1);
  if (last === undefined) return [];
  /** Approvals that were not answered, with their calls. */
  const pending = new Map<string, string>();
  const open = new Map<string, number>();
  let ended = false;
  let turn: { readonly turn: number; readonly at: number } | undefined;
  for (const event of events) {
    if (event.type === "approval.opened") pending.set(event.approval.id, event.approval.call);
    else if (event.type === "approval.settled") pending.delete(event.approval);
    else if (event.type === "session.state") ended = ENDED.has(event.state.name);
    else if (event.type === "turn.started") turn = event;
    else if (event.type === "turn.ended") turn = undefined;
    else if (event.type === "call" && event.patch.status !== undefined) {
      if (OPEN.has(event.patch.status)) open.set(event.call, event.turn);
      else open.delete(event.call);
    }
  }
  if (ended) return [];
  const { session, seq, at } = last;
  const bodies: EventBody[] = [
    ...[...pending.keys()].map((approval): EventBody => {
      return { type: "approval.settled", approval, settlement: { choice: "reject", by: "session-ended" } };
    }),
    ...[...open].map(([call, turn]): EventBody => {
      const asked = [...pending.values()].includes(call);
      return { type: "call", turn, call, patch: asked ? unanswered() : { status: "cancelled" } };
    }),
    ...(turn === undefined
      ? []
      : [{ type: "turn.ended", turn: turn.turn, stop: "cancelled", ms: at - turn.at } as const]),
    { type: "session.state", state: { name: "ended", reason } },
  ];
  const closing: SessionEvent[] = [];
  for (const body of bodies) {
    closing.push({ v: EVENT_VERSION, session, seq: seq + closing.length + 1, at, ...body });
  }
  return closing;
}

/** Why a session ended that nobody closed: from the transcript alone it can't be told which of both it was. */
export function windowGone(): string {
  return l10n.t("VS Code was stopped or reloaded, and the agent ended with it.");
}

function unanswered(): CallPatch {
  const problem: Problem = {
    code: "window.gone",
    message: l10n.t("VS Code was stopped or reloaded before you answered. It did not run."),
    next: l10n.t("Ask for it again in a new session."),
  };
  return { status: "refused", answeredBy: "nobody", problem };
}
