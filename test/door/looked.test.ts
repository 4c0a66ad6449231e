import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { request } from "../doorways/support.ts";
import { openSession, type TestSession } from "../sessions/support/session.ts";

const RUN = [
  request("terminal/create", { command: "sh clean.sh" }),
  request("terminal/wait_for_exit", { terminalId: "t1" }),
];

async function project({ project }: TestSession): Promise<void> {
  await mkdir(join(project, "src"));
  await writeFile(join(project, "src", "a.txt"), "a\n");
  await writeFile(join(project, "notes.txt"), "notes\n");
  await writeFile(join(project, "clean.sh"), "rm notes.txt\n");
}

test("a script is asked about by what it does", async (t) => {
  const opened = await openSession(t, { turns: [RUN] }, { answer: "reject" });
  await project(opened);
  await opened.session.prompt("go");
  const [asked, ...more] = opened.of("approval.opened");
  assert.deepEqual([asked?.approval.rule, more.length], ["fs.delete", 0]);
  assert.deepEqual((await readdir(opened.project)).includes("notes.txt"), true);
});

test("a harmless script runs unasked", async (t) => {
  const opened = await openSession(t, { turns: [RUN] });
  await project(opened);
  await writeFile(join(opened.project, "clean.sh"), "ls src\n");
  await opened.session.prompt("go");
  assert.deepEqual(opened.of("approval.opened"), []);
  assert.equal(opened.output(), "a.txt\n");
});

test("what a script was changed to while a person thought is asked about, too", async (t) => {
  const opened = await openSession(t, { turns: [RUN] });
  await project(opened);
  const done = opened.session.prompt("go");
  const first = await opened.until("approval.opened");
  await writeFile(join(opened.project, "clean.sh"), "rm -r src\n");
  opened.approvals.settle(first.approval.id, "allow-once", "person");
  const second = await opened.until("approval.opened", ({ approval }) => approval.id !== first.approval.id);
  assert.match(JSON.stringify(second.approval.loss), /src\/a\.txt|a\.txt/);
  opened.approvals.settle(second.approval.id, "reject", "person");
  await done;
  const left = await readdir(opened.project);
  assert.deepEqual([left.includes("notes.txt"), left.includes("src")], [true, true]);
});

test("a yes for the session to a script is none to what it is changed to later", async (t) => {
  const opened = await openSession(t, { turns: [RUN.slice(0, 1)] }, { answer: "allow-session" });
  const write = (text: string): Promise<void> => writeFile(join(opened.project, "clean.sh"), text);
  await write("frobnicate one\n");
  await opened.session.prompt("go");
  await opened.session.prompt("go");
  assert.equal(opened.of("approval.opened").length, 1);
  await write("frobnicate everything\n");
  await opened.session.prompt("go");
  assert.equal(opened.of("approval.opened").length, 2);
});
