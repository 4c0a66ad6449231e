import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { machineName, PINS, thisMachine } from "../../extension/toolchain/provision/pins.ts";
import { InterlockPanel, READ_MS } from "../harness/interlock.ts";
import { runCommand, screenshot } from "../harness/locators.ts";
import { pictures } from "../harness/looks.ts";
import { tempDir } from "../harness/temp.ts";
import { skipWithout } from "../harness/tools.ts";
import { startVscode } from "../harness/window.ts";
import { archive, build, mirror } from "../toolchain/provision/mirror.ts";

const NEEDS = ["chromium", "code-server", "python", "uv", "ruff", "ty"] as const;

void test("missing tools are fetched after a consent that names all of it, and used at once", async (t) => {
  for (const need of NEEDS) if (!(await skipWithout(t, need))) return;
  for (const tool of ["uv", "ruff", "ty"] as const) await archive(tool);
  const base = await tempDir(t);
  const project = join(base, "shop");
  await mkdir(project);
  await writeFile(join(project, "pyproject.toml"), '[project]\nname = "shop"\nversion = "0.1.0"\n');
  const registry = await mirror(t);
  const env = { ...registry.env, HOME: base, PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
  const { page, state } = await startVscode(t, {
    folder: project,
    env,
    viewport: { width: 1400, height: 900 },
  });
  const panel = await InterlockPanel.open(page);
  await panel.resize(300);
  await runCommand(page, "Interlock: Show Project");
  const body = panel.frame.locator(".project-body:visible");
  const get = (tool: string) =>
    body.getByRole("button", { name: new RegExp(`^Get ${tool} \\(\\d+\\.\\d MB\\)…$`) });
  await get("ruff").waitFor();
  await pictures(page, "tools-missing");
  assert.deepEqual(await panel.overflow(), []);

  const dialog = page.locator(".monaco-dialog-box");
  const answer = async (button: string): Promise<void> => {
    await dialog.waitFor();
    await page.waitForTimeout(READ_MS);
    await dialog.getByRole("button", { name: button, exact: true }).click();
    await dialog.waitFor({ state: "detached" });
  };
  await get("ruff").click();
  const size = (build("ruff").size / 1e6).toFixed(1);
  const named = `ruff ${PINS.ruff.version}: ${size} MB from PyPI (${registry.host}), into ${join(state, "tools")}`;
  await dialog.getByText(named).waitFor();
  await screenshot(page, "tools-consent");
  await answer("Cancel");
  assert.deepEqual(registry.asked, []);

  await get("ruff").click();
  await answer("Get");
  await body.getByText(`ruff ${PINS.ruff.version}`).waitFor();
  await get("ruff").waitFor({ state: "detached" });
  await body.getByText("Interlock's").waitFor();
  assert.deepEqual(await readdir(join(state, "tools")), [
    `ruff-${PINS.ruff.version}-${machineName(thisMachine())}`,
  ]);

  await runCommand(page, "Interlock: Get Missing Tools…");
  const picker = page.locator(".quick-input-widget");
  await picker.getByText(`uv ${PINS.uv.version}`).waitFor();
  await picker.getByText(`ty ${PINS.ty.version}`).waitFor();
  assert.equal(await picker.getByText(`ruff ${PINS.ruff.version}`).count(), 0);
  await screenshot(page, "tools-pick");
  await picker.getByRole("button", { name: "OK" }).click();
  await dialog.getByText(`ty ${PINS.ty.version}: `).waitFor();
  await answer("Get");
  await body.getByText(`uv ${PINS.uv.version}`).waitFor();
  await body.getByText(`ty ${PINS.ty.version}`).waitFor();
  await body.getByRole("button", { name: "Lock with uv…" }).waitFor();
  await pictures(page, "tools-there");

  await runCommand(page, "Interlock: Get Missing Tools…");
  await page.getByText("Nothing is missing here that Interlock could get.").first().waitFor();
});
