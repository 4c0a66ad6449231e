import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import type { Step } from "../agents/script.ts";
import { makeSession, type TestSession } from "../sessions/support/session.ts";

const READ: Step = { readFile: { path: "${cwd}/a.txt" } };
const WRITE: Step = { writeFile: { path: "${cwd}/a.txt", content: "the agent's\n" } };

/** A session with a file in its project, whose turns the test runs one by one. */
async function open(t: TestContext, ...turns: Step[][]): Promise<TestSession & { readonly path: string }> {
  const opened = await makeSession(t, { turns }, { answer: "allow-once" });
  const path = join(opened.project, "a.txt");
  await writeFile(path, "old\n");
  await opened.session.start();
  return Object.assign(opened, { path });
}

test("what a person saved since the agent read the file is not overwritten, until the agent was told", async (t) => {
  const opened = await open(t, [READ], [WRITE], [WRITE]);
  await opened.session.prompt("read");
  await writeFile(opened.path, "mine\n");
  await opened.session.prompt("write");
  assert.equal(await readFile(opened.path, "utf8"), "mine\n");
  const { error } = opened.answers().at(-1) ?? {};
  assert.equal((error?.data as { code?: string } | undefined)?.code, "fs.changed");
  await opened.session.prompt("write all the same");
  assert.equal(await readFile(opened.path, "utf8"), "the agent's\n");
});

test("after its own write, or a command that may have changed the file, the agent writes unhindered", async (t) => {
  const command: Step = { terminal: { command: "echo formatted > a.txt" } };
  const opened = await open(t, [READ, WRITE, WRITE, command, WRITE]);
  await opened.session.prompt("go");
  assert.equal(await readFile(opened.path, "utf8"), "the agent's\n");
  assert.equal(
    opened.answers().every(({ error }) => error === undefined),
    true,
  );
});

test("line ends alone are no change", async (t) => {
  const opened = await open(t, [READ], [WRITE]);
  await opened.session.prompt("read");
  await writeFile(opened.path, "old\r\n");
  await opened.session.prompt("write");
  assert.equal(await readFile(opened.path, "utf8"), "the agent's\n");
});
