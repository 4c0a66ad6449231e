import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { personGit } from "../git/support.ts";
import { InterlockPanel } from "../harness/interlock.ts";
import { quickPickRow, runCommand, screenshot } from "../harness/locators.ts";
import { sampleFor } from "../harness/sample.ts";
import { skipWithout } from "../harness/tools.ts";
import { startVscode } from "../harness/window.ts";

/** The tab of a diff over all files of a commit. */
async function diffShown(page: Page, title: string, texts: readonly string[]): Promise<void> {
  await page.locator(".tab.active").filter({ hasText: title }).waitFor();
  const editor = page.locator(".multiDiffEditor").first();
  await editor.waitFor();
  for (const text of texts) await editor.getByText(text).first().waitFor();
}

void test("a commit and a stash entry that would be lost open in a diff of all their files", async (t) => {
  if (!(await skipWithout(t, "chromium")) || !(await skipWithout(t, "code-server"))) return;
  const folder = await sampleFor(t);
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  // The sample comes with changes: what is stashed here is to be seen at once.
  personGit(folder, "commit", "-q", "--all", "-m", "The sample's own changes");
  await write("kept-aside.txt", "half of the importer\n");
  personGit(folder, "stash", "push", "-q", "--include-untracked", "-m", "half of the importer");
  await write("one.txt", "the first line\n");
  await write("two.txt", "the second line\n");
  personGit(folder, "add", "--all");
  personGit(folder, "commit", "-q", "-m", "Add both lines");
  const { page } = await startVscode(t, { folder, viewport: { width: 1400, height: 900 } });
  const panel = await InterlockPanel.open(page);
  await panel.resize(300);
  await panel.newSession();
  await panel.send("/run git reset --hard HEAD~1; git stash clear");
  await panel.card.waitFor();
  assert.match(await panel.card.innerText(), /Would lose .*1 commit only here, 1 stash\./);

  await panel.card.locator(".file").filter({ hasText: "Add both lines" }).click();
  await diffShown(page, "Add both lines: what would be lost", ["the first line", "the second line"]);
  await screenshot(page, "loss-commit-diff");

  await runCommand(page, "Interlock: Review Pending Approvals");
  await quickPickRow(page, "Show what would be lost").click();
  await quickPickRow(page, "Add both lines").waitFor();
  await page.waitForTimeout(300);
  await screenshot(page, "loss-palette");
  await quickPickRow(page, "half of the importer").click();
  await diffShown(page, "half of the importer: what would be lost", ["kept-aside.txt"]);
  await screenshot(page, "loss-stash-diff");
  assert.equal(await panel.card.count(), 1, "looking answers nothing");
});
