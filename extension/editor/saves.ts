import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { realPath } from "./folders.ts";
import type { LazyApp } from "./lazyApp.ts";

/**
 * What the person saves, removes or moves in the editor is no loss, and is kept when it goes quiet. What they open or
 * close beside it is watched, or not any more.
 */
export function watchSaves(app: Pick<LazyApp, "loaded">): vscode.Disposable {
  const changed = (uris: readonly vscode.Uri[]): readonly string[] => {
    const files = uris.filter(({ scheme }) => scheme === "file");
    // Of what was removed the folder may still be there.
    const paths = files.map(({ fsPath }) => join(realPath(dirname(fsPath)), basename(fsPath)));
    app.loaded?.alarms.changed(paths);
    return paths;
  };
  const { workspace } = vscode;
  return vscode.Disposable.from(
    workspace.onDidSaveTextDocument(({ uri }) => app.loaded?.radar.saved(changed([uri]))),
    workspace.onDidCreateFiles(({ files }) => changed(files)),
    workspace.onDidDeleteFiles(({ files }) => changed(files)),
    workspace.onDidRenameFiles(({ files }) =>
      changed(files.flatMap(({ oldUri, newUri }) => [oldUri, newUri])),
    ),
    workspace.onDidChangeWorkspaceFolders(() => app.loaded?.alarms.lookAround()),
  );
}
