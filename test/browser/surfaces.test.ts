import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { Locator, Page } from "playwright-core";

import { scriptedAgent } from "../agents/start.ts";
import { auditLines } from "../harness/audit.ts";
import { InterlockPanel, READ_MS } from "../harness/interlock.ts";
import {
  dialogButton,
  quickInput,
  quickPickRow,
  runCommand,
  screenshot,
  statusItem,
} from "../harness/locators.ts";
import { eventually } from "../harness/processes.ts";
import { sampleFor } from "../harness/sample.ts";
import { tempDir } from "../harness/temp.ts";
import { skipWithout } from "../harness/tools.ts";
import { startVscode } from "../harness/window.ts";

const LOOSENS = `{
  "version": 1,
  "allow": [
    { "id": "shop.publish", "effect": "publish", "reason": "Publishing is part of the work here." },
    { "id": "shop.deps", "effect": "deps.change", "reason": "Dependencies change freely here." }
  ]
}
`;

const OPENS = LOOSENS.replace(
  '"version": 1,',
  '"version": 1,\n  "network": { "hosts": ["upload.example.com"] },',
);

async function confirm(page: Page, name: string): Promise<void> {
  const button = dialogButton(page, name);
  await button.waitFor();
  await page.waitForTimeout(READ_MS);
  await button.click();
}

/** Pickers slide into their place. */
const settled = (page: Page): Promise<void> => page.waitForTimeout(300);

/** Picks the point before the third turn, and something to do with it. */
async function choose(page: Page, what: string): Promise<void> {
  await runCommand(page, "Interlock: Restore Points");
  await quickInput(page).fill("before turn 3");
  await quickPickRow(page, "before turn 3: “Go on” · Writer: Go on").click();
  await quickPickRow(page, what).click();
}

void test("a policy is accepted, the guard is let go for a while, and a lost file is brought back", async (t) => {
  if (!(await skipWithout(t, "chromium")) || !(await skipWithout(t, "code-server"))) return;
  const folder = await sampleFor(t);
  const turns = [
    [{ say: "I read the notes." }],
    [{ say: "I open the network." }, { writeFile: { path: "${cwd}/agent-policy.json", content: OPENS } }],
    [{ say: "I look around." }],
  ];
  const { command, args } = scriptedAgent(await tempDir(t), { turns });
  const { page, state } = await startVscode(t, {
    folder,
    viewport: { width: 1500, height: 900 },
    settings: { "interlock.agents": [{ id: "writer", name: "Writer", command, args }] },
  });
  const panel = await InterlockPanel.open(page);
  await panel.resize(420);
  await panel.button("New session").click();
  await quickPickRow(page, "Writer").click();
  await panel.ready();
  const banner = (text: string | RegExp): Locator => panel.frame.locator(".banner").filter({ hasText: text });
  const policy = join(folder, "agent-policy.json");

  await t.test("a policy that loosens is not in force until it is applied", async () => {
    await writeFile(policy, LOOSENS);
    await banner("Not in force: agent-policy.json loosens 2 rules.").waitFor();
    await screenshot(page, "policy-not-in-force");
    await panel.button("Show").click();
    await page.locator(".diff-editor, .monaco-diff-editor").first().waitFor();
    await screenshot(page, "policy-show");
    await runCommand(page, "Interlock: Open Policy");
    await quickPickRow(page, "not in force: loosens 2 rules").waitFor();
    await settled(page);
    await screenshot(page, "policy-layers");
    await quickInput(page).press("Escape");
    await panel.button("Apply for me").click();
    await page.locator(".monaco-dialog-box").filter({ hasText: "shop.publish" }).waitFor();
    await screenshot(page, "policy-apply");
    await confirm(page, "Apply");
    await banner("Not in force").waitFor({ state: "detached" });
    const [file = ""] = await readdir(join(state, "policy"));
    const accepted = JSON.parse(await readFile(join(state, "policy", file), "utf8")) as { text: string };
    assert.equal(accepted.text, LOOSENS);
  });

  await t.test("a broken one says where, and what holds meanwhile", async () => {
    await writeFile(policy, LOOSENS.replace('"allow"', '"alow"'));
    await banner(/agent-policy\.json, line 3, column 3: “alow” is not known here/).waitFor();
    await page.locator(".modified-in-monaco-diff-editor .squiggly-error").waitFor();
    await page.waitForTimeout(1_000);
    await screenshot(page, "policy-broken");
    await writeFile(policy, LOOSENS);
    await banner("is not known here").waitFor({ state: "detached" });
  });

  await t.test("an agent's edit of it is flagged with the agent's name", async () => {
    await panel.turn("Go on");
    await panel.send("Go on");
    await panel.answer("Allow once");
    await panel.ready();
    await banner("Not in force: agent-policy.json was changed by Writer and loosens 1 rule.").waitFor();
    await screenshot(page, "policy-agent");
    await writeFile(policy, LOOSENS);
    await banner("Not in force").waitFor({ state: "detached" });
  });

  await t.test("trusting counts down in the status bar, and a click ends it", async () => {
    await runCommand(page, "Interlock: Trust for 30 Minutes");
    await statusItem(page, /Trusting 29:5\d/).waitFor();
    await screenshot(page, "trusting");
    await statusItem(page, "Trusting").click();
    await statusItem(page, "Trusting").waitFor({ state: "detached" });
  });

  await t.test("the guard switched off is red, in the panel and in the record", async () => {
    await runCommand(page, "Interlock: Switch the Guard Off for This Session");
    await confirm(page, "Switch off");
    await banner("The guard is off for this session").waitFor();
    await statusItem(page, "Guard off").waitFor();
    await screenshot(page, "guard-off");
    await panel.button("Switch on").click();
    await statusItem(page, "Guard off").waitFor({ state: "detached" });
    const record = (await auditLines(folder)).join("\n");
    assert.match(record, /"asked":"guard off".*\n.*"asked":"guard on"/);
  });

  await t.test(
    "what something else removed comes back by the notice's button, and goes again by Undo",
    async () => {
      const notes = join(folder, "notes.md");
      const text = "# Plans\n\nWrite the parser, then the printer.\n";
      await writeFile(notes, text);
      // A turn begins with a point that has it.
      await panel.turn("Go on");
      await rm(notes);
      const back = panel.frame.getByRole("button", { name: "Bring it back…" });
      await back.waitFor({ timeout: 20_000 });
      await screenshot(page, "loss");
      await back.click();
      await quickPickRow(page, "Bring back what is gone").waitFor();
      await settled(page);
      await screenshot(page, "loss-pick");
      await quickPickRow(page, "Bring back what is gone").click();
      await page.locator(".monaco-dialog-box").filter({ hasText: "Creates 1 file: notes.md" }).waitFor();
      await screenshot(page, "restore-confirm");
      await confirm(page, "Bring it back");
      await eventually("the file is back", () => existsSync(notes));
      assert.equal(await readFile(notes, "utf8"), text);
      await panel.frame.getByText(/Brought back at \d.*: 1 file\b/).waitFor();
      await back.waitFor({ state: "detached" });
      await screenshot(page, "loss-back");
      await panel.frame.locator(".row-notice").getByRole("button", { name: "Undo" }).click();
      await eventually("it is gone again", () => !existsSync(notes));
      await back.waitFor();
      // The command beside the row does the same.
      await back.click();
      await quickPickRow(page, "Bring back what is gone").click();
      await confirm(page, "Bring it back");
      await back.waitFor({ state: "detached" });
      await runCommand(page, "Interlock: Undo the Last Restore");
      await confirm(page, "Undo");
      await eventually("it is gone once more", () => !existsSync(notes));
      await back.waitFor();
    },
  );

  await t.test("the list says when, why, whose and how much", async () => {
    await runCommand(page, "Interlock: Restore Points");
    await quickPickRow(page, "before something was brought back").first().waitFor();
    await settled(page);
    await screenshot(page, "restore-points");
    await quickInput(page).fill("before turn 3");
    await quickPickRow(page, "before turn 3: “Go on” · Writer: Go on").waitFor();
    await quickInput(page).press("Escape");
  });

  await t.test("files are chosen one by one, each with its diff", async () => {
    const notes = join(folder, "notes.md");
    await choose(page, "Choose files…");
    const row = quickPickRow(page, "notes.md");
    await row.waitFor();
    await settled(page);
    await screenshot(page, "restore-files");
    await row.hover();
    await row.locator(".action-label").click();
    await page.locator(".tab").filter({ hasText: "notes.md: now, and as of" }).waitFor();
    await row.click();
    await screenshot(page, "restore-file-chosen");
    await quickInput(page).press("Enter");
    await confirm(page, "Bring it back");
    await eventually("the file is back", () => existsSync(notes));
    await runCommand(page, "Interlock: Undo the Last Restore");
    await confirm(page, "Undo");
    await eventually("it is gone again", () => !existsSync(notes));
  });

  await t.test("what would change is one diff of all files", async () => {
    await choose(page, "Show changes");
    await page.locator(".tab").filter({ hasText: "Now, and as of" }).waitFor();
    await page.waitForTimeout(1_500);
    await screenshot(page, "restore-changes");
  });

  await t.test("a verdict is explained step by step", async () => {
    await runCommand(page, "Interlock: Explain a Verdict");
    await quickInput(page).fill("git stash drop && uv add left-pad");
    await quickInput(page).press("Enter");
    await page.locator(".tab").filter({ hasText: "verdict.txt" }).waitFor();
    await settled(page);
    await screenshot(page, "explain");
  });
});
