import assert from "node:assert/strict";
import { existsSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test, type TestContext } from "node:test";

import { benchFor, type Files, folderWith, put, skip } from "./support.ts";

const PYPROJECT =
  '[project]\nname = "demo"\nversion = "0.1.0"\nrequires-python = ">=3.10"\ndependencies = ["iniconfig"]\n';
const bench = await benchFor("uv", "python");

/** A project that is installed, and what its routed lines come to once uv had time to say so. */
async function installed(t: TestContext, files: Files = {}) {
  if (bench === undefined) return skip(t, "uv", "python");
  const folder = folderWith({ "pyproject.toml": PYPROJECT, "sub/x.py": "", ...files });
  const made = await bench.run("uv sync --quiet", folder);
  assert.equal(made.code, 0, made.stderr);
  const direct = (line: string, cwd = folder) => {
    const { argv } = bench.route(line, cwd);
    return bench.toolchain.direct(argv ?? line.split(" "), cwd);
  };
  return { folder, direct, settled: (line: string, cwd?: string) => settle(() => direct(line, cwd)) };
}

/** Asks until it is known, as commands one after the other do. */
async function settle<Value>(ask: () => Value | null): Promise<Value | null> {
  for (let waited = 0; waited < 5_000; waited += 100) {
    const value = ask();
    if (value !== null) return value;
    await sleep(100);
  }
  return null;
}

/** Long enough for uv to have answered, were it asked. */
const NOT_KNOWN_MS = 1_500;

test("a program starts from the environment itself once uv has said that it is what the lock says", async (t) => {
  const it = await installed(t);
  if (it === null) return;
  const { folder, direct, settled } = it;
  assert.equal(direct("python -c pass"), null);
  const environment = join(folder, ".venv");
  assert.deepEqual(await settled("python -c 'a b'"), {
    program: join(environment, "bin/python"),
    args: ["-c", "a b"],
    variables: { VIRTUAL_ENV: environment, UV: join(bench?.folders[0] ?? "", "uv") },
    first: join(environment, "bin"),
  });
  assert.equal(direct("python3 x.py", join(folder, "sub"))?.program, join(environment, "bin/python3"));
  assert.equal(direct("uv run python x.py")?.program, join(environment, "bin/python"));
  // What needs uv, or isn't there, goes to uv.
  for (const line of ["uv run --with rich python", "uv sync", "uv run x.py", "pytest"])
    assert.equal(direct(line), null, line);
});

const CHANGES: Readonly<Record<string, (folder: string) => unknown>> = {
  "the manifest": (folder) => put(folder, { "pyproject.toml": PYPROJECT.replace('"0.1.0"', '"0.2.0"') }),
  "the lock": (folder) => utimesSync(join(folder, "uv.lock"), 1, 1),
  "a package that went": (folder) => rmSync(join(folder, ".venv/lib"), { recursive: true, force: true }),
  "the version of Python that is asked for": (folder) => put(folder, { ".python-version": "3.99\n" }),
  "a setting of uv": (folder) => put(folder, { "uv.toml": "offline = true\n" }),
  "the environment": (folder) => rmSync(join(folder, ".venv/pyvenv.cfg")),
};
for (const [what, change] of Object.entries(CHANGES)) {
  test(`${what} makes it uv's matter again, at once`, async (t) => {
    const it = await installed(t);
    if (it === null) return;
    assert.ok(await it.settled("python x.py"));
    change(it.folder);
    assert.equal(it.direct("python x.py"), null);
  });
}

test("an environment that isn't what the lock says is never used directly, however often it is asked", async (t) => {
  const it = await installed(t);
  if (it === null || bench === undefined) return;
  await bench.run("uv pip uninstall --quiet iniconfig", it.folder);
  const until = Date.now() + NOT_KNOWN_MS;
  while (Date.now() < until) {
    assert.equal(it.direct("python x.py"), null);
    await sleep(100);
  }
  // `uv run` mends it, and from then on it is known again.
  await bench.run("uv run --locked true", it.folder);
  assert.ok(await it.settled("python x.py"));
  assert.ok(existsSync(join(it.folder, ".venv")));
});

test("a project that uv builds again for reasons of its own stays with uv", async (t) => {
  const it = await installed(t, {
    "pyproject.toml": `${PYPROJECT}\n[tool.uv]\ncache-keys = [{ file = "data.txt" }]\n`,
  });
  if (it === null) return;
  const until = Date.now() + NOT_KNOWN_MS;
  while (Date.now() < until) {
    assert.equal(it.direct("python x.py"), null);
    await sleep(100);
  }
});
