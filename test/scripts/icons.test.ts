import assert from "node:assert/strict";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { keepNamedIcons } from "../../scripts/lib/icons.ts";
import { ROOT } from "../../scripts/lib/paths.ts";
import { tempDir } from "../harness/temp.ts";

test("an icon stays that is named by itself, or by its class among others", async (t) => {
  const folder = await tempDir(t);
  const codicons = join(ROOT, "node_modules", "@vscode", "codicons", "dist");
  await copyFile(join(codicons, "codicon.ttf"), join(folder, "codicon.ttf"));
  const rules = ["arrow-down", "arrow-up", "check"].map(
    (name) => `.codicon-${name}:before{content:"\\ea9a"}`,
  );
  await writeFile(join(folder, "main.css"), rules.join("\n"));
  await writeFile(join(folder, "main.js"), 'a(`<i class="codicon codicon-arrow-down" x>`); icon("check");');
  await keepNamedIcons(folder, [join(folder, "main.js")]);
  const kept = await readFile(join(folder, "main.css"), "utf8");
  assert.deepEqual(kept.match(/codicon-[\w-]+/g), ["codicon-arrow-down", "codicon-check"]);
});
