import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { transcriptFolder } from "../../extension/sessions/transcript.ts";
import { ROOT } from "../../scripts/lib/paths.ts";
import { tempDir } from "../harness/temp.ts";

test("interlock doctor says git's version, and advises no Python tool where there is no Python", async (t) => {
  const folder = await tempDir(t);
  const { stdout } = spawnSync(process.execPath, [join(ROOT, "dist", "cli.js"), "doctor", "--cwd", folder], {
    encoding: "utf8",
    env: { ...process.env, INTERLOCK_STATE_DIR: join(folder, "state") },
  });
  assert.match(stdout, /^ {2}ok {7}git {5}\d+\.\d+\S* \//m);
  assert.doesNotMatch(stdout, /uv add|Add it to the project/);
});

test("interlock doctor says that a folder outside of git has no earlier versions", async (t) => {
  const folder = await tempDir(t);
  const doctor = () =>
    spawnSync(process.execPath, [join(ROOT, "dist", "cli.js"), "doctor", "--cwd", folder], {
      encoding: "utf8",
      env: { ...process.env, INTERLOCK_STATE_DIR: join(folder, "state") },
    });
  const { status, stdout } = doctor();
  assert.equal(status, 0);
  assert.match(stdout, /^ {2}! This folder is in no git repository: .* `git init`/m);
  spawnSync("git", ["init", "--quiet", folder]);
  assert.doesNotMatch(doctor().stdout, /no git repository/);
});

test("interlock doctor does not list as missing what an empty folder has no use for", async (t) => {
  const folder = await tempDir(t);
  const { stdout } = spawnSync(process.execPath, [join(ROOT, "dist", "cli.js"), "doctor", "--cwd", folder], {
    encoding: "utf8",
    env: { PATH: "/usr/bin:/bin", INTERLOCK_STATE_DIR: join(folder, "state") },
  });
  assert.doesNotMatch(stdout, /missing/i);
  assert.match(stdout, /^ {2}not on this machine, nor of use here: .*\bbun\b/m);
});

test("interlock doctor tells which ways to ask agents were given, in words and as JSON", async (t) => {
  const folder = await tempDir(t);
  const doctor = (...args: string[]) =>
    spawnSync(process.execPath, [join(ROOT, "dist", "cli.js"), "doctor", "--cwd", folder, ...args], {
      encoding: "utf8",
      env: { ...process.env, INTERLOCK_STATE_DIR: join(folder, "state") },
    }).stdout;
  for (const way of ["mcp", "hook", "shim"])
    assert.match(doctor(), new RegExp(`^ {2}${way} +no agent was given it here yet$`, "m"));
  const transcripts = transcriptFolder(join(folder, "state"), await realpath(folder));
  await mkdir(transcripts, { recursive: true });
  const events = [
    { type: "session.opened", agent: { id: "c", name: "Claude Code" }, cwd: folder },
    { type: "session.inside", shims: true, hook: true },
    { type: "session.tools", state: "offered" },
    { type: "call", turn: 1, call: "c1", patch: { doorways: ["hook"] } },
  ].map((event, index) =>
    Object.assign(event, { v: 1, session: "s", seq: index + 1, at: 1_700_000_000_000 + index }),
  );
  await writeFile(join(transcripts, "s.jsonl"), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  const text = doctor();
  assert.match(text, /^ {2}mcp +Claude Code: handed over \d.*, never reached$/m);
  assert.match(text, /^ {2}hook +Claude Code: armed \d.*, last called \d/m);
  assert.match(text, /^ {2}shim +Claude Code: on its PATH \d.*, never asked$/m);
  const { ways } = JSON.parse(doctor("--json")) as { ways: object[] };
  assert.deepEqual(ways[1], {
    way: "hook",
    agent: "Claude Code",
    given: 1_700_000_000_001,
    used: 1_700_000_000_003,
  });
});

test("interlock doctor tells how the verification of each agent stands, and of agents that can't be read", async (t) => {
  const folder = await tempDir(t);
  const codex = { id: "codex", name: "Codex", command: "codex-acp" };
  const other = { id: "other", name: "Other", command: "other-agent" };
  await writeFile(join(folder, "agents.json"), JSON.stringify([codex, other]));
  const env = {
    ...process.env,
    INTERLOCK_STATE_DIR: join(folder, "state"),
    INTERLOCK_CONFIG_DIR: folder,
  };
  const doctor = (...args: string[]) =>
    spawnSync(process.execPath, [join(ROOT, "dist", "cli.js"), "doctor", "--cwd", folder, ...args], {
      encoding: "utf8",
      env,
    });
  assert.match(
    doctor().stdout,
    /^What was verified of agents:\n {2}Codex: not verified\n {2}→ interlock agents verify codex /m,
  );
  const { verified } = JSON.parse(doctor("--json").stdout) as { verified: unknown };
  const none = { state: "none", ok: null, at: null, version: null, text: "not verified" };
  assert.deepEqual(verified, [{ id: "codex", name: "Codex", ...none }]);
  await writeFile(join(folder, "agents.json"), "{");
  const { status, stderr, stdout } = doctor();
  assert.equal(status, 0);
  assert.match(stderr, /^interlock: “.*agents\.json” can't be read/m);
  assert.doesNotMatch(stdout, /verified/);
});
