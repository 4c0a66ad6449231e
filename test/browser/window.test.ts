import assert from "node:assert/strict";
import { test } from "node:test";

import { activityIcon, screenshot } from "../harness/locators.ts";
import { sampleFor } from "../harness/sample.ts";
import { skipWithout } from "../harness/tools.ts";
import { startVscode } from "../harness/window.ts";

test("the packed extension shows its icon in a real VS Code", async (t) => {
  if (!(await skipWithout(t, "chromium")) || !(await skipWithout(t, "code-server"))) return;
  const { page } = await startVscode(t, { folder: await sampleFor(t) });
  const icon = activityIcon(page, "Interlock");
  await icon.waitFor();
  await screenshot(page, "window");
  assert.equal(await icon.isVisible(), true);
});
