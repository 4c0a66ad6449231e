import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { request } from "../doorways/support.ts";
import type { Step } from "../agents/script.ts";
import { openSession, type TestSession } from "./support/session.ts";

const run = (command: string, params: object = {}): Step[] => [
  request("terminal/create", { command, ...params }),
  request("terminal/wait_for_exit", { terminalId: "t1" }),
  request("terminal/output", { terminalId: "t1" }),
];

async function asking(t: TestContext, command: string, params: object = {}) {
  const opened = await openSession(t, { turns: [run(command, params)] });
  const done = opened.session.prompt("go");
  const { approval } = await opened.until("approval.opened");
  const edit = (line: string, id = approval.id) => opened.approvals.settle(id, "edit", "person", line);
  return { opened, done, approval, edit };
}

async function decisions(opened: TestSession) {
  return (await opened.records())
    .filter(({ phase }) => phase === "decision")
    .map(({ asked, run, verdict, answeredBy, allowed }) => [asked, run, verdict, answeredBy, allowed]);
}

test("what the person put in its place runs, is recorded and shown beside what was asked, and the agent is told", async (t) => {
  const { opened, done, approval, edit } = await asking(t, "frobnicate --all");
  assert.equal(approval.editable, "frobnicate --all");
  assert.equal(edit("echo harmless"), true);
  await done;
  const { asked, run: ran, edited, status, answeredBy } = opened.row();
  assert.deepEqual(
    [asked, ran, edited, status, answeredBy],
    ["frobnicate --all", "echo harmless", true, "done", "person"],
  );
  assert.deepEqual(await decisions(opened), [["frobnicate --all", "echo harmless", "allow", "person", true]]);
  const output = JSON.stringify(opened.answers().at(-1)?.result);
  assert.match(output, /The person changed your command\. This ran instead: echo harmless\\nharmless\\n/);
  assert.match(output, /"_meta":\{"interlock\/ranInstead":"echo harmless"\}/);
  assert.equal(opened.output(), "harmless\n");
});

test("the agent is told also where of its output only the end is kept", async (t) => {
  const { opened, done, edit } = await asking(t, "frobnicate", { outputByteLimit: 120 });
  edit("seq 1 5000");
  await done;
  const answer = opened.answers().at(-1)?.result ?? {};
  const { output, truncated } = answer as { output: string; truncated: boolean };
  assert.match(output, /^interlock: The person changed your command[^]*5000\n$/);
  assert.ok(truncated && output.length <= 120, String(output.length));
});

test("what is edited within the effects that were shown is not asked about once more", async (t) => {
  const { opened, done, edit } = await asking(t, "frobnicate --all");
  edit("frobnicate --some");
  await done;
  assert.equal(opened.of("approval.opened").length, 1);
  assert.deepEqual(await decisions(opened), [
    ["frobnicate --all", "frobnicate --some", "ask", "person", true],
  ]);
});

test("what would lose work is asked about with what would be lost, and can be edited again", async (t) => {
  const { opened, done, approval, edit } = await asking(t, "frobnicate");
  await writeFile(join(opened.project, "notes.txt"), "kept nowhere else");
  edit("rm notes.txt");
  const again = await opened.until("approval.opened", (event) => event.approval.id !== approval.id);
  const { kind, asked, run: ran, editable, edited, call, loss } = again.approval;
  assert.deepEqual(
    [kind, asked, ran, editable, edited, call === approval.call, loss?.fileCount],
    ["loss", "frobnicate", "rm notes.txt", "rm notes.txt", true, true, 1],
  );
  edit("cat notes.txt", again.approval.id);
  await done;
  assert.equal(existsSync(join(opened.project, "notes.txt")), true);
  assert.equal(opened.output(), "kept nowhere else");
  assert.deepEqual(await decisions(opened), [["frobnicate", "cat notes.txt", "allow", "person", true]]);
});

test("other effects than those that were shown are asked about", async (t) => {
  const { opened, done, approval, edit } = await asking(t, "frobnicate");
  edit("uv add rich");
  const again = await opened.until("approval.opened", (event) => event.approval.id !== approval.id);
  assert.equal(again.approval.rule, "deps.change");
  opened.approvals.settle(again.approval.id, "reject", "person");
  await done;
  assert.deepEqual(await decisions(opened), [["frobnicate", "uv add rich", "ask", "person", false]]);
});

test("what a rule refuses is refused, whoever wrote it", async (t) => {
  const { opened, done, edit } = await asking(t, "frobnicate");
  edit("git push --force origin main");
  await done;
  assert.equal(opened.row().status, "refused");
  assert.match(JSON.stringify(opened.answers()[0]), /refused\.git\.push\.protected/);
});

test("an edit keeps folder and variables; a program with arguments is edited as a line", async (t) => {
  const { opened, done, approval, edit } = await asking(t, "frobnicate", {
    args: ["a b"],
    env: [{ name: "PGPASSWORD", value: "hunter2" }],
  });
  assert.match(approval.asked, /^PGPASSWORD='…' frobnicate 'a b'$/);
  assert.equal(approval.editable, "frobnicate 'a b'");
  edit('echo "$PGPASSWORD" > said.txt');
  const more = opened.until("approval.opened", (event) => event.approval.id !== approval.id);
  void more.then(
    (event) => opened.approvals.settle(event.approval.id, "allow-once", "person"),
    () => {},
  );
  await done;
  assert.equal(await readFile(join(opened.project, "said.txt"), "utf8"), "hunter2\n");
});

test("an empty command is no answer", async (t) => {
  const { opened, done, approval, edit } = await asking(t, "frobnicate");
  assert.deepEqual(
    [edit("  "), edit("x".repeat(8_001)), opened.approvals.pending().length],
    [false, false, 1],
  );
  opened.approvals.settle(approval.id, "reject", "person");
  await done;
});
