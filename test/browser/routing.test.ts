import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import type { Locator, Page } from "playwright-core";

import { run } from "../../scripts/lib/process.ts";
import type { Step } from "../agents/script.ts";
import { scriptedAgent } from "../agents/start.ts";
import { InterlockPanel, READ_MS } from "../harness/interlock.ts";
import { codeLens, quickPickRow, runCommand, screenshot } from "../harness/locators.ts";
import { pictures } from "../harness/looks.ts";
import { tempDir } from "../harness/temp.ts";
import { skipWithout, tools } from "../harness/tools.ts";
import { startVscode, type WindowOptions } from "../harness/window.ts";

const NEEDS = ["chromium", "code-server", "python"] as const;
const MANIFEST = '[project]\nname = "shop"\nversion = "0.1.0"\nrequires-python = ">=3.10"\n';
const LINE = "python hello.py";
const terminal = (command: string): Step => ({ terminal: { command } });

interface Opened {
  readonly page: Page;
  readonly panel: InterlockPanel;
  readonly project: string;
  readonly config: string;
}

/** A window on a locked project of uv, with an agent that runs lines, a turn at a time. */
async function open(t: TestContext, turns: Step[][], options: Partial<WindowOptions> = {}): Promise<Opened> {
  const [project, config] = [join(await tempDir(t), "shop"), await tempDir(t)];
  await mkdir(project);
  await writeFile(join(project, "pyproject.toml"), MANIFEST);
  await writeFile(join(project, "hello.py"), "print('hello')\n");
  const { uv } = await tools();
  const synced = await run(uv, ["sync", "--quiet"], { cwd: project });
  assert.equal(synced.code, 0, synced.stderr);
  const { command, args } = scriptedAgent(await tempDir(t), { turns });
  const { page } = await startVscode(t, {
    folder: project,
    viewport: { width: 1400, height: 900 },
    env: { INTERLOCK_CONFIG_DIR: config },
    settings: {
      "interlock.agents": [{ id: "shell", name: "Shell", command, args }],
      "comments.openView": "never",
    },
    ...options,
  });
  const panel = await InterlockPanel.open(page);
  await panel.button("New session").click();
  await quickPickRow(page, "Shell").click();
  await panel.ready();
  return { page, panel, project, config };
}

async function skips(t: TestContext): Promise<boolean> {
  for (const need of NEEDS) if (!(await skipWithout(t, need))) return true;
  return false;
}

/** Goes on by the Tab key until a control has the focus, as a person without a mouse does. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    await page.keyboard.press("Tab");
    if (await control.evaluate((element) => element.matches(":focus"))) return;
  }
  assert.fail("the control can't be reached by the Tab key");
}

const editorText = (page: Page): Promise<string> =>
  page
    .locator(".monaco-editor .view-lines")
    .first()
    .innerText()
    .then((text) => text.replaceAll("\u00a0", " "));

void test("a routed row: why, as asked once, and not routed here", async (t) => {
  if (await skips(t)) return;
  const again = [terminal(LINE)];
  const { page, panel, project, config } = await open(t, [again, again, again, again, again]);
  await panel.resize(300);
  await panel.turn("Say hello");
  const first = panel.frame.locator(".row-notice").filter({ hasText: "this project's own tools" });
  await first.waitFor();
  await screenshot(page, "route-first");
  assert.deepEqual(await panel.overflow(), []);

  // By keys: the row opens by Enter, and its controls are next in the tab order.
  const row = panel.frame.locator(".conversation .row-call").first();
  await row.focus();
  await row.press("Enter");
  const asAsked = row.getByRole("button", { name: "Run as asked, this time" });
  await asAsked.waitFor();
  await pictures(page, "route-row");
  assert.deepEqual(await panel.overflow(), []);
  await row.focus();
  await tabTo(page, asAsked);
  await screenshot(page, "route-focus");
  await page.keyboard.press("Enter");
  await panel.frame.locator(".row-user").filter({ hasText: "runs as you typed it" }).waitFor();
  await panel.ready();
  await row.getByText("The agent was told to run it as asked.").waitFor();
  const second = panel.frame.locator(".conversation .row-call").nth(1);
  assert.doesNotMatch(await second.innerText(), /uv run/);
  await screenshot(page, "route-as-asked");

  await row.getByRole("button", { name: "Why?" }).click();
  await page.locator(".monaco-editor .view-lines").first().waitFor();
  await page.waitForTimeout(READ_MS);
  const why = await editorText(page);
  assert.match(why, /\$ python hello\.py/);
  assert.match(why, /Row of the routing table: uv\.run\.python/);
  assert.match(why, /found: uv\.lock in/);
  await screenshot(page, "route-why");

  await row.getByRole("button", { name: "Don't route this here…" }).click();
  await codeLens(page, "Add rule").waitFor();
  await screenshot(page, "route-rule");
  // For everybody who works on the project: the change of its file is shown first, and waits to be applied.
  const shared = join(project, "agent-policy.json");
  await codeLens(page, "For this project instead").click();
  await codeLens(page, "For me instead").waitFor();
  assert.doesNotMatch(await editorText(page), /"project":/);
  await page.waitForTimeout(READ_MS);
  await screenshot(page, "route-rule-project");
  await codeLens(page, "Show the change, then add…").click();
  const add = page.getByRole("button", { name: "Add to agent-policy.json" });
  await add.waitFor();
  await page.waitForTimeout(READ_MS);
  await screenshot(page, "route-rule-diff");
  await assert.rejects(readFile(shared), "only shown");
  await add.click();
  await page.getByRole("button", { name: "Apply the policy…" }).waitFor();
  await screenshot(page, "route-rule-pending");
  assert.match(await readFile(shared, "utf8"), /"command": "python hello\.py \*\*"/);
  await panel.turn("Still routed");
  assert.match(await panel.frame.locator(".conversation .row-call").last().innerText(), /uv run/);

  await row.getByRole("button", { name: "Don't route this here…" }).click();
  await codeLens(page, "Add rule").waitFor();
  await page.waitForTimeout(READ_MS);
  await codeLens(page, "Add rule").click();
  await codeLens(page, "Add rule").waitFor({ state: "detached" });
  assert.match(await readFile(join(config, "policy.json"), "utf8"), /"command": "python hello\.py \*\*"/);
  await panel.turn("And once more");
  assert.doesNotMatch(await panel.frame.locator(".conversation .row-call").last().innerText(), /uv run/);
});

void test("from the palette a routed command is asked about, run as asked, and no longer routed", async (t) => {
  if (await skips(t)) return;
  const { page, panel } = await open(t, [
    [terminal(LINE), terminal("python -c 'print(2)'")],
    [terminal(LINE)],
  ]);
  await panel.turn("Say hello");
  await runCommand(page, "Interlock: Why This Route?");
  await quickPickRow(page, LINE).waitFor();
  await screenshot(page, "route-palette");
  await quickPickRow(page, LINE).click();
  await page.getByRole("tab", { name: /route\.txt/ }).waitFor();
  await runCommand(page, "Interlock: Don't Route This Here…");
  await quickPickRow(page, LINE).click();
  await codeLens(page, "Add rule").waitFor();
  await runCommand(page, "Interlock: Cancel the Shown Rule");
  await codeLens(page, "Add rule").waitFor({ state: "detached" });
  await runCommand(page, "Interlock: Run a Routed Command as Asked, This Time…");
  await quickPickRow(page, LINE).click();
  await panel.frame.locator(".row-user").filter({ hasText: "runs as you typed it" }).waitFor();
  await panel.ready();
  assert.doesNotMatch(await panel.frame.locator(".conversation .row-call").last().innerText(), /uv run/);
});

void test("a change of dependencies is asked about with the diffs of manifest and lock", async (t) => {
  if (await skips(t)) return;
  const { page, panel, project } = await open(t, [[terminal("pip install iniconfig")]]);
  await panel.resize(300);
  await panel.send("Install it");
  await panel.card.waitFor({ timeout: 60_000 });
  await page.waitForTimeout(READ_MS);
  await pictures(page, "deps-card");
  assert.deepEqual(await panel.overflow(), []);
  assert.match(await panel.card.innerText(), /uv add iniconfig/);
  await panel.button("More answers").click();
  for (const name of ["pyproject.toml", "uv.lock"]) {
    await panel.card.getByRole("button", { name: `Show diff of ${name}` }).click();
    await page.getByRole("tab", { name: new RegExp(name.replace(".", "\\.")) }).waitFor();
    await page.waitForTimeout(READ_MS);
    await screenshot(page, `deps-diff-${name}`);
  }
  const before = await readFile(join(project, "uv.lock"), "utf8");
  assert.doesNotMatch(before, /iniconfig/, "nothing has changed yet");
  await panel.answer("Allow once");
  await panel.ready();
  assert.match(await readFile(join(project, "uv.lock"), "utf8"), /iniconfig/);
  assert.match(await readFile(join(project, "pyproject.toml"), "utf8"), /iniconfig/);
});

void test("a stale lock is one card: its diff, then updated, or used as it is", async (t) => {
  if (await skips(t)) return;
  const turns = [[terminal(LINE)], [terminal(LINE)], [terminal(LINE)], [terminal(LINE)]];
  const { page, panel, project } = await open(t, turns);
  await panel.resize(300);
  const stale = (...names: string[]): Promise<void> =>
    writeFile(join(project, "pyproject.toml"), `${MANIFEST}dependencies = ${JSON.stringify(names)}\n`);
  await stale("iniconfig");
  await panel.send("Say hello");
  await panel.card.waitFor({ timeout: 60_000 });
  await panel.frame.locator(".row-turn").waitFor();
  await page.waitForTimeout(READ_MS);
  await pictures(page, "lock-card");
  assert.deepEqual(await panel.overflow(), []);
  await panel.card.getByRole("button", { name: "Show diff of uv.lock" }).click();
  await page.getByRole("tab", { name: /uv\.lock/ }).waitFor();
  await page.waitForTimeout(READ_MS);
  await screenshot(page, "lock-diff");
  await panel.button("Update lock").click();
  await panel.card.waitFor({ state: "detached" });
  await panel.frame
    .locator(".row-user")
    .filter({ hasText: "I had uv.lock updated" })
    .waitFor({ timeout: 60_000 });
  await panel.ready();
  assert.match(await readFile(join(project, "uv.lock"), "utf8"), /iniconfig/);
  await screenshot(page, "lock-updated");

  await stale("iniconfig", "packaging");
  await panel.turn("Say hello again");
  await panel.card.waitFor();
  await page.waitForTimeout(READ_MS);
  await panel.card.getByText("Use the environment as it is, this session").click();
  await panel.card.waitFor({ state: "detached" });
  await panel.ready();
  assert.doesNotMatch(await readFile(join(project, "uv.lock"), "utf8"), /packaging/);
  await screenshot(page, "lock-as-it-is");
});

void test("another program is asked about once, with what both find, and that is taken back where the project is shown", async (t) => {
  if (await skips(t)) return;
  const [check, format] = [terminal("flake8 messy.py"), terminal("black messy.py")];
  const { page, panel, project } = await open(t, [[check], [check], [format], [check]]);
  const messy = "import sys\nimport os\n\nprint( os )\n";
  await writeFile(join(project, "messy.py"), messy);
  await panel.resize(300);
  await panel.send("Lint it");
  await panel.card.waitFor({ timeout: 60_000 });
  await page.waitForTimeout(READ_MS);
  const text = await panel.card.innerText();
  assert.match(text, /flake8 isn't part of this project; ruff would answer\./);
  await pictures(page, "swap-card");
  assert.deepEqual(await panel.overflow(), []);
  await panel.resize(520);
  await screenshot(page, "swap-card-wide");
  assert.match(await panel.card.innerText(), /messy\.py:1:1: F401[^]*messy\.py:1:8: F401/);
  await panel.resize(300);
  await panel.card.getByText("Compare: flake8 has").click();
  await page.getByRole("tab", { name: "What flake8 finds, and what ruff does" }).waitFor();
  await page.waitForTimeout(READ_MS);
  await screenshot(page, "swap-compare");

  // The palette has the same answers; the card goes with the first one.
  await runCommand(page, "Interlock: Review Pending Approvals");
  await quickPickRow(page, "Use ruff in this project").waitFor();
  await screenshot(page, "swap-palette");
  await page.waitForTimeout(READ_MS);
  await quickPickRow(page, "Use ruff in this project").click();
  await panel.card.waitFor({ state: "detached" });
  await panel.ready();
  const row = panel.frame.locator(".conversation .row-call");
  await row.first().getByText("ruff check messy.py").waitFor();
  await panel.turn("Again");
  assert.equal(await panel.card.count(), 0, "it was accepted for the project");
  await screenshot(page, "swap-accepted");

  await panel.send("Format it");
  await panel.card.waitFor({ timeout: 60_000 });
  await page.waitForTimeout(READ_MS);
  await pictures(page, "swap-writes");
  assert.deepEqual(await panel.overflow(), []);
  await panel.card.getByRole("button", { name: "Show diff of messy.py" }).click();
  await page.getByRole("tab", { name: /messy\.py/ }).waitFor();
  await page.waitForTimeout(READ_MS);
  await screenshot(page, "swap-diff");
  assert.equal(await readFile(join(project, "messy.py"), "utf8"), messy, "nothing has changed yet");
  await panel.button("Use ruff in this project").click();
  await panel.card.waitFor({ state: "detached" });
  await panel.ready();
  assert.match(await readFile(join(project, "messy.py"), "utf8"), /^print\(os\)$/m);

  await runCommand(page, "Interlock: Show Project");
  const said = panel.frame.locator(".project-body li").filter({ hasText: "ruff answers for flake8" });
  await said.waitFor();
  await screenshot(page, "swap-project");
  await said.getByRole("button", { name: "Ask again" }).click();
  await said.waitFor({ state: "detached" });
  await panel.frame.getByText("ruff answers for black").waitFor();
  await panel.send("Lint it once more");
  await panel.card.waitFor({ timeout: 60_000 });
  await page.waitForTimeout(READ_MS);
  await panel.card.getByText("Never swap here").click();
  await panel.card.waitFor({ state: "detached" });
  await panel.ready();
});
