import * as l10n from "@vscode/l10n";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Problem } from "../errors.ts";
import { shownPath } from "../restore/points/bytePath.ts";
import type { KeptWhy } from "../restore/points/change.ts";
import type { Planned } from "../restore/points/planner.ts";
import { READ_MS } from "./confirm.ts";
import { fileUri } from "./folders.ts";
import { plainMessage } from "./labels.ts";
import { nameOf, planText } from "./restoreTexts.ts";

/** Says what would be done, and what to do where both changed the same lines; undefined for no. */
export async function confirmPlan(
  root: string,
  planned: Planned,
  question: string,
  whyText?: (why: KeptWhy) => string,
): Promise<"keep" | "point" | undefined> {
  const open = vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty);
  const dirty = new Set(open.map(({ uri }) => uri.toString()));
  const unsaved = planned.changes
    .filter(({ folder, path }) => dirty.has(fileUri(join(folder, shownPath(path))).toString()))
    .map((change) => nameOf(root, change));
  const yes = l10n.t("Bring it back");
  const all = l10n.t("Take its lines too");
  const conflicts = planned.kept.some(({ why }) => why === "conflict");
  const shownAt = Date.now();
  const answer = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail: plainMessage(planText(root, planned, unsaved, whyText)) },
    ...(planned.changes.length > 0 ? [yes] : []),
    ...(conflicts ? [all] : []),
  );
  if (answer === undefined || Date.now() - shownAt < READ_MS) return undefined;
  return answer === all ? "point" : "keep";
}

export function complain({ message, next }: Problem): void {
  void vscode.window.showErrorMessage(plainMessage(`${message} ${next}`));
}
