import assert from "node:assert/strict";
import { test } from "node:test";

import { builtinAgent } from "../../extension/builtin/agent.ts";
import { sampleFor } from "../harness/sample.ts";
import { skipWithout } from "../harness/tools.ts";
import { TestHost } from "./support/host.ts";
import { pythonTools } from "./support/tools.ts";

test("/fix turns the sample's lint and types from red to green, in both halves", async (t) => {
  const env = await pythonTools(t);
  // Without a Python, the sample has its TypeScript half alone.
  if (!env || !(await skipWithout(t, "python"))) return;
  const host = await TestHost.open(builtinAgent("0"), { cwd: await sampleFor(t), env });
  t.after(() => host.close());

  await host.prompt("/lint");
  assert.match(host.told, /0 of 2 succeeded/);
  await host.prompt("/types");
  assert.match(host.told, /0 of 2 succeeded/);

  await host.prompt("/fix");
  assert.match(host.told, /says: Fixed 4 problems in 2 files\.\n(\n- .*)+$/);
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
});
