import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import type { Step } from "../agents/script.ts";
import { tempDir } from "../harness/temp.ts";
import { benchWith, programs, put, uvLock } from "../toolchain/support.ts";
import { openSession, type TestSession } from "./support/session.ts";

/** Managers that only have to be there, and say that they ran. */
const bin = programs("uv", "poetry", "npm");
put(bin, Object.fromEntries(["poetry", "npm"].map((name) => [name, '#!/bin/sh\ntouch "$PWD/ran"\n'])));

async function projectOf(t: TestContext): Promise<string> {
  const folder = join(await tempDir(t), "project");
  put(folder, {
    "pyproject.toml": '[project]\nname = "demo"\n',
    "uv.lock": uvLock({}),
    "package.json": "{}",
    "pnpm-lock.yaml": "",
  });
  return folder;
}

async function open(t: TestContext, project: string, steps: Step[]): Promise<TestSession> {
  const { toolchain, processes } = benchWith([bin]);
  const shims = ["poetry", "npm", "pip"];
  const opened = await openSession(t, { turns: [steps] }, { project, toolchain, processes, shims });
  await opened.session.prompt("go");
  return opened;
}

const REFUSED: readonly (readonly [string, string])[] = [
  ["poetry add rich", "uv add rich"],
  ["npm install --save-dev left-pad", "pnpm add --save-dev left-pad"],
  ["poetry install", "uv sync"],
];

for (const [line, instead] of REFUSED) {
  test(`${line}, where another manager owns the project, is not run: ${instead} is proposed, and nobody asked`, async (t) => {
    const folder = await projectOf(t);
    const opened = await open(t, folder, [{ terminal: { command: line } }]);
    const read = JSON.stringify(opened.answers());
    assert.match(read, /owns this project, by /);
    assert.ok(read.includes(`Use \`${instead}\`.`), read);
    assert.equal(existsSync(join(folder, "ran")), false);
    assert.deepEqual(opened.approvals.pending(), []);
  });
}

test("an agent's own shell reads the same, and goes on", async (t) => {
  const folder = await projectOf(t);
  const line = `PATH="$PATH:${bin}"; poetry add rich 2> ../read; echo $? >> ../read`;
  await open(t, folder, [{ shell: { line, wait: true } }]);
  const read = readFileSync(join(folder, "../read"), "utf8");
  assert.match(
    read,
    /^interlock: Refused by rule deps\.foreign: uv owns this project, by uv\.lock: poetry would work beside it\.\n/,
  );
  assert.match(read, /Use `uv add rich`\.\n126\n$/);
  assert.equal(existsSync(join(folder, "ran")), false);
});
