import { randomUUID } from "node:crypto";
import type { Approval, Choice, SettledBy, Settlement } from "./approval.ts";

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
 * surfaces see it settled. Whatever is not a person's `allow-once` means no.
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

  /** Asks, and waits for the answer. `signal` is the channel of whoever asked: when it goes away, nothing runs. */
  open(question: Omit<Approval, "id">, signal: AbortSignal): Promise<Settlement> {
    const approval: Approval = { ...question, id: randomUUID() };
    if (signal.aborted) return Promise.resolve({ choice: "reject", by: "cancelled" });
    if (this.pending(approval.session).length >= MAX_PENDING) {
      return Promise.resolve({ choice: "reject", by: "nobody-there" });
    }
    return new Promise((resolve) => {
      const cancel = (): void => void this.settle(approval.id, "reject", "cancelled");
      signal.addEventListener("abort", cancel, { once: true });
      this.#pending.set(approval.id, {
        approval,
        answer: (settlement) => {
          signal.removeEventListener("abort", cancel);
          resolve(settlement);
        },
      });
      this.#tell({ type: "opened", approval });
    });
  }

  /** False when it is settled already, or unknown. */
  settle(id: string, choice: Choice, by: SettledBy): boolean {
    const pending = this.#pending.get(id);
    if (pending === undefined) return false;
    this.#pending.delete(id);
    // Only a person says yes.
    const settlement: Settlement = { choice: by === "person" ? choice : "reject", by };
    this.#tell({ type: "settled", approval: pending.approval, settlement });
    pending.answer(settlement);
    return true;
  }

  /** A session's questions are void, since nobody waits for their answers any more. */
  settleSession(session: string, by: Exclude<SettledBy, "person">): void {
    for (const approval of this.pending(session)) this.settle(approval.id, "reject", by);
  }

  #tell(change: ApprovalChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
