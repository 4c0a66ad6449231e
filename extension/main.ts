import type * as vscode from "vscode";
import { activateEditor } from "./editor/activate.ts";

let close: (() => Promise<void>) | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  close = await activateEditor(context);
}

/** The editor waits for what this returns, which it does not for disposables. */
export async function deactivate(): Promise<void> {
  await close?.();
}
