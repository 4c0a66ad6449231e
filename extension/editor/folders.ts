import * as l10n from "@vscode/l10n";
import { existsSync, realpathSync } from "node:fs";
import { basename, isAbsolute, relative } from "node:path";
import * as vscode from "vscode";
import type { Entry } from "./book.ts";
import { plainLabel } from "./labels.ts";
import type { Folder } from "../panel/places.ts";
import { isWithin } from "../toolchain/folders.ts";

/** The window's folders as a person calls them, each also under its real path where it was opened by a link. */
export function workspaceFolders(): readonly Folder[] {
  return (vscode.workspace.workspaceFolders ?? []).flatMap(({ name, uri }) => {
    const real = realPath(uri.fsPath);
    const folder = { name, path: uri.fsPath };
    return real === uri.fsPath ? [folder] : [folder, { name, path: real }];
  });
}

/** The window's folder that really is `root`; the editor knows it, its files and its settings by this name. */
export function folderNamed(root: string): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.workspaceFolders?.find(({ uri }) => realPath(uri.fsPath) === root);
}

/** The folder that a call of the editor's agents is about: the one that it names, that of the file in front, or the first. */
export function folderFor(named: readonly unknown[]): vscode.WorkspaceFolder | undefined {
  const { workspace, window } = vscode;
  const paths = named.flatMap((path) =>
    typeof path === "string" && isAbsolute(path) ? [vscode.Uri.file(path)] : [],
  );
  const known = [...paths, window.activeTextEditor?.document.uri].map(
    (uri) => uri && workspace.getWorkspaceFolder(uri),
  );
  return known.find((folder) => folder !== undefined) ?? workspace.workspaceFolders?.[0];
}

/** The window's folders by their real paths, as sessions, policies and restore points know them. */
export function workspaceRoots(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => realPath(uri.fsPath));
}

/** The folder that a command is about: that of the shown session, the only one, or the one that the person names. */
export async function chooseRoot(shown: string | undefined): Promise<string | undefined> {
  const roots = workspaceRoots();
  if (shown !== undefined || roots.length < 2) return shown ?? roots[0];
  const folder = await vscode.window.showWorkspaceFolderPick({ placeHolder: l10n.t("Which folder?") });
  return folder === undefined ? undefined : realPath(folder.uri.fsPath);
}

/** The same where each of a session's working trees has something of its own: of two the person names one. */
export async function chooseTree(shown: Entry | undefined): Promise<string | undefined> {
  const worktree = shown?.conversation.header.worktree;
  if (shown === undefined || worktree === undefined || !existsSync(worktree.folder))
    return chooseRoot(shown?.root);
  const { branch, folder } = worktree;
  const items = [
    { label: `$(git-branch) ${plainLabel(branch)}`, description: folder, folder },
    { label: `$(folder) ${basename(shown.root)}`, description: shown.root, folder: shown.root },
  ];
  const answer = await vscode.window.showQuickPick(items, { placeHolder: l10n.t("Which folder?") });
  return answer?.folder;
}

/** The folder in which something is to be started: the only one, or the one that the person names. */
export async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length > 1) {
    return vscode.window.showWorkspaceFolderPick({
      placeHolder: l10n.t("In which folder should the agent work?"),
    });
  }
  if (folders.length === 0) {
    await vscode.window.showInformationMessage(l10n.t("Open a folder first: an agent works in one."));
  }
  return folders[0];
}

/** A file, given by its real path, as the editor calls it: under the name by which its folder was opened. */
export function fileUri(path: string): vscode.Uri {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const real = realPath(uri.fsPath);
    if (real !== uri.fsPath && isWithin(real, path)) return vscode.Uri.joinPath(uri, relative(real, path));
  }
  return vscode.Uri.file(path);
}

/** Where a path really lies; of one that isn't there the path itself. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // A folder of the workspace that is not there at the moment.
    return path;
  }
}
