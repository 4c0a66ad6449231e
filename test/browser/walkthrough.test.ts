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
  await InterlockPanel.open(page);
  const step = (name: string, mark = "") => page.locator(`[data-done-step-id$="#${name}"]${mark}`).first();
  await runCommand(page, "Interlock: Open Walkthrough");
  await step("guard").waitFor();
  assert.equal(await step("guard", ".complete").count(), 0);
  // It lies over the panel.
  // The walkthrough has a page of its own, which comes before the panel's.
  for (const frame of page.frames()) {
    const button = frame.getByRole("button", { name: "New session", exact: true });
    if ((await button.count()) > 0) await button.click();
  }
  await step("guard", ".complete").waitFor();
  assert.equal(await step("agent", ".complete").count(), 0);
  await screenshot(page, "walkthrough");

  await page.locator(".getting-started-step").filter({ hasText: "Choose how much is asked" }).click();
  await page.locator("a, .monaco-button").filter({ hasText: "Open the setting" }).first().click();
  const setting = page
    .locator(".settings-editor .setting-item-contents")
    .filter({ hasText: "How much agents are asked about" });
  await setting.first().waitFor();
  await screenshot(page, "walkthrough-setting");
});
