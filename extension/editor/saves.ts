import * as vscode from "vscode";
import type { LazyApp } from "./lazyApp.ts";

/** What the person saves, removes or moves in the editor is no loss, and is kept when it goes quiet. */
export function watchSaves(app: Pick<LazyApp, "loaded">): vscode.Disposable {
  const changed = (uris: readonly vscode.Uri[]): void => {
    const paths = uris.filter(({ scheme }) => scheme === "file").map(({ fsPath }) => fsPath);
    void app.loaded?.alarms.changed(paths);
  };
  const { workspace } = vscode;
  return vscode.Disposable.from(
    workspace.onDidSaveTextDocument(({ uri }) => changed([uri])),
    workspace.onDidCreateFiles(({ files }) => changed(files)),
    workspace.onDidDeleteFiles(({ files }) => changed(files)),
    workspace.onDidRenameFiles(({ files }) =>
      changed(files.flatMap(({ oldUri, newUri }) => [oldUri, newUri])),
    ),
  );
}
