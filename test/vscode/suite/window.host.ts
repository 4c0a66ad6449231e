import assert from "node:assert/strict";
import { test } from "node:test";

import * as vscode from "vscode";

test("the window is open on the sample", async () => {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, "no folder is open");
  const files = await vscode.workspace.findFiles("web/package.json");
  assert.equal(files.length, 1);
});

test("the window trusts the folder, as on a desktop under test", () => {
  assert.equal(vscode.workspace.isTrusted, true);
});
