import assert from "node:assert/strict";
import { test } from "node:test";

import { InterlockPanel } from "../harness/interlock.ts";
import { runCommand, screenshot } from "../harness/locators.ts";
import { sampleFor } from "../harness/sample.ts";
import { skipWithout } from "../harness/tools.ts";
import { startVscode } from "../harness/window.ts";

void test("the walkthrough ticks a session that the panel's own button began, and leads to a setting that is there", async (t) => {
  if (!(await skipWithout(t, "chromium")) || !(await skipWithout(t, "code-server"))) return;
  const { page } = await startVscode(t, {
    folder: await sampleFor(t),
    viewport: { width: 1400, height: 900 },
  });
  const panel = await InterlockPanel.open(page);
  // Before the walkthrough is open: it has pages of its own.
  await panel.newSession();
  await runCommand(page, "Interlock: Open Walkthrough");
  await page.locator('[data-done-step-id$="#guard"].complete').first().waitFor();
  assert.equal(await page.locator('[data-done-step-id$="#agent"].complete').count(), 0);
  await screenshot(page, "walkthrough");

  await page.locator(".getting-started-step").filter({ hasText: "Choose how much is asked" }).click();
  await page.locator("a, .monaco-button").filter({ hasText: "Open the setting" }).first().click();
  const setting = page
    .locator(".settings-editor .setting-item-contents")
    .filter({ hasText: "How much agents are asked about" });
  await setting.first().waitFor();
  await screenshot(page, "walkthrough-setting");
});
