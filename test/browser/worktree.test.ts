import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { Step } from "../agents/script.ts";
import { scriptedAgent } from "../agents/start.ts";
import { makeRepository, personGit } from "../git/support.ts";
import { InterlockPanel, READ_MS } from "../harness/interlock.ts";
import { quickInput, quickPickRow, runCommand, screenshot } from "../harness/locators.ts";
import { tempDir } from "../harness/temp.ts";
import { skipWithout } from "../harness/tools.ts";
import { startVscode } from "../harness/window.ts";

const POLICY = {
  version: 1,
  environments: { production: ["*.prod.example.com"] },
  spend: { perRun: 1 },
};

const run = (command: string, toolCallId: string): Step => ({ terminal: { command, toolCallId } });

/** A project on `main`, with a change of the person's, and a policy. */
async function shop(base: string): Promise<string> {
  const folder = join(base, "shop");
  await mkdir(folder);
  await writeFile(join(folder, "agent-policy.json"), JSON.stringify(POLICY, null, 2));
  makeRepository(folder);
  personGit(folder, "branch", "-m", "main");
  personGit(folder, "config", "user.name", "Agent");
  personGit(folder, "config", "user.email", "agent@example.com");
  return folder;
}

void test("a session for an environment, sent on to a worktree, and held at its limit", async (t) => {
  if (!(await skipWithout(t, "chromium")) || !(await skipWithout(t, "code-server"))) return;
  const base = await realpath(await tempDir(t));
  const folder = await shop(base);
  const state = join(base, "state");
  const hash = createHash("sha256").update(join(folder, ".git")).digest("hex").slice(0, 8);
  const there = join(state, "worktrees", `shop-${hash}`, "fix-the-login");
  const usage = (amount: number): Step => ({
    update: { sessionUpdate: "usage_update", used: 10, size: 100, cost: { amount, currency: "USD" } },
  });
  const { command, args } = scriptedAgent(base, {
    turns: [
      [
        { say: "I mend the login, and look whether the service answers." },
        { writeFile: { path: "${cwd}/b.txt", content: "by the agent\n" } },
        run("echo db.prod.example.com", "c1"),
        run("git add b.txt && git commit -q -m 'Mend the login'", "c2"),
      ],
      [run(`cd ${there} && git add b.txt && git commit -q -m 'Mend the login'`, "c3"), usage(1.5)],
      [{ say: "On we go." }],
    ],
  });
  const { page } = await startVscode(t, {
    folder,
    viewport: { width: 1400, height: 900 },
    settings: { "interlock.agents": [{ id: "writer", name: "Writer", command, args }] },
    env: { INTERLOCK_STATE_DIR: state },
  });
  const panel = await InterlockPanel.open(page);
  await panel.resize(420);

  await t.test("it is started for an environment by the person, which can't be missed", async () => {
    await panel.button("New session").click();
    await quickPickRow(page, "Writer").click();
    await quickPickRow(page, "production").waitFor();
    await page.waitForTimeout(300);
    await screenshot(page, "environment-pick");
    await quickPickRow(page, "production").click();
    await panel.ready();
    assert.match(await panel.frame.locator(".head .environment").innerText(), /^production/);
    await panel.frame.locator(".banner").filter({ hasText: "Started for production" }).waitFor();
    await screenshot(page, "environment");
  });

  await t.test(
    "a commit on main is one question; its way out makes a worktree and leaves main alone",
    async () => {
      const head = personGit(folder, "rev-parse", "HEAD");
      await panel.send("Fix the login");
      await panel.card.waitFor();
      // The production host before it went unasked.
      assert.match(await panel.card.innerText(), /Commits to a protected branch/);
      await page.waitForTimeout(READ_MS);
      await screenshot(page, "worktree-offer");
      await runCommand(page, "Interlock: Review Pending Approvals");
      await quickPickRow(page, "Go on in a worktree instead").waitFor();
      await page.waitForTimeout(300);
      await screenshot(page, "worktree-offer-palette");
      await quickInput(page).press("Escape");
      await panel.frame.locator(".answer-line").filter({ hasText: "Go on in a worktree instead" }).click();
      await panel.card.waitFor({ state: "detached" });
      await panel.ready();
      assert.match(await panel.call("Mend the login").innerText(), /goes on in a worktree/);
      assert.match(await panel.frame.locator(".head .branch").innerText(), /fix-the-login/);
      await screenshot(page, "worktree-moved");
      assert.equal(personGit(folder, "rev-parse", "HEAD"), head);
      assert.equal(personGit(folder, "status", "--porcelain"), " M a.txt\n M b.txt\n?? new.txt\n");
      assert.equal(personGit(there, "status", "--porcelain"), " M b.txt\n");
    },
  );

  await t.test("there it commits unasked", async () => {
    await panel.turn("Go on");
    assert.equal(await panel.card.count(), 0);
    assert.equal(personGit(there, "log", "-1", "--format=%s").trim(), "Mend the login");
  });

  await t.test("at the limit a prompt stays in its box until the person goes on", async () => {
    await panel.frame.locator(".banner").filter({ hasText: "has cost $1.50" }).waitFor();
    await panel.send("More");
    await panel.frame.locator(".prompt-hint").filter({ hasText: "Your text stays here" }).waitFor();
    await screenshot(page, "spend-held");
    assert.equal(await panel.prompt.inputValue(), "More");
    await panel.button("Go on, for this session").click();
    await panel.frame.locator(".banner").filter({ hasText: "has cost" }).waitFor({ state: "detached" });
    await panel.prompt.press("Enter");
    await panel.frame.locator(".row-agent").filter({ hasText: "On we go." }).waitFor();
  });

  await t.test("what it did there comes into the person's own files, after a look at it", async () => {
    await writeFile(join(there, "login.txt"), "by the agent\n");
    const chooseWorktree = async (): Promise<void> => {
      await runCommand(page, "Interlock: Bring Back Worktree");
      await quickPickRow(page, "feature/agent/fix-the-login").waitFor();
      await screenshot(page, "worktree-list");
      await quickPickRow(page, "feature/agent/fix-the-login").click();
      await quickPickRow(page, "Bring everything back").waitFor();
    };
    await chooseWorktree();
    await screenshot(page, "worktree-bring-back");
    await quickPickRow(page, "Show all changes").click();
    await page.locator(".multiDiffEntry").filter({ hasText: "login.txt" }).waitFor();
    await screenshot(page, "worktree-changes");
    await chooseWorktree();
    await quickPickRow(page, "Bring everything back").click();
    const dialog = page.locator(".monaco-dialog-box");
    await dialog.filter({ hasText: "Creates 1 file: login.txt" }).waitFor();
    await screenshot(page, "worktree-bring-back-question");
    await page.waitForTimeout(READ_MS);
    await dialog.getByRole("button", { name: "Bring it back" }).click();
    await page.locator(".notification-toast").filter({ hasText: "Brought back: 1 file." }).waitFor();
    assert.equal(await readFile(join(folder, "login.txt"), "utf8"), "by the agent\n");
    assert.equal(personGit(folder, "diff", "--cached", "--name-only"), "");
  });

  assert.equal(existsSync(join(folder, "agent-audit")), true);
});
