import * as l10n from "@vscode/l10n";
import type { CallRow, GateChip, Header } from "../../extension/panel/protocol.ts";
import { count } from "./format.ts";

/** A state in an icon and a word, so that colour never stands alone. */
export interface Mark {
  readonly icon: string;
  readonly word: string;
  /** The page's class for its colour. */
  readonly tone: "plain" | "good" | "bad" | "warn" | "busy" | "quiet";
}

/** Problems of calls whose agent had stopped waiting for the answer. */
const NOT_AWAITED: ReadonlySet<string> = new Set(["gave-up", "told-to-retry"]);

function doneWord(kind: CallRow["kind"]): string {
  if (kind === "read") return l10n.t("read");
  return kind === "edit" ? l10n.t("written") : l10n.t("ran");
}

/** What became of a call. Nothing is ticked before it ran. */
export function callMark(call: CallRow): Mark {
  switch (call.status) {
    case "pending":
      return { icon: "circle-outline", word: l10n.t("not run yet"), tone: "quiet" };
    case "held":
      return { icon: "debug-pause", word: l10n.t("held"), tone: "warn" };
    case "running":
      return { icon: "play", word: l10n.t("running"), tone: "busy" };
    case "done":
      return { icon: "check", word: doneWord(call.kind), tone: "good" };
    case "failed":
      return { icon: "error", word: l10n.t("failed"), tone: "bad" };
    case "rejected":
      if (call.problem?.code === "moved-to-worktree")
        return { icon: "git-branch", word: l10n.t("held · goes on in a worktree"), tone: "warn" };
      return { icon: "circle-slash", word: l10n.t("held · you rejected"), tone: "warn" };
    case "refused":
      return { icon: "circle-slash", word: l10n.t("refused"), tone: "bad" };
    case "cancelled":
      return NOT_AWAITED.has(call.problem?.code ?? "")
        ? { icon: "debug-stop", word: l10n.t("not run"), tone: "warn" }
        : { icon: "debug-stop", word: l10n.t("stopped"), tone: "quiet" };
    case "seen":
      return { icon: "eye", word: l10n.t("ran · seen afterwards"), tone: "plain" };
  }
}

/** How far Interlock's hand reached, in a word. */
export function enforcementWord(enforcement: NonNullable<CallRow["enforcement"]>): string {
  switch (enforcement) {
    case "through":
      return l10n.t("through Interlock");
    case "checked":
      return l10n.t("checked first");
    case "observed":
      return l10n.t("seen afterwards");
  }
}

export function verdictWord(call: CallRow): string | undefined {
  switch (call.verdict) {
    case undefined:
      return undefined;
    case "allow":
      return l10n.t("Allowed by a rule");
    case "deny":
      return l10n.t("Refused by a rule");
    case "ask":
      if (call.answeredBy === "grant") return l10n.t("Allowed by your earlier answer");
      if (call.answeredBy === "nobody") return l10n.t("Asked, and nobody answered");
      if (call.answeredBy === undefined) return l10n.t("Asked");
      if (call.problem?.code === "moved-to-worktree") return l10n.t("Asked, you chose a worktree");
      return call.status === "rejected" ? l10n.t("Asked, you rejected") : l10n.t("Asked, you allowed once");
  }
}

export function kindIcon(kind: CallRow["kind"]): string {
  return { command: "terminal", edit: "edit", read: "book", tool: "tools" }[kind];
}

export function kindWord(kind: CallRow["kind"]): string {
  switch (kind) {
    case "command":
      return l10n.t("Command");
    case "edit":
      return l10n.t("Edit");
    case "read":
      return l10n.t("Read");
    case "tool":
      return l10n.t("Tool");
  }
}

/** The session's state. "Waiting for you" is not the session's own: it is derived from what is pending. */
export function sessionMark(header: Header, waiting: boolean): Mark {
  if (waiting) return { icon: "bell-dot", word: l10n.t("waiting for you"), tone: "warn" };
  switch (header.state) {
    case "starting":
      return { icon: "loading", word: l10n.t("starting"), tone: "quiet" };
    case "ready":
      if (header.terminal === true) return { icon: "terminal", word: l10n.t("in a terminal"), tone: "quiet" };
      return { icon: "circle-outline", word: l10n.t("ready"), tone: "quiet" };
    case "working":
      return { icon: "record", word: l10n.t("working"), tone: "busy" };
    case "cancelling":
      return { icon: "debug-stop", word: l10n.t("stopping"), tone: "quiet" };
    case "ended":
      return { icon: "circle-slash", word: l10n.t("ended"), tone: "quiet" };
    case "crashed":
      return { icon: "error", word: l10n.t("crashed"), tone: "bad" };
  }
}

export function gateName(gate: string): string {
  switch (gate) {
    case "lint":
      return l10n.t("lint");
    case "types":
      return l10n.t("types");
    case "tests":
      return l10n.t("tests");
    default:
      return gate;
  }
}

export function gateMark(chip: Pick<GateChip, "state">): Mark {
  switch (chip.state) {
    case "unknown":
      return { icon: "circle-outline", word: l10n.t("not run yet"), tone: "quiet" };
    case "running":
      return { icon: "play", word: l10n.t("running"), tone: "busy" };
    case "passed":
      return { icon: "check", word: l10n.t("passed"), tone: "good" };
    case "failed":
      return { icon: "error", word: l10n.t("failed"), tone: "bad" };
    case "unavailable":
      return { icon: "circle-slash", word: l10n.t("unavailable"), tone: "quiet" };
  }
}

export function files(number: number): string {
  return number === 1 ? l10n.t("1 file") : l10n.t("{0} files", count(number));
}

export function findings(number: number): string {
  return number === 1 ? l10n.t("1 finding") : l10n.t("{0} findings", count(number));
}

export function stopWord(stop: string): string | undefined {
  switch (stop) {
    case "cancelled":
      // By the person, by the agent, or with the window: which of them, the event does not say.
      return l10n.t("Stopped");
    case "max_tokens":
      return l10n.t("Stopped: the model's limit of tokens was reached");
    case "max_turn_requests":
      return l10n.t("Stopped: the limit of requests in one turn was reached");
    case "refusal":
      return l10n.t("The agent refused to go on");
    case "failed":
      return l10n.t("The turn failed");
    default:
      return undefined;
  }
}
