import { randomUUID } from "node:crypto";
import {
  type Approval,
  type Choice,
  REASON_CHARACTERS,
  type SettledBy,
  type Settlement,
} from "./approval.ts";

/** Questions of one session that wait at the same time; one more is refused, so that nobody is buried. */
export const MAX_PENDING = 20;

export type ApprovalChange =
  | { readonly type: "opened"; readonly approval: Approval }
  | { readonly type: "settled"; readonly approval: Approval; readonly settlement: Settlement };

interface Pending {
  readonly approval: Approval;
  readonly answer: (settlement: Settlement) => void;
}

/**
 * The pending decisions of a host. Each is opened once and settled once: the first answer wins, and the other
 * surfaces see it settled. Whatever is not a person's own yes means no.
 */
export class ApprovalStore {
  readonly #pending = new Map<string, Pending>();
  readonly #listeners = new Set<(change: ApprovalChange) => void>();

  /** In the order in which they were opened. */
  pending(session?: string): readonly Approval[] {
    const all = [...this.#pending.values()].map(({ approval }) => approval);
    return session === undefined ? all : all.filter((approval) => approval.session === session);
  }

  onChange(listener: (change: ApprovalChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Asks, and waits for the answer. `channel` belongs to whoever asked, `stopped` to the person: when one of them goes
   * away, nothing runs.
   */
  open(question: Omit<Approval, "id">, channel: AbortSignal, stopped?: AbortSignal): Promise<Settlement> {
    const approval: Approval = { ...question, id: randomUUID() };
    if (stopped?.aborted === true) return Promise.resolve({ choice: "reject", by: "cancelled" });
    if (channel.aborted) return Promise.resolve({ choice: "reject", by: "gave-up" });
    if (this.pending(approval.session).length >= MAX_PENDING) {
      return Promise.resolve({ choice: "reject", by: "too-many" });
    }
    return new Promise((resolve) => {
      const answered = new AbortController();
      const once = { once: true, signal: answered.signal };
      channel.addEventListener("abort", () => this.settle(approval.id, "reject", "gave-up"), once);
      stopped?.addEventListener("abort", () => this.settle(approval.id, "reject", "cancelled"), once);
      this.#pending.set(approval.id, {
        approval,
        answer: (settlement) => {
          answered.abort();
          resolve(settlement);
        },
      });
      this.#tell({ type: "opened", approval });
    });
  }

  /** False when it is settled already, unknown, or was not offered this choice. */
  settle(id: string, choice: Choice, by: SettledBy, reason?: string): boolean {
    const pending = this.#pending.get(id);
    if (pending === undefined) return false;
    const { approval } = pending;
    if (by === "person" && !approval.choices.includes(choice)) return false;
    this.#pending.delete(id);
    const settlement = settlementOf(choice, by, reason);
    this.#tell({ type: "settled", approval, settlement });
    pending.answer(settlement);
    return true;
  }

  /** A session's questions are void, since nobody waits for their answers any more. */
  settleSession(session: string, by: Exclude<SettledBy, "person">): void {
    for (const approval of this.pending(session)) this.settle(approval.id, "reject", by);
  }

  /** The agent says that its call is over: it does not wait for the answer any more. */
  giveUp(session: string, call: string): void {
    for (const approval of this.pending(session)) {
      if (approval.call === call) this.settle(approval.id, "reject", "gave-up");
    }
  }

  #tell(change: ApprovalChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** Only a person says yes, and only a person's no has a reason. */
function settlementOf(choice: Choice, by: SettledBy, reason: string | undefined): Settlement {
  if (by !== "person") return { choice: "reject", by };
  const words = reason?.trim().slice(0, REASON_CHARACTERS) ?? "";
  return choice === "reject" && words !== "" ? { choice, by, reason: words } : { choice, by };
}
