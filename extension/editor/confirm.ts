import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Approval } from "../approvals/approval.ts";
import type { ApprovalStore } from "../approvals/store.ts";
import { plainMessage } from "./labels.ts";
import { lossLine } from "./lossLine.ts";

/**
 * Allows once. What can't be undone needs a second yes wherever the panel's card, which shows all of it, is not in
 * sight. True where it was allowed by this.
 */
export async function allowOnce(store: ApprovalStore, approval: Approval): Promise<boolean> {
  if (approval.kind === "loss" && !(await confirmed(approval))) return false;
  return store.settle(approval.id, "allow-once", "person");
}

async function confirmed({ asked, loss, reason }: Approval): Promise<boolean> {
  const allow = l10n.t("Allow once");
  const detail = [lossLine(loss), reason, l10n.t("Can't be undone.")].filter((part) => part !== "");
  const answer = await vscode.window.showWarningMessage(
    plainMessage(asked),
    { modal: true, detail: detail.map((part) => plainMessage(part)).join("\n") },
    allow,
  );
  return answer === allow;
}
