import type { Loss } from "../guard/loss.ts";

/**
 * Why a person is asked. `loss`: something of theirs would be gone, a warning with counts. `unclear`:
 * nothing bad is known, but the command could not be understood completely, a neutral question.
 * `change`: understood and harmless to work, but not the agent's to decide (dependencies, settings, refs).
 */
export type ApprovalKind = "loss" | "unclear" | "change";

/** What a person can answer. */
export type Choice = "allow-once" | "reject";

/** Who settled it. Only `person` with `allow-once` ever lets anything run. */
export type SettledBy = "person" | "cancelled" | "agent-gone" | "session-ended" | "nobody-there";

export interface Approval {
  readonly id: string;
  readonly session: string;
  readonly call: string;
  readonly kind: ApprovalKind;
  /** The command in full, or the path of a file. */
  readonly asked: string;
  /** What would run, when it differs from what was asked. */
  readonly run?: string;
  readonly cwd: string;
  readonly rule: string;
  /** One localised sentence: what the act would do. */
  readonly reason: string;
  /** One localised sentence: what the agent could do instead, where the rule knows. */
  readonly remedy?: string;
  readonly loss?: Loss;
  /** The agent's last sentence before it asked. Data, never markup. */
  readonly why?: string;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  readonly choices: readonly Choice[];
}

export interface Settlement {
  readonly choice: Choice;
  readonly by: SettledBy;
}
