import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

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
