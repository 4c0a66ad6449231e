import type { Approval, Settlement } from "../approvals/approval.ts";
import type { Doorway } from "../audit/record.ts";
import type { Problem } from "../errors.ts";
import type { GateReport, GateResult } from "../gates/gate.ts";
import type { Verdict } from "../policy/verdict.ts";
import type { Route } from "../toolchain/route.ts";

/** The version of an event. Panel, CLI `--json`, transcript and audit derive from events alone. */
export const EVENT_VERSION = 1;

export interface AgentRef {
  readonly id: string;
  readonly name: string;
}

/**
 * Where a session stands. "Waiting for you" is not among them: it is derived from pending approvals, so that
 * the two can't disagree.
 */
export type SessionState =
  | { readonly name: "starting"; /** Localised: what it waits for. */ readonly waitsFor: string }
  | { readonly name: "ready" }
  | { readonly name: "working" }
  | { readonly name: "cancelling" }
  | { readonly name: "ended"; /** Localised: why. */ readonly reason: string }
  | {
      readonly name: "crashed";
      readonly problem: Problem;
      /** The agent's last lines on stderr. */
      readonly stderr: readonly string[];
    };

export interface SlashCommand {
  readonly name: string;
  readonly description: string;
  /** What to type after the name, where it takes something. */
  readonly hint?: string;
}

export interface PlanEntry {
  readonly text: string;
  readonly status: "pending" | "in_progress" | "completed";
}

export type CallKind = "command" | "edit" | "read" | "tool";

/**
 * What became of a call. `pending`: announced. `held`: a person is asked. `failed`: it ran and did not succeed.
 * `rejected`: a person said no. `refused`: a rule said no. `seen`: only observed, after it happened.
 */
export type CallStatus =
  | "pending"
  | "held"
  | "running"
  | "done"
  | "failed"
  | "rejected"
  | "refused"
  | "cancelled"
  | "seen";

export interface FileDiff {
  /** Absolute path. */
  readonly path: string;
  readonly added: number;
  readonly removed: number;
  /** Set where the texts were too large to be compared: then the counts are at most. */
  readonly coarse?: true;
  /** Null for a new file. Both texts are left out where the file is larger than `DIFF_TEXT_BYTES`. */
  readonly oldText?: string | null;
  readonly newText?: string;
}

export const DIFF_TEXT_BYTES = 256 * 1024;

/** A tool call as far as it is known. Fields come in patches; what is absent is unknown yet. */
export interface CallPatch {
  readonly kind?: CallKind;
  /** One plain line: the command, the file, or the tool's own title. */
  readonly title?: string;
  /** The call whose program made this one; absent where the agent itself did. Told with its first patch. */
  readonly within?: string;
  /** True where the agent's program acts for itself, and not for the model. Told with its first patch. */
  readonly own?: true;
  /** Every doorway that saw it, in order of sight. */
  readonly doorways?: readonly Doorway[];
  readonly status?: CallStatus;
  readonly asked?: string;
  readonly run?: string;
  readonly cwd?: string;
  /** True where a person has put `run` in place of what was asked. */
  readonly edited?: boolean;
  /** The answer that its like had so often that a rule is proposed. */
  readonly proposes?: "allow" | "deny";
  readonly route?: Route | null;
  /** How a person has the agent try it again. */
  readonly again?: "as-asked";
  /** Where it would have been sent, where routes are only shown. */
  readonly suggested?: Route;
  readonly verdict?: Verdict;
  readonly rule?: string;
  readonly reason?: string;
  readonly effects?: readonly string[];
  readonly answeredBy?: "person" | "grant" | "nobody" | null;
  /** The agent's raw input as JSON text, cut at `CALL_INPUT_BYTES`. */
  readonly input?: string;
  readonly diffs?: readonly FileDiff[];
  readonly startedAt?: number;
  readonly ms?: number;
  readonly exit?: number | null;
  readonly signal?: string | null;
  readonly gates?: readonly GateResult[];
  readonly problem?: Problem;
}

export const CALL_INPUT_BYTES = 16 * 1024;

export type StopReason = "end_turn" | "max_tokens" | "max_turn_requests" | "refusal" | "cancelled" | "failed";

export type EventBody =
  | {
      readonly type: "session.opened";
      readonly agent: AgentRef;
      readonly cwd: string;
      /** The environment that a person has started it for: its hosts aren't asked about. */
      readonly environment?: string;
      /** Its agent runs in a terminal: nothing is said by it, and no prompt goes to it. */
      readonly terminal?: true;
    }
  /** The session works in a worktree from now on. */
  | {
      readonly type: "session.worktree";
      readonly branch: string;
      /** The project's folder in it. */
      readonly folder: string;
    }
  /** No prompt is taken until a person says so; null: they are again. */
  | { readonly type: "session.held"; readonly problem: Problem | null }
  | { readonly type: "session.state"; readonly state: SessionState }
  /** Interlock's own tools were handed to the agent; `reached` once it has really come for them, under the name that it gives. */
  | { readonly type: "session.inside"; readonly shims: boolean; readonly hook: boolean }
  | { readonly type: "session.tools"; readonly state: "offered" | "reached"; readonly client?: string }
  | { readonly type: "session.title"; readonly title: string }
  | { readonly type: "session.commands"; readonly commands: readonly SlashCommand[] }
  /** Context used and its size in tokens. Absent cost is unknown, never zero. */
  | {
      readonly type: "session.usage";
      readonly used: number;
      readonly size: number;
      readonly cost?: { readonly amount: number; readonly currency: string };
    }
  | {
      readonly type: "turn.started";
      readonly turn: number;
      readonly prompt: string;
      /** Absent where the person typed the prompt: it was made from an answer of theirs. */
      readonly origin?: "reason" | "retry" | "worktree" | "answer";
    }
  | { readonly type: "turn.ended"; readonly turn: number; readonly stop: StopReason; readonly ms: number }
  /** Text to append to the message with that id; the first one opens it. */
  | {
      readonly type: "message";
      readonly turn: number;
      readonly message: string;
      readonly role: "agent" | "thought" | "user";
      readonly text: string;
    }
  | { readonly type: "plan"; readonly turn: number; readonly entries: readonly PlanEntry[] }
  | { readonly type: "call"; readonly turn: number; readonly call: string; readonly patch: CallPatch }
  /** Output of a call, to append. Control sequences are kept for colours; the page escapes them. */
  | { readonly type: "output"; readonly call: string; readonly text: string }
  | { readonly type: "approval.opened"; readonly approval: Approval }
  | { readonly type: "approval.settled"; readonly approval: string; readonly settlement: Settlement }
  | { readonly type: "gate"; readonly report: GateReport }
  | { readonly type: "loss.restored"; readonly loss: LostWork; readonly restored: BroughtBack | null }
  | {
      readonly type: "notice";
      readonly level: "info" | "warning" | "error";
      readonly problem: Problem;
      /** Set where work is gone that can be brought back. */
      readonly loss?: LostWork;
      /** The call that it is about, where it is about one. */
      readonly call?: string;
    };

/** What a person brought back of what was lost, and the name under which that can be undone. */
export interface BroughtBack {
  readonly journal: string;
  /** Files that were changed. */
  readonly files: number;
}

/** What is gone, and the restore points around it: the last that has it, and the one right after. */
export interface LostWork {
  /** The folder that the points are of. */
  readonly root: string;
  readonly point: string;
  readonly lossPoint: string;
  /** The files that are gone, relative to `root`; empty where more than files is gone. */
  readonly files: readonly string[];
}

export type SessionEvent = EventBody & {
  readonly v: typeof EVENT_VERSION;
  readonly session: string;
  /** Counts the session's events from 1, without a gap. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
};
