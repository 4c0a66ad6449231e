import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Approval } from "../approvals/approval.ts";
import type { ApprovalStore } from "../approvals/store.ts";
import type { Loss } from "../guard/loss.ts";
import { visible } from "../panel/visible.ts";

/** An answer given before a person can have read the question is none. The panel waits as long. */
const READ_MS = 500;

interface Item extends vscode.QuickPickItem {
  readonly approval: Approval;
}

/** The palette's view of pending approvals. Enter opens the question; the buttons answer it. */
export function reviewApprovals(store: ApprovalStore, showInPanel: () => void): void {
  const pick = vscode.window.createQuickPick<Item>();
  const allow: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon("check"),
    tooltip: l10n.t("Allow once"),
  };
  const reject: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon("close"),
    tooltip: l10n.t("Reject"),
  };
  pick.title = l10n.t("Pending approvals");
  pick.placeholder = l10n.t("Choose a question to answer it");
  pick.matchOnDescription = true;
  let filled = 0;
  const fill = (): void => {
    pick.items = store.pending().map((approval) => itemOf(approval, [allow, reject]));
    filled = Date.now();
    if (pick.items.length === 0) pick.hide();
  };
  const stop = store.onChange(fill);
  pick.onDidTriggerItemButton(({ item, button }) => {
    if (button === allow && Date.now() - filled < READ_MS) return;
    store.settle(item.approval.id, button === allow ? "allow-once" : "reject", "person");
  });
  pick.onDidAccept(() => {
    const [item] = pick.selectedItems;
    pick.hide();
    if (item !== undefined) void askOne(store, item.approval, showInPanel);
  });
  pick.onDidHide(() => {
    stop();
    pick.dispose();
  });
  fill();
  if (store.pending().length > 0) pick.show();
}

/** One question, with Reject in front: a stray Enter never lets anything run. */
export async function askOne(
  store: ApprovalStore,
  approval: Approval,
  showInPanel: () => void,
): Promise<void> {
  const choices = {
    reject: { label: `$(close) ${l10n.t("Reject")}` },
    allow: { label: `$(check) ${l10n.t("Allow once")}`, description: approval.reason },
    show: { label: `$(list-flat) ${l10n.t("Show in the panel")}` },
  };
  const opened = Date.now();
  const answer = await vscode.window.showQuickPick([choices.reject, choices.allow, choices.show], {
    title: oneLine(approval.asked),
    placeHolder: [approval.reason, lossLine(approval.loss)].filter((part) => part !== "").join(" "),
  });
  if (answer === choices.show) showInPanel();
  else if (answer === choices.reject) store.settle(approval.id, "reject", "person");
  else if (answer === choices.allow && Date.now() - opened >= READ_MS) {
    store.settle(approval.id, "allow-once", "person");
  }
}

function itemOf(approval: Approval, buttons: readonly vscode.QuickInputButton[]): Item {
  const icon = approval.kind === "loss" ? "$(warning)" : "$(question)";
  return {
    approval,
    label: `${icon} ${oneLine(approval.asked)}`,
    description: approval.cwd,
    detail: [approval.reason, lossLine(approval.loss)].filter((part) => part !== "").join(" "),
    buttons: [...buttons],
  };
}

export function lossLine(loss: Loss | undefined): string {
  if (loss === undefined) return "";
  const parts: string[] = [];
  if (loss.fileCount === 1) parts.push(l10n.t("1 file"));
  else if (loss.fileCount > 1) parts.push(l10n.t("{0} files", loss.fileCount));
  if (loss.commits === 1) parts.push(l10n.t("1 commit"));
  else if (loss.commits > 1) parts.push(l10n.t("{0} commits", loss.commits));
  if (loss.stashes > 0) parts.push(l10n.t("{0} stashes", loss.stashes));
  return parts.length === 0 ? "" : l10n.t("Would lose {0}.", parts.join(", "));
}

/** A command as a label: icons of a QuickPick are written as `$(name)`, which an agent's text must not become. */
function oneLine(text: string): string {
  return visible(text).replaceAll("\n", "⏎ ").replaceAll("$(", "$\u200b(");
}
