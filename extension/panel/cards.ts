import type { Settlement } from "../approvals/approval.ts";
import type { ApprovalCard } from "./protocol.ts";

/** Cards of questions that nobody waits for any more: older ones are in their rows. */
const OVER_CARDS = 3;

/** The cards of one session's questions. */
export class Cards {
  readonly #onChange: () => void;
  #all: ApprovalCard[] = [];

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Of what waits for an answer, and of the last ones that nobody waits for any more. */
  get all(): ApprovalCard[] {
    return this.#all;
  }

  opened(card: ApprovalCard): void {
    this.#show([...this.#all.filter(({ id }) => id !== card.id), card]);
  }

  /** A question that its agent stopped waiting for stays to be seen: a person may be reading it. */
  settled(approval: string, { by }: Settlement): void {
    if (by !== "gave-up") return this.#drop((card) => card.id === approval);
    const cards = this.#all.map((card) => (card.id === approval ? { ...card, over: true } : card));
    const over = new Set(cards.filter((card) => card.over === true).slice(-OVER_CARDS));
    this.#show(cards.filter((card) => card.over !== true || over.has(card)));
  }

  /** The person has seen that a question is over. */
  dismiss(approval: string): void {
    this.#drop((card) => card.id === approval && card.over === true);
  }

  /** Nobody will answer any more what nobody waits for. */
  dropOver(): void {
    this.#drop((card) => card.over === true);
  }

  dropRow(row: string): void {
    this.#drop((card) => card.row === row);
  }

  #drop(gone: (card: ApprovalCard) => boolean): void {
    const kept = this.#all.filter((card) => !gone(card));
    if (kept.length < this.#all.length) this.#show(kept);
  }

  #show(cards: ApprovalCard[]): void {
    this.#all = cards;
    this.#onChange();
  }
}
