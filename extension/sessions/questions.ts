import type { SettledBy } from "../approvals/approval.ts";
import type { ApprovalChange, ApprovalStore } from "../approvals/store.ts";
import type { EventBody } from "../events/event.ts";
import type { FollowUps } from "./followUps.ts";

export interface QuestionsParts {
  readonly session: string;
  readonly approvals: ApprovalStore;
  readonly followUps: Pick<FollowUps, "settled">;
  readonly emit: (event: EventBody) => void;
  /** The session itself is over. */
  readonly isOver: () => boolean;
  /** The person said no to the whole turn. */
  readonly stop: () => void;
}

/** What one session's calls ask, among those of all sessions. */
export class Questions {
  readonly #parts: QuestionsParts;
  /** Ends the listening. */
  readonly close: () => void;

  constructor(parts: QuestionsParts) {
    this.#parts = parts;
    this.close = parts.approvals.onChange((change) => {
      if (change.approval.session === parts.session) this.#changed(change);
    });
  }

  /** Nobody waits for the answers any more. */
  settle(by: Exclude<SettledBy, "person" | "rule">): void {
    const { approvals, session } = this.#parts;
    approvals.settleSession(session, by);
  }

  /** The agent is gone, or with it the session. */
  end(): void {
    this.settle(this.#parts.isOver() ? "session-ended" : "agent-gone");
  }

  #changed(change: ApprovalChange): void {
    const { emit, followUps, stop } = this.#parts;
    const { approval } = change;
    if (change.type === "opened") return emit({ type: "approval.opened", approval });
    const { settlement } = change;
    emit({ type: "approval.settled", approval: approval.id, settlement });
    followUps.settled(approval, settlement);
    // After whoever asked was told no: stopping settles what is still open as cancelled.
    if (settlement.choice === "reject-stop") queueMicrotask(stop);
  }
}
