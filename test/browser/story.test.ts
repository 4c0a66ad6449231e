import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { auditLines } from "../harness/audit.ts";
import { InterlockPanel } from "../harness/interlock.ts";
import {
  quickInput,
  quickPickRow,
  runCommand,
  screenshot,
  statusItem,
  workbench,
} from "../harness/locators.ts";
import { sampleFor } from "../harness/sample.ts";
import { skipWithout } from "../harness/tools.ts";
import { startVscode } from "../harness/window.ts";

/** The sample's file with the uncommitted change. */
const CHANGED = "src/ledger/money.py";

interface AuditLine {
  readonly asked: string;
  readonly phase: string;
  readonly verdict: string;
  readonly allowed: boolean;
}

const passes = (panel: InterlockPanel, gate: "lint" | "types" | "tests"): Promise<void> =>
  panel.gate(gate).and(panel.frame.locator("[data-state=passed]")).waitFor({ timeout: 60_000 });

void test("from the welcome to a green project, and a git reset that is held until it is answered", async (t) => {
  if (!(await skipWithout(t, "chromium")) || !(await skipWithout(t, "code-server"))) return;
  const folder = await sampleFor(t);
  const window = await startVscode(t, { folder, viewport: { width: 1500, height: 900 } });
  const { page } = window;
  const panel = await InterlockPanel.open(page);
  await panel.resize(420);

  await t.test("the welcome says what it does; nothing is started or written", async () => {
    assert.equal(await panel.frame.locator(".promises li").count(), 3);
    assert.equal(existsSync(window.state), false);
    assert.equal(existsSync(join(folder, "agent-audit")), false);
    await screenshot(page, "welcome");
  });

  await t.test("a new session has an agent that needs no key", async () => {
    await panel.newSession();
    assert.match(await panel.frame.locator(".head h1").innerText(), /Built-in helper/);
  });

  await t.test("/test asks for pytest and runs it by uv, live, with exit code and duration", async () => {
    await panel.send("/test");
    const row = panel.call("pytest");
    await row.waitFor();
    await panel.ready();
    const text = await row.innerText();
    assert.match(text, /uv run --locked pytest/);
    assert.match(text, /exit 1/);
    assert.match(text, /\d+(\.\d+)? m?s/);
    assert.match(await row.locator(".output").innerText(), /1 failed, 14 passed/);
    assert.match(await panel.call("npm test").innerText(), /bun run test/);
    await screenshot(page, "test");
  });

  await t.test("/fix edits files, and the gates turn from red to green", async () => {
    await panel.gate("lint").and(panel.frame.locator("[data-state=failed]")).waitFor({ timeout: 30_000 });
    await panel.turn("/fix");
    await passes(panel, "lint");
    await passes(panel, "types");
    await screenshot(page, "fix");
    await panel.send("/test");
    await passes(panel, "tests");
    await panel.ready();
  });

  const before = await readFile(join(folder, CHANGED), "utf8");

  await t.test("git reset --hard stops, and is to be seen in panel, status bar and palette", async () => {
    await panel.send("/run git reset --hard");
    await panel.card.waitFor();
    assert.match(await panel.card.innerText(), /uncommitted changes/);
    await statusItem(page, "1 approval waiting").waitFor();
    await screenshot(page, "approval");
    await runCommand(page, "Interlock: Review Pending Approvals");
    await quickPickRow(page, "Allow once").waitFor();
    await screenshot(page, "approval-palette");
    await quickInput(page).press("Escape");
    assert.equal(await panel.card.count(), 1);
    assert.equal(await readFile(join(folder, CHANGED), "utf8"), before);
  });

  await t.test("refused, it did not run, and the agent is told so", async () => {
    await panel.answer("Reject");
    await panel.ready();
    assert.match(await panel.call("git reset --hard").innerText(), /you rejected/);
    assert.equal(await readFile(join(folder, CHANGED), "utf8"), before);
    assert.equal(await statusItem(page, "approval waiting").count(), 0);
  });

  await t.test("approved, it runs once", async () => {
    await panel.send("/run git reset --hard");
    await panel.answer("Allow once");
    await panel.ready();
    assert.notEqual(await readFile(join(folder, CHANGED), "utf8"), before);
  });

  await t.test("the record of it lies in the project, out of git's sight", async () => {
    const records = (await auditLines(folder)).map((line) => JSON.parse(line) as AuditLine);
    const reset = records.filter(({ asked }) => asked === "git reset --hard");
    assert.deepEqual(
      reset.map(({ phase, verdict, allowed }) => [phase, verdict, allowed]),
      [
        ["decision", "ask", false],
        ["decision", "ask", true],
        ["effect", "ask", null],
      ],
    );
  });

  await t.test(
    "a reload of the window brings the session back, and says that its agent is gone",
    async () => {
      await page.reload();
      await workbench(page).waitFor();
      const again = await InterlockPanel.open(page);
      await again.call("git reset --hard").waitFor();
      await again.button("Restart").waitFor();
      await screenshot(page, "reloaded");
      await again.button("Restart").click();
      await again.ready();
    },
  );
});
