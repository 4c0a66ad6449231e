import type { Loss } from "../guard/loss.ts";

/**
 * Why a person is asked. `loss`: something of theirs would be gone, a warning with counts. `unclear`:
 * nothing bad is known, but the command could not be understood completely, a neutral question.
 * `change`: understood and harmless to work, but not the agent's to decide (dependencies, settings, refs).
 */
export type ApprovalKind = "loss" | "unclear" | "change";

/**
 * What a person can answer. `allow-session` covers the same kind of act until the session ends (`Kinds`), `reject-stop`
 * ends the turn as well, `worktree` sends the agent on to a branch of its own. Writing a rule of the policy joins them here.
 */
export type Choice = "allow-once" | "allow-session" | "worktree" | "reject" | "reject-stop";

/** True for the answers that let something run. */
export function allows(choice: Choice): boolean {
  return choice === "allow-once" || choice === "allow-session";
}

/**
 * Who settled it. Only a `person` ever lets anything run. `gave-up`: the agent stopped waiting for the answer;
 * `cancelled`: the person stopped the turn; `too-many`: it was never asked.
 */
export type SettledBy =
  | "person"
  | "gave-up"
  | "cancelled"
  | "agent-gone"
  | "session-ended"
  | "nobody-there"
  | "too-many";

export interface Approval {
  readonly id: string;
  readonly session: string;
  readonly call: string;
  readonly kind: ApprovalKind;
  readonly act: "command" | "read" | "write" | "tool";
  /** The absolute path, where a file is read or written. */
  readonly file?: string;
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
  /** What can be honoured: no surface offers more, and no other answer settles it. */
  readonly choices: readonly Choice[];
  /** What `allow-session` would cover, as a person reads it. */
  readonly covers?: string;
  /** How a person's reason reaches the agent: in the answer, or as the next prompt where an answer can't hold one. */
  readonly reasonGoes: "answer" | "prompt";
}

export interface Settlement {
  readonly choice: Choice;
  readonly by: SettledBy;
  /** Why a person rejected it, in their own words. */
  readonly reason?: string;
}

/** Characters of a reason: it is a sentence or two. */
export const REASON_CHARACTERS = 2_000;
