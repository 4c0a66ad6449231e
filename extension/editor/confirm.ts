import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Approval, Choice } from "../approvals/approval.ts";
import type { ApprovalStore } from "../approvals/store.ts";
import { askedOf } from "../panel/card.ts";
import { lossLine } from "../panel/lossLine.ts";
import { shortPath } from "../panel/places.ts";
import type { ApprovalCard } from "../panel/protocol.ts";
import { undoLine } from "../panel/undo.ts";
import { workspaceFolders } from "./folders.ts";
import { plainMessage } from "./labels.ts";

/** An answer given before a person can have read the question is none. The panel waits as long. */
export const READ_MS = 500;

/**
 * Allows once. What would lose work that no restore point surely brings back needs a second yes wherever the panel's card, which shows all of it, is not in
 * sight; there it can be rejected, too. True where this answered it.
 */
export async function allowOnce(
  store: ApprovalStore,
  approval: Approval,
  undo: ApprovalCard["undo"],
): Promise<boolean> {
  const sure = approval.kind !== "loss" || undo?.can === "all";
  const answer = sure ? "allow-once" : await secondAnswer(approval, undo);
  return answer !== undefined && settleHere(store, approval, answer);
}

/** Settles it for the person. What was over before they answered is said: they would take their answer for given. */
export function settleHere(store: ApprovalStore, { id }: Approval, choice: Choice, words?: string): boolean {
  if (store.settle(id, choice, "person", words)) return true;
  void vscode.window.showInformationMessage(
    l10n.t("That question is over: it was answered elsewhere, or the agent stopped waiting."),
  );
  return false;
}

/** Asks for the words of an answer. The box closes when the question is settled anywhere else. */
export async function askWords(
  store: ApprovalStore,
  { id }: Approval,
  options: vscode.InputBoxOptions,
): Promise<string | undefined> {
  const over = new vscode.CancellationTokenSource();
  const stop = store.onChange(({ type, approval }) => {
    if (type === "settled" && approval.id === id) over.cancel();
  });
  try {
    return await vscode.window.showInputBox(options, over.token);
  } finally {
    stop();
    over.dispose();
  }
}

/** The dialog's first button is the one that Enter presses: it rejects, as in the card. */
async function secondAnswer(
  approval: Approval,
  undo: ApprovalCard["undo"],
): Promise<"allow-once" | "reject" | undefined> {
  const { act, asked, run, cwd, loss, reason } = approval;
  const folders = workspaceFolders();
  const detail = [
    act === "command" ? l10n.t("In {0}.", shortPath(folders, cwd)) : "",
    run === undefined || run === asked ? "" : l10n.t("would run as {0}", run),
    lossLine(loss),
    reason,
    undoLine(undo),
  ].filter((part) => part !== "");
  const reject = l10n.t("Reject");
  const allow = l10n.t("Allow once");
  const shownAt = Date.now();
  const answer = await vscode.window.showWarningMessage(
    plainMessage(askedOf(approval, folders)),
    { modal: true, detail: detail.map((part) => plainMessage(part)).join("\n") },
    reject,
    allow,
  );
  // A key that was meant for something else is no answer.
  if (answer === undefined || Date.now() - shownAt < READ_MS) return undefined;
  return answer === allow ? "allow-once" : "reject";
}
