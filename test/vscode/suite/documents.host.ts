import assert from "node:assert/strict";
import { chmodSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import * as vscode from "vscode";

import type { Step } from "../../agents/script.ts";
import { eventually } from "../../harness/processes.ts";
import { appInEditor, projectFolder, ScriptedSession } from "./support/session.ts";

const TEXT = "one\ntwo\nthree\nfour\n";

interface Bench {
  readonly folder: string;
  /** The file that the agent is after, and that is written before its session opens. */
  readonly path: string;
  readonly agent: ScriptedSession;
}

/** A project with one file, and an agent that does these turns; `${path}` in them is the file. */
async function bench(t: TestContext, content: string, ...turns: Step[][]): Promise<Bench> {
  const folder = await projectFolder(t);
  const path = join(folder, "notes.txt");
  writeFileSync(path, content);
  t.after(closeAll);
  return { folder, path, agent: await ScriptedSession.open(t, folder, { turns }) };
}

const NOTES = "${cwd}/notes.txt";
const read = (path = NOTES): Step => ({ readFile: { path } });
const write = (content: string, path = NOTES): Step => ({ writeFile: { path, content } });

async function show(path: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(vscode.Uri.file(path), { preview: false });
}

/** What a person does: types at a place, and does not save. */
async function type(editor: vscode.TextEditor, line: number, text: string): Promise<void> {
  await editor.edit((edit) => edit.insert(new vscode.Position(line, 0), text));
  assert.equal(editor.document.isDirty, true);
}

/** Nothing is saved, and nobody is asked about it. */
async function closeAll(): Promise<void> {
  while (vscode.window.activeTextEditor?.document.isDirty === true) {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

const disk = (path: string): string => readFileSync(path, "utf8");

test("an agent reads what a person has typed and not saved", async (t) => {
  const { path, agent } = await bench(t, TEXT, [read()]);
  await type(await show(path), 0, "typed\n");
  const [answer] = await agent.turn();
  assert.equal(answer?.result?.content, `typed\n${TEXT}`);
  assert.equal(disk(path), TEXT);
});

test("a file that is open is written through its editor: saved, the cursor where it was, and undone by one step", async (t) => {
  const { path, agent } = await bench(t, TEXT, [write("one\n2\n2b\nthree\nfour\n")]);
  const editor = await show(path);
  const word = new vscode.Position(3, 2);
  editor.selection = new vscode.Selection(word, word);
  const [answer] = await agent.turn();
  assert.equal(answer?.error, undefined);
  assert.equal(disk(path), "one\n2\n2b\nthree\nfour\n");
  assert.equal(editor.document.getText(), "one\n2\n2b\nthree\nfour\n");
  assert.equal(editor.document.isDirty, false);
  await eventually("the cursor stays in its word", () => editor.selection.active.line === 4);
  assert.equal(editor.selection.active.character, 2);
  await show(path);
  await vscode.commands.executeCommand("undo");
  assert.equal(editor.document.getText(), TEXT);
});

test("under changes that the agent has not read nothing is written, and it is told to read them", async (t) => {
  const { path, agent } = await bench(t, TEXT, [write("lost\n")], [read(), write("typed\nand more\n")]);
  const editor = await show(path);
  const { document } = editor;
  await type(editor, 0, "typed\n");
  const [refused] = await agent.turn();
  assert.match(
    refused?.error?.message ?? "",
    /has unsaved changes that you haven't read.*Read the file again/s,
  );
  assert.equal(document.getText(), `typed\n${TEXT}`);
  assert.equal(document.isDirty, true);
  assert.equal(disk(path), TEXT);
  const [, written] = await agent.turn();
  assert.equal(written?.error, undefined);
  assert.equal(disk(path), "typed\nand more\n");
  assert.equal(document.isDirty, false);
});

test("what is typed after the agent has read is not taken away", async (t) => {
  const { path, agent } = await bench(t, TEXT, [read()], [write("lost\n")], [write("lost\n")]);
  const editor = await show(path);
  await type(editor, 0, "typed\n");
  await agent.turn();
  await type(editor, 1, "and on\n");
  const [refused] = await agent.turn();
  assert.match(refused?.error?.message ?? "", /changed since you read it/);
  const [again] = await agent.turn();
  assert.match(again?.error?.message ?? "", /unsaved changes/);
  assert.equal(editor.document.getText(), `typed\nand on\n${TEXT}`);
  assert.equal(disk(path), TEXT);
});

test("what is typed and taken back leaves what the agent has read, also after a command of its own", async (t) => {
  const command: Step = { terminal: { command: "echo x > other.txt" } };
  const { path, agent } = await bench(t, TEXT, [read(), command], [write("typed\nand more\n")]);
  const editor = await show(path);
  await type(editor, 0, "typed\n");
  await agent.turn();
  await type(editor, 1, "x");
  await editor.edit((edit) => edit.delete(new vscode.Range(1, 0, 1, 1)));
  assert.equal(editor.document.isDirty, true);
  const [written] = await agent.turn();
  assert.equal(written?.error, undefined);
  assert.equal(disk(path), "typed\nand more\n");
});

test("what one agent has read another one has not", async (t) => {
  const folder = await projectFolder(t);
  const path = join(folder, "notes.txt");
  writeFileSync(path, TEXT);
  t.after(closeAll);
  const app = await appInEditor(t);
  const reader = await ScriptedSession.open(t, folder, { turns: [[read()]] }, app);
  const writer = await ScriptedSession.open(t, folder, { turns: [[write("lost\n")]] }, app);
  const editor = await show(path);
  await type(editor, 0, "typed\n");
  await reader.turn();
  const [refused] = await writer.turn();
  assert.match(refused?.error?.message ?? "", /unsaved changes/);
  assert.equal(editor.document.getText(), `typed\n${TEXT}`);
});

test("a document with CRLF keeps it, whatever the agent writes", async (t) => {
  const { path, agent } = await bench(t, "one\r\ntwo\r\n", [write("one\n2\nthree\r\n")]);
  const { document } = await show(path);
  await agent.turn();
  assert.equal(disk(path), "one\r\n2\r\nthree\r\n");
  assert.equal(document.isDirty, false);
});

for (const mark of ["", "\uFEFF"]) {
  test(`a byte order mark stays, once, where the agent writes ${mark === "" ? "none" : "it"}`, async (t) => {
    const { path, agent } = await bench(t, "\uFEFFone\n", [write(`${mark}two\n`)]);
    const { document } = await show(path);
    await agent.turn();
    assert.equal(disk(path), "\uFEFFtwo\n");
    assert.equal(document.getText(), "two\n");
    assert.equal(document.isDirty, false);
  });
}

test("a file that was opened by a link is written through its document; the link stays", async (t) => {
  const { folder, path, agent } = await bench(t, TEXT, [write("written\n")]);
  const link = join(folder, "link.txt");
  symlinkSync(path, link);
  const editor = await show(link);
  await agent.turn();
  assert.equal(editor.document.getText(), "written\n");
  assert.equal(editor.document.isDirty, false);
  assert.equal(await readlink(link), path);
  assert.equal(disk(path), "written\n");
  await vscode.commands.executeCommand("undo");
  assert.equal(editor.document.getText(), TEXT);
});

test("what is typed in a file that was opened by a link is not written over either", async (t) => {
  const { folder, path, agent } = await bench(t, TEXT, [write("lost\n")], [read()]);
  const link = join(folder, "link.txt");
  symlinkSync(path, link);
  await type(await show(link), 0, "typed\n");
  const [refused] = await agent.turn();
  assert.match(refused?.error?.message ?? "", /unsaved changes/);
  const [answer] = await agent.turn();
  assert.equal(answer?.result?.content, `typed\n${TEXT}`);
  assert.equal(disk(path), TEXT);
});

test("a file that is not open is replaced in one step, with its mode, through a link, and not opened", async (t) => {
  const { folder, path, agent } = await bench(t, TEXT, [write("written\n", "${cwd}/link.txt")]);
  const link = join(folder, "link.txt");
  symlinkSync("notes.txt", link);
  const before = statSync(path);
  chmodSync(path, 0o751);
  await agent.turn();
  const after = statSync(path);
  assert.equal(disk(path), "written\n");
  assert.equal(after.mode & 0o7777, 0o751);
  assert.notEqual(after.ino, before.ino);
  assert.equal(await readlink(link), "notes.txt");
  assert.deepEqual((await readdir(folder)).sort(), ["agent-audit", "link.txt", "notes.txt"]);
  assert.equal(
    vscode.workspace.textDocuments.some(({ uri }) => uri.fsPath === path),
    false,
  );
});

test("a document without changes is read and written as the disk has it, and catches up", async (t) => {
  const change: Step = { shell: { line: "printf 'by a command\\n' > notes.txt" } };
  const { path, agent } = await bench(t, TEXT, [change, read()], [change, write("by the agent\n")]);
  const { document } = await show(path);
  const [answer] = await agent.turn();
  assert.equal(answer?.result?.content, "by a command\n");
  writeFileSync(path, TEXT);
  const [written] = await agent.turn();
  assert.equal(written?.error, undefined);
  assert.equal(disk(path), "by the agent\n");
  await eventually("the editor shows it", () => document.getText() === "by the agent\n");
  assert.equal(document.isDirty, false);
});

test("a file that is gone, and whose document is still there, is made again", async (t) => {
  const { path, agent } = await bench(t, TEXT, [{ shell: { line: "/bin/rm notes.txt" } }, write("again\n")]);
  await show(path);
  const [answer] = await agent.turn();
  assert.equal(answer?.error, undefined);
  assert.equal(disk(path), "again\n");
});

test("what can't be saved is not written, and the editor keeps what the person had", async (t) => {
  const { path, agent } = await bench(t, TEXT, [read()], [write("lost\n")]);
  const editor = await show(path);
  await type(editor, 0, "typed\n");
  await agent.turn();
  rmSync(path);
  writeFileSync(path, "somebody else's\n");
  const [refused] = await agent.turn();
  assert.match(refused?.error?.message ?? "", /could not write/);
  assert.equal(disk(path), "somebody else's\n");
  assert.equal(editor.document.getText(), `typed\n${TEXT}`);
});

test("a notebook with unsaved changes is not written over, also one that was opened by a link; a saved one is", async (t) => {
  const { folder, agent } = await bench(
    t,
    TEXT,
    [write("{}\n", "${cwd}/book.ipynb")],
    [write("{}\n", "${cwd}/book.ipynb")],
  );
  const path = join(folder, "book.ipynb");
  const cell = { cell_type: "code", execution_count: null, metadata: {}, outputs: [], source: ["1 + 1"] };
  writeFileSync(path, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  const before = disk(path);
  const link = join(folder, "link.ipynb");
  symlinkSync(path, link);
  const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(link));
  await vscode.window.showNotebookDocument(notebook);
  const edit = new vscode.WorkspaceEdit();
  const added = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, "2 + 2", "python");
  edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(0, [added])]);
  await vscode.workspace.applyEdit(edit);
  assert.equal(notebook.isDirty, true);
  const [refused] = await agent.turn();
  assert.match(refused?.error?.message ?? "", /unsaved changes/);
  assert.equal(disk(path), before);
  assert.equal(await notebook.save(), true);
  const [written] = await agent.turn();
  assert.equal(written?.error, undefined);
  assert.equal(disk(path), "{}\n");
});
