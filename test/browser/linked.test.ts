import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { InterlockPanel } from "../harness/interlock.ts";
import { quickInput, quickPickRow, runCommand, screenshot, workbench } from "../harness/locators.ts";
import { sampleFor } from "../harness/sample.ts";
import { tempDir } from "../harness/temp.ts";
import { skipWithout } from "../harness/tools.ts";
import { startVscode } from "../harness/window.ts";

void test("a project that was opened by a link shows findings in the files that the person opens", async (t) => {
  if (!(await skipWithout(t, "chromium")) || !(await skipWithout(t, "code-server"))) return;
  if (!(await skipWithout(t, "bun"))) return;
  const link = join(await tempDir(t), "linked");
  await symlink(await sampleFor(t), link);
  const { page } = await startVscode(t, { folder: link });
  const panel = await InterlockPanel.open(page);
  await panel.newSession();
  await panel
    .gate("types")
    .and(panel.frame.locator("[data-state=failed]"))
    .waitFor({ state: "attached", timeout: 30_000 });
  await runCommand(page, "Go to File");
  await quickInput(page).fill("bars.ts");
  await quickPickRow(page, "bars.ts").first().click();
  await page.locator(".monaco-editor .view-line").first().waitFor();
  await runCommand(page, "View: Focus Problems");
  const files = page.locator(".markers-panel .monaco-list-row").filter({ hasText: "bars.ts" });
  await files.first().waitFor();
  await screenshot(page, "linked");
  assert.equal(await files.count(), 1, "one file of that name has problems");
  assert.match(await files.innerText(), /web\/src/);
  assert.doesNotMatch(await files.innerText(), /trip-ledger/);
  assert.equal(await workbench(page).locator(".squiggly-error").count(), 1);
});
