import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { runTests } from "../../extension/gates/testRuns.ts";
import { TestResults } from "../../extension/gates/tests.ts";
import { benchFor, folderWith, put, skip } from "../toolchain/support.ts";

const PYPROJECT =
  '[project]\nname = "demo"\nversion = "0.1.0"\nrequires-python = ">=3.10"\ndependencies = []\n\n[dependency-groups]\ndev = ["pytest"]\n';

test("where the lock is behind its manifest, the tests gate says that no test ran, and locks nothing; nor do the tests", async (t) => {
  const bench = await benchFor("uv", "python");
  if (bench === undefined) return void (await skip(t, "uv", "python"));
  const folder = folderWith({
    "pyproject.toml": PYPROJECT,
    "test_a.py": "import os\n\n\ndef test_a():\n    assert os.environ['UV_LOCKED'] == '1'\n",
  });
  const made = await bench.run("uv sync --quiet", folder);
  assert.equal(made.code, 0, made.stderr);
  const gate = async () => {
    const results = new TestResults();
    const { signal } = new AbortController();
    for (const each of await runTests(folder, bench.toolchain, bench.processes, signal))
      results.observe(each);
    return results.report();
  };
  assert.deepEqual([(await gate()).state, (await gate()).passed], ["passed", 1]);

  put(folder, { "pyproject.toml": PYPROJECT.replace("[]", '["packaging"]') });
  const lock = readFileSync(join(folder, "uv.lock"), "utf8");
  const { state, detail = "", passed } = await gate();
  assert.deepEqual([state, passed], ["unavailable", undefined]);
  assert.match(detail, /lockfile at `uv\.lock` needs to be updated/);
  assert.equal(readFileSync(join(folder, "uv.lock"), "utf8"), lock);
});
