import type { Loss } from "../guard/loss.ts";
import type { Comparison } from "../toolchain/comparison.ts";

/**
 * Why a person is asked. `loss`: something of theirs would be gone, a warning with counts. `unclear`:
 * nothing bad is known, but the command could not be understood completely, a neutral question.
 * `change`: understood and harmless to work, but not the agent's to decide (dependencies, settings, refs). `lock`: the
 * agent was told no already, since a project's lock is stale or missing; the question is what becomes of that. `swap`: whether
 * another program answers for one that the project doesn't have.
 */
export type ApprovalKind = "loss" | "unclear" | "change" | "lock" | "swap";

/** True for what is asked about a project and not about one call: it goes on where that call doesn't. */
export function isOfProject(kind: ApprovalKind): boolean {
  return kind === "lock" || kind === "swap";
}

/**
 * What a person can answer. `allow-session` covers the same kind of act until the session ends (`Kinds`), `edit` puts
 * another command in its place, `worktree` sends the agent on to a branch of its own, `reject-stop` ends the turn as well.
 * Of a `lock`: `update-lock` has the owner write it, `as-it-is` uses the environment without it until the session ends.
 * Of a `swap`: `use-swap` has the other program answer in the project from now on, `as-asked` runs what was typed this one time,
 * `never-swap` does that for good.
 * A rule of the policy (`RuleOffers`) is no answer by itself: the question is settled by what the policy says from then on.
 */
export type Choice =
  | "allow-once"
  | "allow-session"
  | "edit"
  | "worktree"
  | "update-lock"
  | "as-it-is"
  | "use-swap"
  | "as-asked"
  | "never-swap"
  | "reject"
  | "reject-stop";

/** True for the answers that let something run. */
export function allows(choice: Choice): boolean {
  return choice === "allow-once" || choice === "allow-session" || choice === "edit";
}

/**
 * Who settled it. Only a `person` ever lets anything run. `rule`: the policy has changed, and the door decides anew;
 * `gave-up`: the agent stopped waiting for the answer; `cancelled`: the person stopped the turn; `too-many`: it was never asked.
 */
export type SettledBy =
  | "person"
  | "rule"
  | "gave-up"
  | "cancelled"
  | "agent-gone"
  | "session-ended"
  | "nobody-there"
  | "too-many";

/** A rule of the person's policy that would answer this question, and others like it. */
export interface RuleOffer {
  /** The rule as it would stand in the file: JSON. */
  readonly rule: string;
  /** The commands or paths that it applies to. */
  readonly covers: string;
}

/** The rules that can be offered: only such as the policy would honour. */
export interface RuleOffers {
  readonly allow?: RuleOffer;
  readonly deny?: RuleOffer;
  /** The answer that questions like this one had each time, often enough for a rule to be proposed. */
  readonly repeated?: "allow" | "deny";
}

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
  /** The command by itself, to be changed, where it can be: without the variables that are shown in front of it. */
  readonly editable?: string;
  /** True where the person has changed the command, which is asked about anew. */
  readonly edited?: boolean;
  readonly cwd: string;
  readonly rule: string;
  /** The part of a command that the rule is about, where it is not all of it. */
  readonly words?: string;
  /** One localised sentence: what the act would do. */
  readonly reason: string;
  /** One localised sentence: what the agent could do instead, where the rule knows. */
  readonly remedy?: string;
  readonly loss?: Loss;
  /** Of a `swap`: the program that the project doesn't have, the one that would answer, and what both find, where somebody can look at it. */
  readonly swap?: { readonly tool: string; readonly by: string; readonly findings?: Comparison };
  /** The names of the files that a yes would change, whose diffs are told with its call, in that order. */
  readonly diffs?: readonly string[];
  /** The agent's last sentence before it asked. Data, never markup. */
  readonly why?: string;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  /** What can be honoured: no surface offers more, and no other answer settles it. */
  readonly choices: readonly Choice[];
  /** What `allow-session` would cover, as a person reads it. */
  readonly covers?: string;
  readonly rules?: RuleOffers;
  /** How a person's reason reaches the agent: in the answer, or as the next prompt where an answer can't hold one. */
  readonly reasonGoes: "answer" | "prompt";
}

export interface Settlement {
  readonly choice: Choice;
  readonly by: SettledBy;
  /** Why a person rejected it, in their own words. */
  readonly reason?: string;
  /** The command that runs in place of the one that was asked, where the choice is `edit`. */
  readonly command?: string;
}

/** Characters of a reason: it is a sentence or two. */
export const REASON_CHARACTERS = 2_000;
/** Characters of a command that can be edited: what a person reads and changes in a box. */
export const EDIT_CHARACTERS = 8_000;
