import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { type Approval, type Choice, EDIT_CHARACTERS, REASON_CHARACTERS } from "../approvals/approval.ts";
import type { ApprovalStore } from "../approvals/store.ts";
import type { ApprovalCard } from "../panel/protocol.ts";
import { lossLine } from "../panel/lossLine.ts";
import { sessionScope } from "../panel/sessionScope.ts";
import { undoLine } from "../panel/undo.ts";
import { allowOnce, askWords, READ_MS, settleHere } from "./confirm.ts";
import { plainLabel } from "./labels.ts";

/**
 * A picker is 600 px wide and shortens what doesn't fit: measured, some 85 characters. A command that a person can't
 * read to its end is not allowed from here.
 */
const READABLE_CHARACTERS = 80;

/** Answers after which something is run, or is from then on. */
const YES: ReadonlySet<string> = new Set(["allow-once", "allow-session", "update-lock", "as-it-is"]);

/** Who asks, and where, as a person calls them. */
export interface Asker {
  readonly agent: string;
  /** Empty for a file, whose path says it. */
  readonly folder: string;
  /** What is asked, and what a yes for the session would cover: files by their path in the workspace. */
  readonly asked: string;
  readonly covers: string;
}

export interface Questions {
  readonly store: ApprovalStore;
  readonly askerOf: (approval: Approval) => Asker;
  /** Whether what would be lost can be brought back. */
  readonly undoOf: (approval: Approval) => ApprovalCard["undo"];
  /** Brings the panel up with that question. */
  readonly show: (approval: Approval) => void;
  /** Lists what would be lost, each with its diff. */
  readonly showLoss: (approval: Approval) => unknown;
  /** Shows the rule that would answer it. */
  readonly writeRule: (approval: Approval) => unknown;
}

interface ListItem extends vscode.QuickPickItem {
  readonly approval: Approval;
}

interface AnswerItem extends vscode.QuickPickItem {
  readonly answer: Choice | "reject-reason" | "write-rule" | "show" | "show-loss";
}

/** Picks that answer nothing: the question goes on waiting. */
const LOOKS: ReadonlySet<string> = new Set(["show", "show-loss", "write-rule"]);

/** The palette's view of pending approvals: a single one is asked at once, several are listed first. */
export function reviewApprovals(questions: Questions): void {
  const { store } = questions;
  const [only, ...others] = store.pending();
  if (only === undefined) {
    void vscode.window.showInformationMessage(l10n.t("Nothing waits for your answer."));
    return;
  }
  if (others.length === 0) {
    askOne(questions, only);
    return;
  }
  // Answered, it comes back for those that are left.
  listQuestions(
    questions,
    () => true,
    (approval) => askOne(questions, approval, () => reviewApprovals(questions)),
  );
}

/** For an answer that only some questions can have: the only one of them at once, of several the one that is chosen. */
export function chooseQuestion(
  questions: Questions,
  can: (approval: Approval) => boolean,
  none: string,
  chosen: (approval: Approval) => void,
): void {
  const [only, ...others] = questions.store.pending().filter(can);
  if (only === undefined) void vscode.window.showInformationMessage(none);
  else if (others.length === 0) chosen(only);
  else listQuestions(questions, can, chosen);
}

function listQuestions(
  questions: Questions,
  shown: (approval: Approval) => boolean,
  chosen: (approval: Approval) => void,
): void {
  const { store } = questions;
  const pick = vscode.window.createQuickPick<ListItem>();
  pick.title = l10n.t("Pending approvals");
  pick.placeholder = l10n.t("Choose a question to answer it");
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  const fill = (): void => {
    pick.items = store
      .pending()
      .filter(shown)
      .map((approval) => listItem(questions, approval));
    if (pick.items.length === 0) pick.hide();
  };
  const stop = store.onChange(fill);
  pick.onDidAccept(() => {
    const [item] = pick.selectedItems;
    pick.hide();
    if (item !== undefined) chosen(item.approval);
  });
  pick.onDidHide(() => {
    stop();
    pick.dispose();
  });
  fill();
  pick.show();
}

/**
 * One question, with Reject in front: a stray Enter never lets anything run. It closes when it is answered anywhere.
 * `next` is told when it was answered here and others still wait.
 */
export function askOne(questions: Questions, approval: Approval, next?: () => void): void {
  const { store } = questions;
  const pick = vscode.window.createQuickPick<AnswerItem>();
  const asker = questions.askerOf(approval);
  const { agent, folder, asked } = asker;
  pick.title = l10n.t("{0}: {1}", plainLabel(agent), plainLabel(asked));
  pick.placeholder = [
    ...(folder === "" ? [] : [l10n.t("In {0}.", plainLabel(folder))]),
    ...whatFor(approval),
  ].join(" ");
  pick.items = answerItems(approval, asker, questions.undoOf(approval));
  const stop = store.onChange(({ type, approval: changed }) => {
    if (type === "settled" && changed.id === approval.id) pick.hide();
  });
  let shownAt = Number.POSITIVE_INFINITY;
  pick.onDidAccept(async () => {
    const [item] = pick.selectedItems;
    if (item === undefined) return;
    const isYes = YES.has(item.answer);
    if (isYes && Date.now() - shownAt < READ_MS) return;
    pick.hide();
    const settled = await give(questions, approval, item.answer);
    if (settled && store.pending().length > 0) next?.();
  });
  pick.onDidHide(() => {
    stop();
    pick.dispose();
  });
  pick.show();
  shownAt = Date.now();
}

/** True where the answer settled the question. */
async function give(
  questions: Questions,
  approval: Approval,
  answer: AnswerItem["answer"],
): Promise<boolean> {
  const { store, show, showLoss, undoOf, writeRule } = questions;
  if (answer === "show" || answer === "show-loss" || answer === "write-rule") {
    const look = { show, "show-loss": showLoss, "write-rule": writeRule }[answer];
    void look(approval);
    return false;
  }
  if (answer === "edit") return editCommand(questions, approval);
  if (answer === "allow-once") return allowOnce(store, approval, undoOf(approval));
  if (answer !== "reject-reason") return settleHere(store, approval, answer);
  const reason = await askWords(store, approval, {
    title: plainLabel(l10n.t("Reject: {0}", approval.asked)),
    prompt: whereReasonGoes(approval),
    placeHolder: l10n.t("Why, or what to do instead"),
    validateInput: (text) => (text.length > REASON_CHARACTERS ? l10n.t("That is too long.") : undefined),
  });
  return reason !== undefined && settleHere(store, approval, "reject", reason);
}

/** Asks for the command that runs instead. True where that settled the question. */
export async function editCommand({ store, show }: Questions, approval: Approval): Promise<boolean> {
  const { asked, editable = asked } = approval;
  // A box of one line would join them.
  if (editable.includes("\n")) {
    show(approval);
    return false;
  }
  const command = await askWords(store, approval, {
    title: plainLabel(l10n.t("Edit, then allow: {0}", asked)),
    prompt: l10n.t("Judged anew. The agent is told that you changed it."),
    value: editable,
    validateInput: (text) => {
      if (text.length > EDIT_CHARACTERS) return l10n.t("That is too long.");
      // The first Enter may have been meant for what was there before.
      return text.trim() === "" || text.trim() === editable.trim()
        ? l10n.t("Change the command first")
        : undefined;
    },
  });
  return command !== undefined && settleHere(store, approval, "edit", command);
}

function whereReasonGoes({ reasonGoes }: Approval): string {
  return reasonGoes === "answer"
    ? l10n.t("The agent reads it in the answer")
    : l10n.t("Sent as your next prompt, when the turn is over");
}

function listItem({ askerOf, undoOf }: Questions, approval: Approval): ListItem {
  const { agent, folder, asked } = askerOf(approval);
  const told = [lossLine(approval.loss), undoText(approval, undoOf(approval)), ...whatFor(approval)];
  const icon = approval.kind === "loss" ? "$(warning)" : "$(question)";
  return {
    approval,
    label: `${icon} ${plainLabel(asked)}`,
    description:
      folder === "" ? plainLabel(agent) : l10n.t("{0} in {1}", plainLabel(agent), plainLabel(folder)),
    ...detailOf(...told),
  };
}

function answerItems(approval: Approval, asker: Asker, undo: ApprovalCard["undo"]): readonly AnswerItem[] {
  if (approval.kind === "lock") return lockItems(approval);
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
function whatFor({ kind, reason }: Approval): readonly string[] {
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
