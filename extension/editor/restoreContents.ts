import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { shownPath } from "../restore/points/bytePath.ts";
import type { Change, Content } from "../restore/points/change.ts";
import { contentText } from "./contentText.ts";
import type { LazyApp } from "./lazyApp.ts";

const SCHEME = "interlock-restore";

/** Files as restore points hold them, read-only, for diff editors. */
export class RestoreContents implements vscode.Disposable, vscode.TextDocumentContentProvider {
  readonly #app: LazyApp;
  readonly #registration: vscode.Disposable;

  constructor(app: LazyApp) {
    this.#app = app;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  async provideTextDocumentContent({ query }: vscode.Uri): Promise<string> {
    const [root, blob] = (JSON.parse(query) as readonly unknown[]).map(String);
    if (root === undefined || blob === undefined) return "";
    const data = await (await this.#app.load()).restorePoints.content(root, blob);
    if (data === null) return l10n.t("(the restore point does not have this content any more)");
    return contentText(data, data.length);
  }

  /** Undefined for what isn't there. The path's ending chooses the language. */
  uriOf(root: string, { path }: Pick<Change, "path">, { blob }: Content): vscode.Uri | undefined {
    if (blob === null) return undefined;
    return vscode.Uri.from({
      scheme: SCHEME,
      path: `/${shownPath(path)}`,
      query: JSON.stringify([root, blob]),
    });
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
