import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Approval } from "../approvals/approval.ts";
import type { ApprovalStore } from "../approvals/store.ts";
import type { ApprovalCard } from "../panel/protocol.ts";
import { lossLine } from "../panel/lossLine.ts";
import { undoLine } from "../panel/undo.ts";
import { plainMessage } from "./labels.ts";

/** An answer given before a person can have read the question is none. The panel waits as long. */
export const READ_MS = 500;

/**
 * Allows once. What would lose work that no restore point surely brings back needs a second yes wherever the panel's card, which shows all of it, is not in
 * sight. True where it was allowed by this.
 */
export async function allowOnce(
  store: ApprovalStore,
  approval: Approval,
  undo: ApprovalCard["undo"],
): Promise<boolean> {
  if (approval.kind === "loss" && undo?.can !== "all" && !(await confirmed(approval, undo))) return false;
  return store.settle(approval.id, "allow-once", "person");
}

async function confirmed({ asked, loss, reason }: Approval, undo: ApprovalCard["undo"]): Promise<boolean> {
  const allow = l10n.t("Allow once");
  const detail = [lossLine(loss), reason, undoLine(undo)].filter((part) => part !== "");
  const shownAt = Date.now();
  const answer = await vscode.window.showWarningMessage(
    plainMessage(asked),
    { modal: true, detail: detail.map((part) => plainMessage(part)).join("\n") },
    allow,
  );
  // The dialog offers the yes to the next Enter: one that was meant for something else is none.
  return answer === allow && Date.now() - shownAt >= READ_MS;
}
