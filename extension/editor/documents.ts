import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { TextFiles } from "../doorways/fs/access.ts";
import { diskFiles } from "../doorways/fs/disk.ts";
import { InterlockError } from "../errors.ts";

/**
 * Text files as the editor has them: unsaved buffers are read, and a file that is open is written through its
 * document, so that undo works and nothing changes under what a person is typing.
 */
export class EditorFiles implements TextFiles {
  /** The version of each unsaved document that an agent has read last. */
  readonly #read = new Map<string, number>();

  async read(path: string): Promise<string> {
    const document = openDocument(path);
    if (document === undefined) return diskFiles.read(path);
    this.#read.set(path, document.version);
    return document.getText();
  }

  async write(path: string, content: string): Promise<void> {
    const document = openDocument(path);
    if (document === undefined) return diskFiles.write(path, content);
    // What a person typed since the agent looked is not in the agent's text: writing would take it away.
    if (document.isDirty && this.#read.get(path) !== document.version) throw unsavedChanges(path);
    const end = document.lineAt(document.lineCount - 1).range.end;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(new vscode.Position(0, 0), end), content);
    if (!(await vscode.workspace.applyEdit(edit))) throw notApplied(path);
    if (!(await document.save())) throw notApplied(path);
    this.#read.set(path, document.version);
  }
}

function openDocument(path: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    (document) => document.uri.scheme === "file" && document.uri.fsPath === path && !document.isClosed,
  );
}

function unsavedChanges(path: string): InterlockError {
  return new InterlockError({
    code: "fs.unsaved",
    message: l10n.t("“{0}” has unsaved changes that you haven't read.", path),
    next: l10n.t("Read the file again, and base your edit on what it holds now."),
  });
}

function notApplied(path: string): InterlockError {
  return new InterlockError({
    code: "fs.not-applied",
    message: l10n.t("The editor could not write “{0}”.", path),
    next: l10n.t("Read the file again before another try."),
  });
}
