import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { scriptedAgent } from "../agents/start.ts";
import { InterlockPanel } from "../harness/interlock.ts";
import { notificationButton, quickPickRow, runCommand, screenshot, statusItem } from "../harness/locators.ts";
import { sampleFor } from "../harness/sample.ts";
import { tempDir } from "../harness/temp.ts";
import { skipWithout } from "../harness/tools.ts";
import { startVscode } from "../harness/window.ts";

const needed = async (t: TestContext): Promise<boolean> =>
  Boolean(await skipWithout(t, "chromium")) && Boolean(await skipWithout(t, "code-server"));

void test("a folder that is not trusted starts nothing, and says where trust is given", async (t) => {
  if (!(await needed(t))) return;
  const folder = await tempDir(t);
  await writeFile(join(folder, "package.json"), "{}");
  const { page } = await startVscode(t, {
    folder,
    trusted: false,
    settings: { "security.workspace.trust.startupPrompt": "never" },
  });
  const panel = await InterlockPanel.open(page);
  await panel.button("Manage workspace trust").waitFor();
  assert.equal(await panel.button("New session").count(), 0);
  await screenshot(page, "untrusted");
});

void test("no git and no project: the session says what does not hold, and works", async (t) => {
  if (!(await needed(t))) return;
  const folder = await tempDir(t);
  await writeFile(join(folder, "notes.txt"), "kept\n");
  const { page } = await startVscode(t, { folder });
  const panel = await InterlockPanel.open(page);
  await panel.newSession();
  const notices = await panel.frame.locator(".row-notice").allInnerTexts();
  assert.match(notices.join("\n"), /no git repository[^]*No Python or JavaScript project/);
  await panel.send("/run rm notes.txt");
  await panel.card.waitFor();
  await screenshot(page, "no-git");
  await panel.answer("Reject");
  await panel.ready();
  assert.ok(existsSync(join(folder, "notes.txt")));
});

void test("two sessions: a list of them, a question of the hidden one, and a panel that is closed", async (t) => {
  if (!(await needed(t))) return;
  const { page } = await startVscode(t, {
    folder: await sampleFor(t),
    viewport: { width: 1500, height: 900 },
  });
  const panel = await InterlockPanel.open(page);
  await panel.newSession();
  await panel.send("/run git reset --hard");
  await panel.card.waitFor();
  await runCommand(page, "Interlock: New Session");
  const row = (text: string | RegExp) => page.locator(".monaco-list-row").filter({ hasText: text });
  const waiting = row(/git reset --hard\s*waiting for you/);
  await waiting.waitFor();
  await row(/Built-in helper/).waitFor();
  await panel.frame.locator(".card .elsewhere").waitFor();
  await screenshot(page, "two-sessions");
  await waiting.click();
  await panel.card.waitFor();
  await panel.frame.locator(".card .elsewhere").waitFor({ state: "detached" });

  await page.locator(".activitybar a[aria-label^='Explorer']").first().click();
  await runCommand(page, "Interlock: Review Pending Approvals");
  await quickPickRow(page, "Reject").first().click();
  await statusItem(page, "approval waiting").waitFor({ state: "detached" });
});

void test("a question while the panel is hidden is told once, and leads to the panel", async (t) => {
  if (!(await needed(t))) return;
  const steps = [{ sleep: 3_000 }, { terminal: { command: "git reset --hard" } }];
  const agent = scriptedAgent(await tempDir(t), { turns: [steps] });
  const { command, args } = agent;
  const { page } = await startVscode(t, {
    folder: await sampleFor(t),
    settings: { "interlock.agents": [{ id: "slow", name: "Slow agent", command, args }] },
  });
  const panel = await InterlockPanel.open(page);
  await panel.button("New session").click();
  await quickPickRow(page, "Slow agent").click();
  await panel.ready();
  await panel.send("Tidy up");
  await page.locator(".activitybar a[aria-label^='Explorer']").first().click();
  await page
    .locator(".notification-toast")
    .filter({ hasText: "Slow agent waits for your answer: git reset --hard" })
    .waitFor();
  await screenshot(page, "notification");
  await notificationButton(page, "Show").click();
  await panel.card.waitFor();
  await panel.answer("Reject");
  await panel.ready();
});

void test("two folders in one window: which one is asked, and its name stands before its files", async (t) => {
  if (!(await needed(t))) return;
  const sample = await sampleFor(t);
  const other = join(await tempDir(t), "other");
  await mkdir(other);
  const workspace = join(other, "..", "both.code-workspace");
  await writeFile(workspace, JSON.stringify({ folders: [{ path: other }, { path: sample }] }));
  const { page } = await startVscode(t, { folder: workspace });
  const panel = await InterlockPanel.open(page);
  await panel.button("New session").click();
  await quickPickRow(page, "trip-ledger").click();
  await panel.ready();
  await panel.send("/run git reset --hard");
  await panel.card.waitFor();
  assert.match(await panel.card.innerText(), /in trip-ledger/);
  await screenshot(page, "two-folders");
  await panel.answer("Reject");
});

void test("the record's folder is removed: what writes stops, reads go on, and the panel leads back", async (t) => {
  if (!(await needed(t))) return;
  const folder = await sampleFor(t);
  const { page } = await startVscode(t, { folder });
  const panel = await InterlockPanel.open(page);
  await panel.newSession();
  await rm(join(folder, "agent-audit"), { recursive: true });
  await panel.send("/run touch made.txt");
  await panel.button("Create it again").waitFor();
  await panel.ready();
  assert.equal(existsSync(join(folder, "made.txt")), false);
  await panel.turn("/run git status --short");
  assert.match(await panel.call("git status").innerText(), /ran/);
  await screenshot(page, "no-record");
  await panel.button("Create it again").click();
  await panel.button("Create it again").waitFor({ state: "detached" });
  await panel.turn("/run touch made.txt");
  assert.equal(existsSync(join(folder, "made.txt")), true);
});
