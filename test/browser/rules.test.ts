import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { scriptedAgent } from "../agents/start.ts";
import { InterlockPanel, READ_MS } from "../harness/interlock.ts";
import {
  codeLens,
  quickInput,
  quickPickRow,
  runCommand,
  screenshot,
  statusItem,
  workbench,
} from "../harness/locators.ts";
import { sampleFor } from "../harness/sample.ts";
import { tempDir } from "../harness/temp.ts";
import { skipWithout } from "../harness/tools.ts";
import { startVscode } from "../harness/window.ts";

const MINE = '{\n  // Mine.\n  "version": 1\n}\n';

async function more(page: Page, panel: InterlockPanel, answer: string): Promise<void> {
  await page.waitForTimeout(READ_MS);
  await panel.frame.getByRole("button", { name: "More answers" }).click();
  await panel.frame.locator(".answer-line").filter({ hasText: answer }).click();
}

const ruleText = (page: Page): Promise<string> =>
  page
    .locator(".monaco-editor .view-lines")
    .first()
    .innerText()
    .then((text) => text.replaceAll("\u00a0", " "));

for (const theme of ["dark", "light"] as const) {
  void test(`a rule is shown before it is written, and settles what it covers; a command is edited (${theme})`, async (t) => {
    if (!(await skipWithout(t, "chromium")) || !(await skipWithout(t, "code-server"))) return;
    const folder = await sampleFor(t);
    const config = await tempDir(t);
    const policy = join(config, "policy.json");
    await writeFile(policy, MINE);
    const { page } = await startVscode(t, {
      folder,
      theme,
      viewport: { width: 1400, height: 900 },
      env: { INTERLOCK_CONFIG_DIR: config },
    });
    const panel = await InterlockPanel.open(page);
    await panel.resize(300);
    await panel.newSession();
    await panel.send("/run frobnicate tidy a.txt");
    await panel.card.waitFor();
    await runCommand(page, "Interlock: New Session");
    await panel.frame.locator(".card .elsewhere").waitFor();
    await panel.ready();
    await panel.send("/run frobnicate tidy a.txt");
    await statusItem(page, "2 approvals waiting").waitFor();

    await page.waitForTimeout(READ_MS);
    await panel.frame.getByRole("button", { name: "More answers" }).click();
    await panel.frame.locator(".answer-lines").waitFor();
    await screenshot(page, `rule-answers-${theme}`);
    assert.deepEqual(await panel.overflow(), []);
    await panel.frame.locator(".answer-line").filter({ hasText: "Write a rule…" }).click();
    await codeLens(page, "Add rule").waitFor();
    const shown = await ruleText(page);
    assert.match(shown, /A rule for your own policy: [^]*policy\.json/);
    assert.match(shown, /Allows without asking: frobnicate tidy a\.txt/);
    assert.match(shown, /"match": \[/);
    await screenshot(page, `rule-shown-${theme}`);
    await page.waitForTimeout(READ_MS);
    assert.equal(await readFile(policy, "utf8"), MINE, "nothing is written before");
    await codeLens(page, "Refuse it instead").click();
    await codeLens(page, "Allow it instead").waitFor();
    assert.match(await ruleText(page), /"deny": \[/);
    await codeLens(page, "Allow it instead").click();
    await codeLens(page, "Refuse it instead").waitFor();
    await page.waitForTimeout(READ_MS);
    await codeLens(page, "Add rule").click();
    await panel.card.waitFor({ state: "detached" });
    await statusItem(page, /approvals? waiting/).waitFor({ state: "detached" });
    const written = await readFile(policy, "utf8");
    assert.match(written, /\/\/ Mine\.\n[^]*"id": "mine\.frobnicate-tidy-a-txt"/);
    await panel.ready();
    await codeLens(page, "Add rule").waitFor({ state: "detached" });

    await panel.send("/run frobnicate --all");
    await panel.card.waitFor();
    await more(page, panel, "Edit, then allow…");
    const box = panel.frame.locator(".reason textarea");
    await box.fill("echo instead of it");
    await screenshot(page, `edit-card-${theme}`);
    await panel.button("Allow this instead").click();
    await panel.card.waitFor({ state: "detached" });
    await panel.ready();
    const row = panel.call("frobnicate --all");
    assert.match(await row.innerText(), /you changed it to\s+echo instead of it/);
    await screenshot(page, `edit-ran-${theme}`);
    assert.deepEqual(await panel.overflow(), []);
  });
}

void test("from the palette a rule is written and a command edited; what was allowed for the session is taken back", async (t) => {
  if (!(await skipWithout(t, "chromium")) || !(await skipWithout(t, "code-server"))) return;
  const folder = await sampleFor(t);
  const config = await tempDir(t);
  const { page } = await startVscode(t, {
    folder,
    viewport: { width: 1400, height: 900 },
    env: { INTERLOCK_CONFIG_DIR: config },
  });
  const panel = await InterlockPanel.open(page);
  await panel.newSession();
  await panel.send("/run frobnicate tidy a.txt");
  await panel.card.waitFor();
  await page.waitForTimeout(READ_MS);
  await runCommand(page, "Interlock: Review Pending Approvals");
  await quickPickRow(page, "Write a rule…").waitFor();
  await screenshot(page, "rule-palette");
  await quickPickRow(page, "Write a rule…").click();
  await codeLens(page, "Add rule").waitFor();
  await runCommand(page, "Interlock: Cancel the Shown Rule");
  await codeLens(page, "Add rule").waitFor({ state: "detached" });
  assert.equal(await panel.card.count(), 1, "looking at a rule answers nothing");

  await runCommand(page, "Interlock: Edit a Command, Then Allow It…");
  await quickInput(page).waitFor();
  await quickInput(page).press("Enter");
  assert.equal(await panel.card.count(), 1, "unchanged it is no answer");
  await quickInput(page).fill("echo from the palette");
  await screenshot(page, "edit-palette");
  await quickInput(page).press("Enter");
  await panel.card.waitFor({ state: "detached" });
  await panel.ready();
  assert.match(await panel.call("frobnicate tidy").innerText(), /you changed it to\s+echo from the palette/);

  await panel.send("/run frobnicate tidy b.txt");
  await panel.card.waitFor();
  await more(page, panel, "Allow this kind for the session");
  await panel.card.waitFor({ state: "detached" });
  await panel.ready();
  await runCommand(page, "Interlock: Allowed for This Session…");
  await quickPickRow(page, "frobnicate tidy …").waitFor();
  await screenshot(page, "session-grants");
  await quickPickRow(page, "frobnicate tidy …").click();
  await panel.frame.getByText("No longer allowed for this session: frobnicate tidy …").waitFor();
  await panel.send("/run frobnicate tidy c.txt");
  await panel.card.waitFor();
  await panel.answer("Reject");
});

void test("a rule for an edit is written from its CodeLens, and the edit goes on", async (t) => {
  if (!(await skipWithout(t, "chromium")) || !(await skipWithout(t, "code-server"))) return;
  const folder = await sampleFor(t);
  const [config, file] = [await tempDir(t), join(folder, ".vscode", "tasks.json")];
  await mkdir(join(folder, ".vscode"), { recursive: true });
  await writeFile(file, "{}\n");
  const turns = [1, 2].map((n) => [
    { writeFile: { path: "${cwd}/.vscode/tasks.json", content: `{ "tasks": [${n}] }\n` } },
  ]);
  const { command, args } = scriptedAgent(await tempDir(t), { turns });
  const { page } = await startVscode(t, {
    folder,
    viewport: { width: 1500, height: 900 },
    env: { INTERLOCK_CONFIG_DIR: config },
    settings: {
      "interlock.agents": [{ id: "writer", name: "Writer", command, args }],
      "comments.openView": "never",
    },
  });
  const panel = await InterlockPanel.open(page);
  await panel.button("New session").click();
  await quickPickRow(page, "Writer").click();
  await panel.ready();
  await workbench(page).press("Control+P");
  await quickInput(page).fill("tasks.json");
  await quickPickRow(page, "tasks.json").first().waitFor();
  await quickInput(page).press("Enter");
  await panel.send("Go on");
  await codeLens(page, "Rule…").waitFor();
  await page.waitForTimeout(READ_MS);
  await codeLens(page, "Rule…").click();
  await codeLens(page, "Add rule").waitFor();
  await screenshot(page, "rule-edit");
  await page.waitForTimeout(READ_MS);
  await runCommand(page, "Interlock: Add the Shown Rule");
  await panel.card.waitFor({ state: "detached" });
  await panel.ready();
  assert.equal(await readFile(file, "utf8"), '{ "tasks": [1] }\n');
  assert.match(await readFile(join(config, "policy.json"), "utf8"), /"path": ".vscode\/tasks\.json"/);
  await panel.turn("Go on");
  assert.equal(await readFile(file, "utf8"), '{ "tasks": [2] }\n', "nothing is asked any more");
});
