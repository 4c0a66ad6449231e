import * as l10n from "@vscode/l10n";
import { readFile, realpath } from "node:fs/promises";
import * as vscode from "vscode";
import type { TextFiles } from "../doorways/fs/access.ts";
import { diskFiles } from "../doorways/fs/disk.ts";
import { sameLines } from "../doorways/fs/sameLines.ts";
import { InterlockError } from "../errors.ts";
import { changedPart } from "./changedPart.ts";

/**
 * Text files as the editor has them: unsaved buffers are read, and a file that is open is written through its
 * document, so that undo works and nothing changes under what a person is typing.
 */
export class EditorFiles implements TextFiles {
  async read(path: string): Promise<string> {
    const document = await openDocument(path);
    // A document without changes shows what was on the disk when the editor last looked. The disk knows better: a
    // command may have written the file a moment ago.
    return document?.isDirty === true ? document.getText() : diskFiles.read(path);
  }

  async write(path: string, content: string, hasSeen?: (unsaved: string) => boolean): Promise<void> {
    if (await hasUnsavedNotebook(path)) throw unsavedChanges(path);
    const document = await openDocument(path);
    if (document === undefined) return diskFiles.write(path, content);
    // What a person typed since the agent looked is not in the agent's text: writing would take it away.
    if (document.isDirty && hasSeen?.(document.getText()) !== true) throw unsavedChanges(path);
    // One that is behind the disk can't be saved; it catches up by itself, as after any program that writes.
    if (!document.isDirty && !(await isCurrent(document, path))) return diskFiles.write(path, content);
    await writeThrough(document, path, content);
  }
}

async function writeThrough(document: vscode.TextDocument, path: string, content: string): Promise<void> {
  const before = document.getText();
  const lineEnd = document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n";
  const text = sameLines(content).replaceAll("\n", lineEnd);
  if (!(await replaceText(document, text))) throw notApplied(path);
  if (!document.isDirty || (await document.save())) return;
  // As when something else wrote the file meanwhile. What was typed since then stays as well.
  if (document.getText() === text) await replaceText(document, before);
  throw notApplied(path);
}

/** False where the editor refuses. */
async function replaceText(document: vscode.TextDocument, text: string): Promise<boolean> {
  const part = changedPart(document.getText(), text);
  if (part === undefined) return true;
  const range = new vscode.Range(document.positionAt(part.start), document.positionAt(part.end));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, part.text);
  return vscode.workspace.applyEdit(edit);
}

/** The document of a file, also where the person opened it by a link. `path` is the file itself. */
async function openDocument(path: string): Promise<vscode.TextDocument | undefined> {
  return named(
    path,
    vscode.workspace.textDocuments.filter(({ isClosed }) => !isClosed),
  );
}

async function hasUnsavedNotebook(path: string): Promise<boolean> {
  const unsaved = vscode.workspace.notebookDocuments.filter(({ isDirty }) => isDirty);
  return (await named(path, unsaved)) !== undefined;
}

/** The one among the editor's documents that is this file. */
async function named<Document extends { readonly uri: vscode.Uri }>(
  path: string,
  documents: readonly Document[],
): Promise<Document | undefined> {
  // The editor writes a drive's letter in its own way.
  const wanted = vscode.Uri.file(path).fsPath;
  const files = documents.filter(({ uri }) => uri.scheme === "file");
  const found = files.find(({ uri }) => uri.fsPath === wanted);
  if (found !== undefined) return found;
  for (const document of files) {
    const real = await realpath(document.uri.fsPath).catch(() => undefined);
    if (real !== undefined && vscode.Uri.file(real).fsPath === wanted) return document;
  }
  return undefined;
}

async function isCurrent(document: vscode.TextDocument, path: string): Promise<boolean> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text !== undefined && sameLines(text) === sameLines(document.getText());
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
