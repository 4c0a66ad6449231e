import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { skipWithout } from "../harness/tools.ts";
import { benchWith, folderWith, put, uvLock } from "./support.ts";

const BAD = "import sys\nimport os\n\nx: int = 'text'\nprint( os )\n";

/** A swapped line, whether the file is written, its exit status, and what it says. */
const ROWS: readonly (readonly [string, boolean, number, RegExp])[] = [
  ["flake8 bad.py", false, 1, /F401/],
  ["flake8 good.py", false, 0, /All checks passed/],
  ["black --check bad.py", false, 1, /would be reformatted/],
  ["black --diff bad.py", false, 1, /\+print\(os\)/],
  ["black bad.py", true, 0, /1 file reformatted/],
  ["isort --check-only bad.py", false, 1, /I001/],
  ["isort --diff bad.py", false, 1, /\+import os/],
  ["isort bad.py", true, 0, /1 fixed/],
  ["mypy bad.py", false, 1, /invalid-assignment/],
  ["python -m mypy good.py", false, 0, /All checks passed/],
];

for (const [line, writes, code, output] of ROWS) {
  test(`${line}: another program answers, and ${writes ? "writes" : "leaves"} the file`, async (t) => {
    const found = await Promise.all([skipWithout(t, "uv"), skipWithout(t, "ruff"), skipWithout(t, "ty")]);
    if (found.some((path) => !path)) return;
    const bench = benchWith(found.map((path) => dirname(path ?? "")));
    const folder = folderWith({
      "pyproject.toml": '[project]\nname = "demo"\nversion = "0.1.0"\nrequires-python = ">=3.10"\n',
      "uv.lock": uvLock({}),
      "good.py": 'print("x")\n',
    });
    put(folder, { "bad.py": BAD });
    const { route } = bench.route(line, folder, true);
    assert.equal(route?.kind, "swap");
    const result = await bench.run(route.to, folder);
    assert.match(result.stdout + result.stderr, output, route.to);
    assert.equal(result.code, code, route.to);
    assert.equal(readFileSync(join(folder, "bad.py"), "utf8") !== BAD, writes);
  });
}
