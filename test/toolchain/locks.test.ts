import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";

import { parseShell } from "../../extension/shell/parse.ts";
import { doctor } from "../../extension/toolchain/doctor.ts";
import { type Bench, benchFor, folderWith, put, skip } from "./support.ts";

const NEEDS = ["uv", "bun", "python"] as const;
const bench = await benchFor(...NEEDS);
const manifest = (dependency: string): string =>
  `[project]\nname = "demo"\nversion = "0.1.0"\nrequires-python = ">=3.10"\ndependencies = [${dependency}]\n[tool.uv]\n`;

const folder = folderWith({
  "pyproject.toml": manifest('"iniconfig"'),
  "requirements.txt": "iniconfig\n",
  "own.py": "# /// script\n# dependencies = []\n# ///\n",
  "x.py": "",
});
if (bench !== undefined) assert.equal((await bench.run("uv lock --quiet", folder)).code, 0);

async function trouble({ toolchain }: Bench, line: string, cwd = folder): Promise<string | null> {
  const looked = await toolchain.locks.lookAt(parseShell(line, { cwd }));
  return looked.trouble && `${looked.trouble.state} ${looked.trouble.use}`;
}

async function ready(t: TestContext): Promise<Bench | null> {
  return bench ?? skip(t, ...NEEDS);
}

describe("locks", () => {
  test("a fresh one is told by its owner once, and by time stamps from then on", async (t) => {
    const machine = await ready(t);
    if (machine === null) return;
    const { locks } = machine.toolchain;
    assert.equal((await locks.of({ manager: "uv", root: folder })).state, "fresh");
    const from = performance.now();
    for (let round = 0; round < 20; round++) await locks.of({ manager: "uv", root: folder });
    assert.ok(performance.now() - from < 200, "no program was started");
    assert.equal(await trouble(machine, "uv run x.py"), null);
  });

  const LINES: readonly (readonly [string, string | null])[] = [
    ["uv run python x.py", "stale run"],
    ["uv run x.py", "stale run"],
    ["uv run own.py", null],
    ["uv run --script x.py", null],
    ["uv run --no-sync python x.py", null],
    ["uv run --no-project python x.py", null],
    ["uv run --frozen python x.py", "stale run"],
    ["uv run --with rich python x.py", "stale run"],
    ["uv run bash -c 'ls; ls'", "stale run"],
    ["timeout 9 uv run -m pytest", "stale run"],
    ["uv run python x.py && uv sync", "stale install"],
    ["uv --quiet sync", "stale install"],
    ["uv sync --frozen", "stale install"],
    ["uv tree", "stale read"],
    ["uv tree --frozen", null],
    ["uv lock", null],
    ["uv add rich", null],
    ["uv pip list", null],
    ["pip install -r requirements.txt", null],
    ["ls", null],
  ];
  test("a stale one matters to what goes by it, and to nothing else", async (t) => {
    const machine = await ready(t);
    if (machine === null) return;
    put(folder, { "pyproject.toml": manifest('"iniconfig", "packaging"') });
    for (const [line, expected] of LINES) assert.equal(await trouble(machine, line), expected, line);
    assert.equal(await trouble(machine, `uv run --directory ${folder} pytest`, "/"), "stale run");
    const report = await doctor(machine.toolchain, folder, () => Promise.resolve("2"));
    assert.deepEqual(
      report.projects.map(({ lock }) => lock),
      ["stale"],
    );
    put(folder, { "pyproject.toml": manifest('"iniconfig"') });
    assert.equal(await trouble(machine, "uv sync"), null, "it is looked at again when a file changes");
  });

  test("of a manifest that can't be read nothing is claimed", async (t) => {
    const machine = await ready(t);
    if (machine === null) return;
    writeFileSync(join(folder, "pyproject.toml"), "x = [");
    assert.equal(await trouble(machine, "uv sync"), null);
    put(folder, { "pyproject.toml": manifest('"iniconfig"') });
  });

  test("a missing one matters to installs, also by other managers' names", async (t) => {
    const machine = await ready(t);
    if (machine === null) return;
    rmSync(join(folder, "uv.lock"));
    for (const line of ["uv sync", "pip install -r requirements.txt", "python -m pip install -e ."])
      assert.equal(await trouble(machine, line), "missing install", line);
    for (const line of ["pytest", "python x.py", "pip list", "pip install rich"])
      assert.equal(await trouble(machine, line), null, line);
    const web = folderWith({ "package.json": '{"packageManager":"bun@1.4.5"}' });
    for (const line of ["bun install", "bun ci", "npm ci", "npm i --no-audit", "yarn", "pnpm install --prod"])
      assert.equal(await trouble(machine, line, web), "missing install", line);
    for (const line of [
      "npm install left-pad",
      "npm test",
      "bun add x",
      "npm i -g x",
      "bun install --lockfile-only",
    ])
      assert.equal(await trouble(machine, line, web), null, line);
  });
});
