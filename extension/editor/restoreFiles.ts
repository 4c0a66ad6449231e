import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Change } from "../restore/points/change.ts";
import { actionOf } from "../restore/points/texts.ts";
import { plainLabel } from "./labels.ts";

interface FileItem extends vscode.QuickPickItem {
  readonly change: Change;
}

/** The files of a restore, each to be looked at; resolves with those that got a tick. */
export async function pickFiles(
  files: readonly { readonly change: Change; readonly name: string }[],
  diff: (change: Change) => unknown,
): Promise<readonly Change[]> {
  const words = {
    write: l10n.t("overwritten"),
    create: l10n.t("created"),
    merge: l10n.t("merged with your later changes"),
    remove: l10n.t("removed"),
  };
  const pick = vscode.window.createQuickPick<FileItem>();
  pick.title = l10n.t("Which files should come back?");
  pick.canSelectMany = true;
  // Looking at a diff takes the focus, and must not take the choice.
  pick.ignoreFocusOut = true;
  const button = { iconPath: new vscode.ThemeIcon("diff"), tooltip: l10n.t("Show the diff") };
  pick.items = files.map(({ change, name }) => ({
    change,
    label: plainLabel(name),
    description: words[actionOf(change)],
    buttons: [button],
  }));
  pick.onDidTriggerItemButton(({ item }) => diff(item.change));
  const chosen = await new Promise<readonly Change[]>((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems.map(({ change }) => change));
      pick.hide();
    });
    pick.onDidHide(() => resolve([]));
    pick.show();
  });
  pick.dispose();
  return chosen;
}
