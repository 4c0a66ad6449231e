import * as l10n from "@vscode/l10n";
import { isUtf8 } from "node:buffer";
import * as vscode from "vscode";
import { shownPath } from "../restore/points/bytePath.ts";
import type { Change, Content } from "../restore/points/change.ts";
import type { LazyApp } from "./lazyApp.ts";

const SCHEME = "interlock-restore";
/** Bytes of a file that a diff editor is given. */
const MAX_SHOWN = 1024 * 1024;

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
    const isText = data.length <= MAX_SHOWN && isUtf8(data) && !data.includes(0);
    return isText ? data.toString("utf8") : l10n.t("(binary or large: {0} bytes)", data.length);
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
