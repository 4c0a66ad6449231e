import * as l10n from "@vscode/l10n";
import type * as vscode from "vscode";
import type { Approval, Choice } from "../approvals/approval.ts";
import { lossLine } from "../panel/lossLine.ts";
import type { ApprovalCard } from "../panel/protocol.ts";
import { sessionScope } from "../panel/sessionScope.ts";
import { undoLine } from "../panel/undo.ts";
import type { Findings } from "../toolchain/comparison.ts";
import { plainLabel } from "./labels.ts";

/**
 * A picker is 600 px wide and shortens what doesn't fit: measured, some 85 characters. A command that a person can't
 * read to its end is not allowed from here.
 */
const READABLE_CHARACTERS = 80;

/** Who asks, and where, as a person calls them. */
export interface Asker {
  readonly agent: string;
  /** Empty for a file, whose path says it. */
  readonly folder: string;
  /** What is asked, and what a yes for the session would cover: files by their path in the workspace. */
  readonly asked: string;
  readonly covers: string;
}

export interface ListItem extends vscode.QuickPickItem {
  readonly approval: Approval;
}

export interface AnswerItem extends vscode.QuickPickItem {
  readonly answer: Choice | "reject-reason" | "write-rule" | "compare" | "show" | "show-loss";
}

/** Picks that answer nothing: the question goes on waiting. */
const LOOKS: ReadonlySet<string> = new Set(["show", "show-loss", "write-rule"]);

/** When the agent reads the reason for a no. */
export function whereReasonGoes({ reasonGoes }: Approval): string {
  return reasonGoes === "answer"
    ? l10n.t("The agent reads it in the answer")
    : l10n.t("Sent as your next prompt, when the turn is over");
}

/** A question among several. */
export function listItem(
  approval: Approval,
  { agent, folder, asked }: Asker,
  undo: ApprovalCard["undo"],
): ListItem {
  const told = [lossLine(approval.loss), undoText(approval, undo), ...whatFor(approval)];
  const icon = approval.kind === "loss" ? "$(warning)" : "$(question)";
  return {
    approval,
    label: `${icon} ${plainLabel(asked)}`,
    description:
      folder === "" ? plainLabel(agent) : l10n.t("{0} in {1}", plainLabel(agent), plainLabel(folder)),
    ...detailOf(...told),
  };
}

/** The answers to a question, as far as it can be read here. */
export function answerItems(
  approval: Approval,
  asker: Asker,
  undo: ApprovalCard["undo"],
): readonly AnswerItem[] {
  if (approval.kind === "lock") return lockItems(approval);
  if (approval.swap !== undefined) return swapItems(approval.swap, whereReasonGoes(approval));
  const { run } = approval;
  const { agent, asked } = asker;
  const routed = run === approval.asked ? undefined : run;
  const readable = [`${agent}: ${asked}`, routed ?? ""].every(fitsOneLine);
  // The line above the answers is too short for it: it stands with the answer that it is about.
  const lost = lossLine(approval.loss);
  const reject: AnswerItem = {
    answer: "reject",
    label: `$(close) ${l10n.t("Reject")}`,
    description: l10n.t("It does not run, and the agent is told so"),
  };
  const allow: AnswerItem = {
    answer: "allow-once",
    label: `$(check) ${l10n.t("Allow once")}`,
    description: undoText(approval, undo) || l10n.t("It runs this one time"),
    ...detailOf(lost, routed === undefined ? "" : l10n.t("would run as {0}", plainLabel(routed))),
  };
  const show: AnswerItem = {
    answer: "show",
    label: `$(list-flat) ${l10n.t("Show in the panel")}`,
    ...(readable ? {} : { description: l10n.t("to read all of it, and to allow it"), ...detailOf(lost) }),
  };
  const all = [reject, allow, ...furtherItems(approval, asker), ...lossItems(approval), show];
  return all.filter(({ answer }) => readable || LOOKS.has(answer) || isNo(answer));
}

/** The answers to a lock that is stale or missing. */
function lockItems(approval: Approval): readonly AnswerItem[] {
  return [
    {
      answer: "reject",
      label: `$(close) ${l10n.t("Not now")}`,
      description: l10n.t("Nothing changes; asked again when manifest or lock have changed"),
    },
    {
      answer: "update-lock",
      label: `$(lock) ${l10n.t("Update lock")}`,
      description: l10n.t("Runs {0}, and tells the agent", approval.run ?? ""),
    },
    {
      answer: "as-it-is",
      label: `$(package) ${l10n.t("Use the environment as it is, this session")}`,
      description: l10n.t("Programs run with what is installed; nothing is installed until the session ends"),
    },
    { answer: "reject-reason", label: `$(comment) ${l10n.t("Not now, and say why…")}` },
    { answer: "show", label: `$(list-flat) ${l10n.t("Show in the panel")}` },
  ];
}

/** The answers to whether another program may answer in a project; what both find is read in the panel. */
function swapItems(
  { tool, by, findings }: NonNullable<Approval["swap"]>,
  reasonGoes: string,
): readonly AnswerItem[] {
  const found = (findings ?? []).map((each) => findingsLine(each)).join(" · ");
  return [
    {
      answer: "reject",
      label: `$(close) ${l10n.t("Reject")}`,
      description: l10n.t("Neither runs, and the agent is told so"),
    },
    {
      answer: "use-swap",
      label: `$(arrow-swap) ${l10n.t("Use {0} in this project", by)}`,
      description: l10n.t("It answers for {0} from now on; “Show Project” takes that back", tool),
    },
    {
      answer: "as-asked",
      label: `$(debug-step-over) ${l10n.t("Run {0} as asked, this time", tool)}`,
      description: l10n.t("Judged like any other command; the next one is asked about again"),
    },
    {
      answer: "never-swap",
      label: `$(circle-slash) ${l10n.t("Never swap here")}`,
      description: l10n.t("Everything runs as asked in this project; “Show Project” takes that back"),
    },
    {
      answer: "reject-reason",
      label: `$(comment) ${l10n.t("Reject and say why…")}`,
      description: reasonGoes,
    },
    ...(findings === undefined
      ? []
      : [
          {
            answer: "compare" as const,
            label: `$(diff) ${l10n.t("Compare what both find")}`,
            description: found,
          },
        ]),
    { answer: "show", label: `$(list-flat) ${l10n.t("Show in the panel")}` },
  ];
}

function findingsLine({ program, count, missing }: Findings): string {
  return missing === undefined ? l10n.t("{0}: {1} findings", program, count) : plainLabel(missing);
}

/** Only what can be honoured. */
function furtherItems(approval: Approval, { asked, covers, folder }: Asker): readonly AnswerItem[] {
  const { choices, kind } = approval;
  const session =
    kind === "unclear" ? l10n.t("Allow this kind for the session") : l10n.t("Allow this for the session");
  const items: readonly AnswerItem[] = [
    {
      answer: "worktree",
      label: `$(git-branch) ${l10n.t("Go on in a worktree instead")}`,
      description: l10n.t("a branch of its own; nothing is committed here"),
    },
    {
      answer: "allow-session",
      label: `$(check-all) ${session}`,
      description: plainLabel(sessionScope({ ...approval, asked, covers, cwd: folder })),
    },
    {
      answer: "edit",
      label: `$(edit) ${l10n.t("Edit, then allow…")}`,
      description: l10n.t("Judged anew; the agent is told"),
    },
    {
      answer: "write-rule",
      label: `$(law) ${l10n.t("Write a rule…")}`,
      description: l10n.t("Shows the rule before anything is written"),
    },
    {
      answer: "reject-reason",
      label: `$(comment) ${l10n.t("Reject and say why…")}`,
      description: whereReasonGoes(approval),
    },
    { answer: "reject-stop", label: `$(debug-stop) ${l10n.t("Reject and stop the turn")}` },
  ];
  const offered = new Set<AnswerItem["answer"]>([...choices, "reject-reason"]);
  if (approval.rules !== undefined) offered.add("write-rule");
  return items.filter(({ answer }) => offered.has(answer));
}

function lossItems({ loss }: Approval): readonly AnswerItem[] {
  if (loss === undefined || (loss.files.length === 0 && loss.revisions === undefined)) return [];
  return [
    {
      answer: "show-loss",
      label: `$(diff-multiple) ${l10n.t("Show what would be lost…")}`,
      description: l10n.t("Each with its diff; the question goes on waiting"),
    },
  ];
}

function isNo(answer: AnswerItem["answer"]): boolean {
  return answer === "reject-reason" || answer === "reject" || answer === "reject-stop";
}

function fitsOneLine(text: string): boolean {
  return text.length <= READABLE_CHARACTERS && !text.includes("\n");
}

/** What the act would do; what it would lose has a line of its own. */
export function whatFor({ kind, reason }: Approval): readonly string[] {
  const unclear = kind === "unclear" ? [l10n.t("Can't tell what this does.")] : [];
  return [...unclear, plainLabel(reason)];
}

/** Whether it can be undone; empty where nothing would be lost or sent. */
function undoText({ kind }: Approval, undo: ApprovalCard["undo"]): string {
  return kind === "loss" || undo !== undefined ? undoLine(undo) : "";
}

function detailOf(...parts: readonly string[]): { readonly detail?: string } {
  const detail = parts.filter((part) => part !== "").join(" ");
  return detail === "" ? {} : { detail };
}
