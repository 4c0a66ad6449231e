import assert from "node:assert/strict";
import { test } from "node:test";

import * as vscode from "vscode";

test("Interlock is found and activates", async () => {
  const extension = vscode.extensions.getExtension("interlock.interlock");
  assert.ok(extension, "the extension is not installed");
  await extension.activate();
  assert.equal(extension.isActive, true);
});
