import { randomUUID } from "node:crypto";
import * as vscode from "vscode";

const SCHEME = "interlock";
/** Texts kept for open tabs; a closed tab's text is dropped. */
const MAX_TEXTS = 50;

/** Read-only texts shown in editor tabs: outputs, messages, and the old side of diffs. */
export class Texts implements vscode.Disposable, vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #disposables: readonly vscode.Disposable[];

  constructor() {
    this.#disposables = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument((document) => this.#texts.delete(document.uri.toString())),
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? "";
  }

  /** `name` is the tab's title; its ending chooses the language. */
  add(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}`, query: randomUUID() });
    this.#texts.set(uri.toString(), text);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > MAX_TEXTS && oldest !== undefined) this.#texts.delete(oldest);
    return uri;
  }

  async open(name: string, text: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.add(name, text));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}
