import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { type Approval, EDIT_CHARACTERS, REASON_CHARACTERS } from "../approvals/approval.ts";
import type { ApprovalStore } from "../approvals/store.ts";
import type { ApprovalCard } from "../panel/protocol.ts";
import {
  type AnswerItem,
  answerItems,
  type Asker,
  type ListItem,
  listItem,
  whatFor,
  whereReasonGoes,
} from "./approvalItems.ts";
import { allowOnce, askWords, READ_MS, settleHere } from "./confirm.ts";
import { plainLabel } from "./labels.ts";

/** Answers after which something is run, or is from then on. */
const YES: ReadonlySet<string> = new Set([
  "allow-once",
  "allow-session",
  "update-lock",
  "as-it-is",
  "use-swap",
  "as-asked",
  "never-swap",
]);

export interface Questions {
  readonly store: ApprovalStore;
  readonly askerOf: (approval: Approval) => Asker;
  /** Whether what would be lost can be brought back. */
  readonly undoOf: (approval: Approval) => ApprovalCard["undo"];
  /** Brings the panel up with that question. */
  readonly show: (approval: Approval) => void;
  /** Opens what both programs of a swap find, side by side. */
  readonly compare: (approval: Approval) => unknown;
  /** Lists what would be lost, each with its diff. */
  readonly showLoss: (approval: Approval) => unknown;
  /** Shows the rule that would answer it. */
  readonly writeRule: (approval: Approval) => unknown;
}

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
      .map((approval) => listItem(approval, questions.askerOf(approval), questions.undoOf(approval)));
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
  const { store, show, showLoss, undoOf, writeRule, compare } = questions;
  if (answer === "show" || answer === "show-loss" || answer === "write-rule" || answer === "compare") {
    const look = { show, "show-loss": showLoss, "write-rule": writeRule, compare }[answer];
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
