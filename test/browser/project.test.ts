import assert from "node:assert/strict";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { run } from "../../scripts/lib/process.ts";
import { InterlockPanel, READ_MS } from "../harness/interlock.ts";
import { quickPickRow, runCommand, screenshot } from "../harness/locators.ts";
import { pictures } from "../harness/looks.ts";
import { tempDir } from "../harness/temp.ts";
import { skipWithout, tools } from "../harness/tools.ts";
import { startVscode } from "../harness/window.ts";

const NEEDS = ["chromium", "code-server", "python", "uv", "bun"] as const;
const MANIFEST = '[project]\nname = "shop"\nversion = "0.1.0"\nrequires-python = ">=3.10"\n';

/** Answers a question once it could have been read. */
async function answer(page: Page, button: string, picture: string): Promise<void> {
  const dialog = page.locator(".monaco-dialog-box");
  await dialog.waitFor();
  await page.waitForTimeout(READ_MS);
  await screenshot(page, picture);
  await dialog.getByRole("button", { name: button, exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

void test("the project card follows the files, and its offers are shown before they are done", async (t) => {
  for (const need of NEEDS) if (!(await skipWithout(t, need))) return;
  const { uv } = await tools();
  const project = join(await tempDir(t), "shop");
  await mkdir(join(project, "web"), { recursive: true });
  await writeFile(join(project, "pyproject.toml"), MANIFEST);
  const locked = await run(uv, ["lock", "--quiet"], { cwd: project });
  assert.equal(locked.code, 0, locked.stderr);
  const { page } = await startVscode(t, { folder: project, viewport: { width: 1400, height: 900 } });
  const panel = await InterlockPanel.open(page);
  await panel.resize(250);
  const line = (text: string) => panel.frame.locator(".project-line:visible").filter({ hasText: text });

  // Nothing is looked at before it is asked for: the window shows its welcome alone.
  assert.equal(await line("uv").count(), 0);
  await runCommand(page, "Interlock: Show Project");
  await line("uv").filter({ hasText: "lock up to date" }).waitFor();
  const body = panel.frame.locator(".project-body:visible").first();
  await body.getByText("uv.lock agrees with pyproject.toml").waitFor();
  await body.getByText(/^uv \d+\.\d+/).waitFor();
  assert.equal(await line("uv").evaluate((element) => element.matches(":focus")), true);
  await pictures(page, "project-fresh");
  assert.deepEqual(await panel.overflow(), []);

  await body.getByRole("button", { name: "uv.lock" }).click();
  await page.getByRole("tab", { name: /uv\.lock/ }).waitFor();

  await writeFile(join(project, "pyproject.toml"), `${MANIFEST}dependencies = ["iniconfig"]\n`);
  await line("uv").filter({ hasText: "lock is behind" }).waitFor();
  await pictures(page, "project-stale");
  await body.getByRole("button", { name: "Update uv.lock…" }).click();
  await answer(page, "Show diff", "project-update");
  await page.getByRole("tab", { name: /as it would be/ }).waitFor();
  assert.doesNotMatch(await readFile(join(project, "uv.lock"), "utf8"), /iniconfig/, "only shown");
  await body.getByRole("button", { name: "Update uv.lock…" }).click();
  await answer(page, "Update lock", "project-update-again");
  await line("uv").filter({ hasText: "lock up to date" }).waitFor();
  assert.match(await readFile(join(project, "uv.lock"), "utf8"), /iniconfig/);

  // A second project appears with a line of its own: nobody's, then claimed by two, then one's.
  await writeFile(
    join(project, "web", "package.json"),
    '{"name":"web","version":"1.0.0","dependencies":{"ms":"2.1.3"}}\n',
  );
  const web = line("web");
  await web.filter({ hasText: "no lock" }).waitFor();
  await web.click();
  const webBody = panel.frame.locator(".project:visible").filter({ has: web }).locator(".project-body");
  await webBody.getByText("No lock: commands run as asked.").waitFor();
  await pictures(page, "project-unowned");
  await webBody.getByRole("button", { name: "Lock with bun…" }).click();
  await answer(page, "Write lock", "project-lock");
  await web.filter({ hasText: "lock up to date" }).waitFor();
  await writeFile(join(project, "web", "package-lock.json"), '{"lockfileVersion":3,"packages":{}}\n');
  await web.filter({ hasText: "two managers" }).waitFor();
  await pictures(page, "project-two");
  assert.deepEqual(await panel.overflow(), []);
  await webBody.getByRole("button", { name: "Choose one…" }).click();
  await screenshot(page, "project-choose");
  await quickPickRow(page, "keeps bun.lock").click();
  await answer(page, "Delete", "project-delete");
  await web.filter({ hasText: "lock up to date" }).waitFor();
  await assert.rejects(access(join(project, "web", "package-lock.json")));
});
