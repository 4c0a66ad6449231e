import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";

import { benchFor, folderWith, put, skip } from "./support.ts";

// What becomes of a line is seen by running it: the same project for all, made once.
const FILES = {
  "pyproject.toml":
    '[project]\nname = "demo"\nversion = "0.1.0"\nrequires-python = ">=3.10"\ndependencies = ["iniconfig"]\n\n[dependency-groups]\ndev = ["pytest"]\n',
  "requirements.txt": "iniconfig\n",
  "where.py": "import sys, os\nprint(sys.prefix, sys.argv[1:], os.environ.get('FOO'))\n",
  "test_demo.py": "import iniconfig\ndef test_ok():\n    pass\n",
  "sub/test_bad.py": "def test_bad():\n    assert 0\n",
  "status.py": "import sys\nsys.exit(int(sys.argv[1]))\n",
  "echo.py": "import sys\nsys.stdout.write(sys.stdin.read().upper())\n",
};

const bench = await benchFor("uv", "python");
const project = folderWith(FILES);
if (bench !== undefined) {
  const made = await bench.run("uv sync --quiet", project);
  assert.equal(made.code, 0, made.stderr);
}
const manifest = read("pyproject.toml");
const lock = bench === undefined ? "" : read("uv.lock");

function read(name: string): string {
  return readFileSync(join(project, name), "utf8");
}

/** Routes a line, and runs what would run. */
async function routed(t: TestContext, line: string, folder = project) {
  if (bench === undefined) return skip(t, "uv", "python");
  const { route } = bench.route(line, folder);
  assert.ok(route, `${line} was not routed`);
  const result = await bench.run(route.to, folder);
  return { ...result, to: route.to };
}

describe("in a uv project", () => {
  const RUNS: readonly (readonly [string, number, RegExp])[] = [
    ["python where.py a 'b c'", 0, /\.venv \['a', 'b c'\] None/],
    ["FOO=bar python3 where.py", 0, /\.venv \[\] bar/],
    ["cd sub && python ../where.py *.py", 0, /\.venv \['test_bad\.py'\]/],
    ["bash -c 'python where.py \"it'\\''s\"'", 0, /\["it's"\]/],
    ["for n in 1 2; do python where.py $n; done", 0, /\['1'\][^]*\['2'\]/],
    ["printf 'a\\nb\\n' | xargs python where.py", 0, /\['a', 'b'\]/],
    ["echo hello | python echo.py", 0, /HELLO/],
    ["python - <<'EOF'\nimport sys\nprint(sys.prefix)\nEOF", 0, /\.venv/],
    ["python status.py 7", 7, /^$/],
    ["python status.py 3 || echo then $?", 0, /then 3/],
    ["pytest -q test_demo.py", 0, /1 passed/],
    ["python -m pytest -q sub", 1, /1 failed/],
    ["cd sub; pytest -q", 1, /1 failed/],
    ["pytest -q nothing_here.py", 4, /./],
    ["source .venv/bin/activate && python where.py", 0, /\.venv/],
    ["pip list --format=json", 0, /"iniconfig"/],
    ["cd sub && pip show iniconfig", 0, /Name: iniconfig/],
    ["pip freeze | grep iniconfig", 0, /^iniconfig==/],
    ["python -m pip check", 0, /^/],
    ["pip show nothing-of-that-name", 1, /^/],
  ];
  for (const [line, code, output] of RUNS) {
    test(`${line.replaceAll("\n", "⏎")} exits with ${code}, from the project's environment`, async (t) => {
      const result = await routed(t, line);
      if (result === null) return;
      assert.equal(result.code, code, `${result.to}\n${result.stderr}`);
      assert.match(result.stdout, output, result.to);
      assert.equal(read("uv.lock"), lock);
      assert.equal(read("pyproject.toml"), manifest);
    });
  }

  const INSTALLS = [
    "pip install -r requirements.txt",
    "python -m pip install -q pytest iniconfig",
    "cd sub && pip3 install ..",
    "pip install -e .",
  ];
  for (const line of INSTALLS) {
    test(`${line} installs what is locked, and changes neither manifest nor lock`, async (t) => {
      rmSync(join(project, ".venv"), { recursive: true, force: true });
      const result = await routed(t, line);
      if (result === null) return;
      assert.equal(result.code, 0, `${result.to}\n${result.stderr}`);
      assert.ok(existsSync(join(project, ".venv/bin/pytest")));
      assert.equal(read("uv.lock"), lock);
      assert.equal(read("pyproject.toml"), manifest);
    });
  }

  test("a package that is asked for is declared and locked, and goes again", async (t) => {
    const folder = copyOf(project);
    const added = await routed(t, "pip install packaging", folder);
    if (added === null) return;
    assert.equal(added.code, 0, added.stderr);
    assert.match(readFileSync(join(folder, "pyproject.toml"), "utf8"), /"packaging>=/);
    assert.match(readFileSync(join(folder, "uv.lock"), "utf8"), /requires-dist[^]*packaging/);
    const removed = await routed(t, "pip uninstall -y packaging", folder);
    assert.equal(removed?.code, 0, removed?.stderr);
    assert.doesNotMatch(readFileSync(join(folder, "pyproject.toml"), "utf8"), /packaging/);
    const dev = await routed(t, "pip uninstall pytest", folder);
    assert.equal(dev?.code, 0, dev?.stderr);
    assert.doesNotMatch(readFileSync(join(folder, "pyproject.toml"), "utf8"), /pytest/);
  });

  test("a stale lock stops what would run, and is not renewed behind anybody's back", async (t) => {
    const folder = copyOf(project);
    put(
      folder || project,
      bench ? { "pyproject.toml": manifest.replace('"iniconfig"', '"iniconfig", "packaging"') } : {},
    );
    for (const line of ["python where.py", "pytest", "pip install -r requirements.txt"]) {
      const result = await routed(t, line, folder);
      if (result === null) return;
      assert.equal(result.code, 1, line);
      assert.match(result.stderr, /lockfile .* needs to be updated/);
      assert.equal(readFileSync(join(folder, "uv.lock"), "utf8"), lock);
    }
  });

  test("a member of a workspace runs in the workspace's environment, a stranger beside it as asked", async (t) => {
    if (bench === undefined) return void (await skip(t, "uv", "python"));
    const python = '[project]\nversion = "1"\nrequires-python = ">=3.10"\n';
    const folder = folderWith({
      "pyproject.toml": `${python}name = "root"\n[tool.uv.workspace]\nmembers = ["packages/*"]\n`,
      "packages/a/pyproject.toml": `${python}name = "a"\n`,
      "outside/pyproject.toml": `${python}name = "outside"\n`,
    });
    const locked = await bench.run("uv lock --quiet", folder);
    assert.equal(locked.code, 0, locked.stderr);
    const result = await routed(t, "python -c 'import sys; print(sys.prefix)'", join(folder, "packages/a"));
    assert.equal(result?.stdout.trim(), join(folder, ".venv"));
    assert.equal(bench.route("python x.py", join(folder, "outside")).route, null);
  });
});

/** A project of its own for what changes one: its files, without the environment. */
function copyOf(folder: string): string {
  const copy = folderWith({});
  cpSync(folder, copy, {
    recursive: true,
    filter: (path) => !path.includes("/.venv") && !path.includes("/.git"),
  });
  return copy;
}
