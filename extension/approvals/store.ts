import { randomUUID } from "node:crypto";
import {
  type Approval,
  type Choice,
  EDIT_CHARACTERS,
  isOfProject,
  REASON_CHARACTERS,
  type SettledBy,
  type Settlement,
} from "./approval.ts";
import { Habits } from "./habits.ts";

/** Questions of one session that wait at the same time; one more is refused, so that nobody is buried. */
export const MAX_PENDING = 20;

export type ApprovalChange =
  | { readonly type: "opened"; readonly approval: Approval }
  | { readonly type: "settled"; readonly approval: Approval; readonly settlement: Settlement };

/** What the rules say of a pending act at this moment; null while a person has to say it. */
export type Recheck = () => Promise<"allow" | "deny" | null>;

interface Pending {
  readonly approval: Approval;
  readonly answer: (settlement: Settlement) => void;
  readonly recheck: Recheck | undefined;
}

/**
 * The pending decisions of a host. Each is opened once and settled once: the first answer wins, and the other
 * surfaces see it settled. Whatever is not a person's own yes means no.
 */
export class ApprovalStore {
  /** What the person answered to questions of a kind, over all sessions. */
  readonly habits = new Habits();
  readonly #pending = new Map<string, Pending>();
  readonly #listeners = new Set<(change: ApprovalChange) => void>();
  /** False where nobody is there to answer: what is only found out for them need not be. */
  readonly attended: boolean;

  constructor({ attended = true }: { readonly attended?: boolean } = {}) {
    this.attended = attended;
  }

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
   * away, nothing runs. `recheck` is asked whenever the rules have changed.
   */
  open(
    question: Omit<Approval, "id">,
    channel: AbortSignal,
    stopped?: AbortSignal,
    recheck?: Recheck,
  ): Promise<Settlement> {
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
        recheck,
        answer: (settlement) => {
          answered.abort();
          resolve(settlement);
        },
      });
      this.#tell({ type: "opened", approval });
    });
  }

  /**
   * False when it is settled already, unknown, or was not offered this choice. `words`: why the person rejects it, or the
   * command that they put in its place.
   */
  settle(id: string, choice: Choice, by: SettledBy, words?: string): boolean {
    const pending = this.#pending.get(id);
    if (pending === undefined) return false;
    const { approval } = pending;
    if (by === "person" && !approval.choices.includes(choice)) return false;
    const settlement = settlementOf(choice, by, words?.trim() ?? "");
    if (settlement === null) return false;
    this.#pending.delete(id);
    this.#tell({ type: "settled", approval, settlement });
    pending.answer(settlement);
    return true;
  }

  /** The rules have changed: what they answer by now is not asked any more, and the door decides it anew. */
  async recheck(): Promise<void> {
    const settle = async ({ approval, recheck }: Pending): Promise<void> => {
      const verdict = await recheck?.().catch(() => null);
      if (verdict === "allow") this.settle(approval.id, "allow-once", "rule");
      if (verdict === "deny") this.settle(approval.id, "reject", "rule");
    };
    await Promise.all([...this.#pending.values()].map(settle));
  }

  /**
   * A session's questions are void, since nobody waits for their answers any more. What is asked about a project stays as
   * long as the session goes on: its answer holds for what comes, too.
   */
  settleSession(session: string, by: Exclude<SettledBy, "person" | "rule">): void {
    const goesOn = by === "gave-up" || by === "cancelled";
    for (const approval of this.pending(session)) {
      if (!goesOn || !isOfProject(approval.kind)) this.settle(approval.id, "reject", by);
    }
  }

  /** The agent says that its call is over: it does not wait for the answer any more. */
  giveUp(session: string, call: string): void {
    for (const approval of this.pending(session)) {
      const isOver = approval.call === call && !isOfProject(approval.kind);
      if (isOver) this.settle(approval.id, "reject", "gave-up");
    }
  }

  #tell(change: ApprovalChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** Only a person says yes, and only a person's answer has words. Null for a command that is none. */
function settlementOf(choice: Choice, by: SettledBy, words: string): Settlement | null {
  if (by === "rule") return { choice, by };
  if (by !== "person") return { choice: "reject", by };
  if (choice === "edit")
    return words === "" || words.length > EDIT_CHARACTERS ? null : { choice, by, command: words };
  const reason = words.slice(0, REASON_CHARACTERS);
  return choice === "reject" && reason !== "" ? { choice, by, reason } : { choice, by };
}
