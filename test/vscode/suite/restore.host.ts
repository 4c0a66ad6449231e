import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import * as vscode from "vscode";

import { eventually } from "../../harness/processes.ts";
import { appInEditor, sampleFolder } from "./support/session.ts";

/** The extension's own state directory, beside which a test's app would not be seen. */
const STATE = process.env["INTERLOCK_STATE_DIR"] ?? "";

const accept = (): Thenable<unknown> =>
  vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");

async function shownTab(): Promise<vscode.Tab | undefined> {
  await eventually("a tab opens", async () => {
    await accept();
    return vscode.window.tabGroups.activeTabGroup.activeTab !== undefined;
  });
  return vscode.window.tabGroups.activeTabGroup.activeTab;
}

test("the list of restore points leads to what the newest one would change, in a diff of all its files", async (t) => {
  const folder = await sampleFolder();
  const notes = join(folder, "notes.md");
  t.after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await rm(notes, { force: true });
  });
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  const app = await appInEditor(t, STATE);
  await writeFile(notes, "# Plans\n");
  const taken = await (await app.restorePoints.take({ root: folder, reason: "asked" })).settled;
  assert.ok(taken.ok);
  await rm(notes);
  const listing = vscode.commands.executeCommand("interlock.restorePoints");
  const tab = await shownTab();
  await listing;
  assert.match(tab?.label ?? "", /^Now, and as of /);
  await eventually("the file is shown as the point has it", () =>
    vscode.workspace.textDocuments.some(
      (document) => document.uri.scheme === "interlock-restore" && document.getText() === "# Plans\n",
    ),
  );
});
