import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { ROOT } from "../../scripts/lib/paths.ts";
import { tempDir } from "../harness/temp.ts";

/** `interlock route` in a project of uv, with a uv that only has to be there. */
async function route(
  t: TestContext,
  ...args: readonly string[]
): Promise<{ status: number | null; stdout: string }> {
  return routeWith(t, 0, args);
}

/** What `interlock check --stdin` answers to a command in the same project. */
async function check(t: TestContext, command: string): Promise<Record<string, unknown>> {
  const { stdout } = await inProject(t, 0, ["check", "--stdin"], `${JSON.stringify({ command })}\n`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** `uvEnds`: what uv answers to whether the lock is up to date. */
async function routeWith(
  t: TestContext,
  uvEnds: number,
  args: readonly string[],
): Promise<{ status: number | null; stdout: string }> {
  return inProject(t, uvEnds, ["route", ...args]);
}

async function inProject(
  t: TestContext,
  uvEnds: number,
  [command = "", ...args]: readonly string[],
  input = "",
): Promise<{ status: number | null; stdout: string }> {
  const base = await tempDir(t);
  const [project, bin] = [join(base, "project"), join(base, "bin")];
  await Promise.all([mkdir(project), mkdir(bin)]);
  await writeFile(
    join(project, "pyproject.toml"),
    '[project]\nname = "a"\nversion = "1"\ndependencies = ["pytest"]\n',
  );
  const lock = [
    "version = 1",
    "[[package]]",
    'name = "a"',
    'version = "1"',
    'source = { virtual = "." }',
    'dependencies = [{ name = "pytest" }]',
    "[[package]]",
    'name = "pytest"',
    'version = "9"',
    "",
  ];
  await writeFile(join(project, "uv.lock"), lock.join("\n"));
  await writeFile(join(bin, "uv"), `#!/bin/sh\nexit ${uvEnds}\n`);
  await chmod(join(bin, "uv"), 0o755);
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env["PATH"] ?? ""}`,
    INTERLOCK_STATE_DIR: join(base, "state"),
  };
  const words = [join(ROOT, "dist", "cli.js"), command, "--cwd", project, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8", env, input });
  return { status, stdout: stdout + stderr };
}

test("interlock route says where a command goes, who owns the project, and by what", async (t) => {
  const { status, stdout } = await route(t, "--", "pytest -q");
  assert.equal(status, 0);
  assert.match(
    stdout,
    /^pytest -q\n {2}→ uv run --locked pytest -q\n {2}uv\.run\.tool \(same\): uv\.lock owns /,
  );
  assert.match(stdout, /^ {2}Python: uv owns the packages, by uv\.lock$/m);
  assert.match(stdout, /^ {2}found: uv\.lock in \/.*\/project\/uv\.lock$/m);
});

test("interlock route --json has route, owners and evidence, and null for what runs as asked", async (t) => {
  const routed = JSON.parse((await route(t, "--json", "--", "python", "-c", "print(1)")).stdout) as {
    route: { kind: string; rule: string; to: string };
    owners: { python: { state: string; manager: string }; javascript: { state: string } };
    evidence: { what: string }[];
  };
  assert.deepEqual(
    [routed.route.kind, routed.route.rule, routed.route.to],
    ["same", "uv.run.python", "uv run --locked python -c 'print(1)'"],
  );
  assert.deepEqual([routed.owners.python.manager, routed.owners.javascript.state], ["uv", "absent"]);
  assert.ok(routed.evidence.some(({ what }) => what === "uv.lock"));
  const asked = JSON.parse((await route(t, "--json", "--", "ls -la")).stdout) as { route: null };
  assert.equal(asked.route, null);
});

test("interlock route wants a command, behind --", async (t) => {
  const { status, stdout } = await route(t, "pytest");
  assert.equal(status, 2);
  assert.match(stdout, /Name the command behind “--”/);
});

test("interlock route says that a lock keeps a command from running", async (t) => {
  const { stdout } = await routeWith(t, 1, ["--", "pytest"]);
  assert.match(stdout, /^ {2}uv\.lock is behind pyproject\.toml: an agent's command is not run/m);
  const json = JSON.parse((await routeWith(t, 1, ["--json", "--", "pytest"])).stdout) as {
    lock: { manager: string; root: string; state: string };
  };
  assert.deepEqual([json.lock.manager, json.lock.state], ["uv", "stale"]);
  const fresh = JSON.parse((await route(t, "--json", "--", "pytest")).stdout) as { lock: null };
  assert.equal(fresh.lock, null);
  const changing = JSON.parse(
    (await routeWith(t, 1, ["--json", "--", "uv lock && uv run pytest"])).stdout,
  ) as { lock: null };
  assert.equal(changing.lock, null);
});

test("interlock check says that a lock keeps a command from running, whatever the guard says of it", async (t) => {
  const stale = JSON.parse((await inProject(t, 1, ["check", "--json", "--", "pytest"])).stdout) as {
    verdict: string;
    lock: { manager: string; state: string };
  };
  assert.deepEqual([stale.verdict, stale.lock.manager, stale.lock.state], ["allow", "uv", "stale"]);
  for (const words of [["--"], ["--explain", "--"]]) {
    const { stdout, status } = await inProject(t, 1, ["check", ...words, "pytest"]);
    assert.match(stdout, /^ +uv\.lock is behind pyproject\.toml: an agent's command is not run/m);
    assert.equal(status, 0);
  }
  const line = JSON.stringify({ command: "pytest" });
  const fresh = JSON.parse((await inProject(t, 0, ["check", "--stdin"], line)).stdout) as { lock: null };
  assert.equal(fresh.lock, null);
});

test("interlock route says that a foreign manager is refused, and what is proposed", async (t) => {
  const { stdout } = await route(t, "--", "poetry add rich");
  assert.match(
    stdout,
    /^ {2}uv owns this project, by uv\.lock: poetry would work beside it\. Use `uv add rich`\. \(deps\.foreign: /m,
  );
  const json = JSON.parse((await route(t, "--json", "--", "pip install -U rich")).stdout) as {
    foreign: { program: string; owner: string; instead: string } | null;
  };
  assert.deepEqual(
    [json.foreign?.program, json.foreign?.owner, json.foreign?.instead],
    ["pip", "uv", "uv add rich"],
  );
  const own = JSON.parse((await route(t, "--json", "--", "uv sync")).stdout) as { foreign: null };
  assert.equal(own.foreign, null);
});

test("interlock check --stdin asks about a change of dependencies, however it is spelled, and not about an install", async (t) => {
  const CHANGES: readonly (readonly [string, string | null])[] = [
    ["pip install rich", "uv add rich"],
    ["uv pip install rich", "uv add rich"],
    ["cd . && python -m pip install 'rich>=13'", "cd . && uv add 'rich>=13'"],
    ["pip uninstall -y pytest", "uv remove pytest"],
    ["uv add rich", null],
  ];
  for (const [command, to] of CHANGES) {
    const { verdict, rule, route: found } = await check(t, command);
    assert.deepEqual([verdict, rule], ["ask", "deps.change"], command);
    assert.equal((found as { to: string } | null)?.to ?? null, to);
  }
  const installs = await check(t, "pip install pytest");
  assert.equal((installs["route"] as { to: string }).to, "uv sync --locked");
});
