import * as vscode from "vscode";

/** A button that does something, and closes the list. */
export interface RunButton extends vscode.QuickInputButton {
  readonly run: () => unknown;
}

/** A line of a list that does something when it is chosen. */
export interface RunItem extends vscode.QuickPickItem {
  readonly run?: () => unknown;
  readonly buttons?: readonly RunButton[];
}

export interface RunList {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly RunItem[];
  /** Those of the list itself. */
  readonly buttons?: readonly RunButton[];
}

/** Shows a list until something in it is chosen, which is then run, or it is left. */
export async function runPick({ title, placeholder, items, buttons = [] }: RunList): Promise<void> {
  const pick = vscode.window.createQuickPick<RunItem>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.buttons = buttons;
  pick.items = items;
  const hidden = new Promise<void>((resolve) => pick.onDidHide(resolve));
  const choose = (run: (() => unknown) | undefined): void => {
    pick.hide();
    void run?.();
  };
  pick.onDidAccept(() => choose(pick.selectedItems[0]?.run));
  pick.onDidTriggerItemButton(({ button }) => choose((button as RunButton).run));
  pick.onDidTriggerButton((button) => choose((button as RunButton).run));
  pick.show();
  await hidden;
  pick.dispose();
}

/** `icon`: a codicon's name. */
export function runButton(icon: string, tooltip: string, run: () => unknown): RunButton {
  return { iconPath: new vscode.ThemeIcon(icon), tooltip, run };
}
