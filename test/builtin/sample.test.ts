import assert from "node:assert/strict";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";

import { builtinAgent } from "../../extension/builtin/agent.ts";
import { folderWith } from "./support/files.ts";
import { TestHost } from "./support/host.ts";
import { missing } from "./support/tools.ts";

const SAMPLE = fileURLToPath(new URL("../fixtures/sample/project", import.meta.url));
const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** The sample as a person finds it, but without its tests: they import what only an installation brings. */
function sample(t: TestContext): string {
  const folder = folderWith(t, {});
  cpSync(SAMPLE, folder, {
    recursive: true,
    filter: (path) => !/node_modules|\.venv|tests$|\.test\.ts$/.test(path),
  });
  symlinkSync(MODULES, join(folder, "web/node_modules"), "junction");
  const config = join(folder, "web/tsconfig.json");
  writeFileSync(config, readFileSync(config, "utf8").replace('"types": ["bun"]', '"types": []'));
  return folder;
}

test(
  "/fix turns the sample's lint and types from red to green, in both halves",
  { skip: missing("ruff", "ty", "npx") },
  async (t) => {
    const cwd = sample(t);
    const host = await TestHost.open(builtinAgent("0"), { cwd });
    t.after(() => host.close());

    await host.prompt("/lint");
    assert.match(host.told, /0 of 2 succeeded/);
    await host.prompt("/types");
    assert.match(host.told, /0 of 2 succeeded/);

    await host.prompt("/fix");
    assert.match(host.told, /says: Fixed 4 problems in \d files\.\n(\n- .*)+$/);
    assert.match(host.told, /`catgory` is now `category`/);
    assert.match(host.told, /`censt` is now `cents`/);
    assert.match(host.told, /`longest` is now a constant/);

    await host.prompt("/lint");
    assert.match(host.told, /All 2 succeeded/);
    await host.prompt("/types");
    assert.match(host.told, /All 2 succeeded/);

    host.written.length = 0;
    await host.prompt("/fix");
    assert.match(host.told, /says: Nothing to fix\.$/);
    assert.deepEqual(host.written, []);
  },
);
