import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { tempDir } from "../harness/temp.ts";
import { benchWith, programs, put } from "../toolchain/support.ts";
import { openSession } from "./support/session.ts";

const bin = programs("npm", "bun");
const INSTALL = { terminal: { command: "npm install" } } as const;

test("an install where nothing proves an owner runs as asked, and a person is told once a project what can be done", async (t) => {
  const base = await tempDir(t);
  const project = join(base, "project");
  put(project, { "package.json": "{}" });
  const { toolchain, processes } = benchWith([bin]);
  const turns = [[INSTALL, { terminal: { command: "npm test" } }]];
  const told = async () => {
    const opened = await openSession(t, { turns }, { base, project, toolchain, processes });
    await opened.session.prompt("go");
    const [row] = opened.rows();
    assert.deepEqual([row?.run, row?.verdict, row?.status], ["npm install", "allow", "done"]);
    assert.deepEqual(opened.approvals.pending(), []);
    return opened.notices();
  };
  assert.deepEqual(await told(), ["toolchain.owner.none"]);
  assert.deepEqual(await told(), [], "a later session doesn't tell it again");
});

test("nothing is told where a lock proves the owner, or of commands that no project has a say in", async (t) => {
  const project = join(await tempDir(t), "project");
  put(project, { "package.json": "{}", "package-lock.json": "{}" });
  const { toolchain, processes } = benchWith([bin]);
  const turns = [[INSTALL, { terminal: { command: "ls" } }]];
  const opened = await openSession(t, { turns }, { project, toolchain, processes });
  await opened.session.prompt("go");
  assert.deepEqual(opened.notices(), []);
});
