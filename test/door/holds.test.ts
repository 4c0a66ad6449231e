import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import type { Script, Step } from "../agents/script.ts";
import { request } from "../doorways/support.ts";
import { makeRepository } from "../git/support.ts";
import { makeSession, type Options, type TestSession } from "../sessions/support/session.ts";

const RESET: Step = { terminal: { command: "git reset --hard", toolCallId: "a" } };
const ASKS: Step = {
  requestPermission: {
    toolCall: {
      toolCallId: "a",
      kind: "execute",
      title: "reset",
      rawInput: { command: "git reset --hard" },
    },
  },
};

/** A session in a repository with a change. */
async function open(t: TestContext, script: Script, options: Options = {}): Promise<TestSession> {
  const opened = await makeSession(t, script, options);
  makeRepository(opened.project);
  await opened.session.start();
  return opened;
}

function lost({
  approval,
}: {
  readonly approval: { readonly loss?: { files: readonly { path: string }[] } };
}) {
  return approval.loss?.files.map(({ path }) => path);
}

test("a yes is not to what was changed while a person thought", async (t) => {
  const opened = await open(t, { turns: [[RESET]] });
  const { project, approvals, session } = opened;
  const done = session.prompt("go");
  const first = await opened.until("approval.opened");
  assert.deepEqual(lost(first), ["a.txt"]);
  await writeFile(join(project, "b.txt"), "mine, too\n");
  approvals.settle(first.approval.id, "allow-once", "person");
  const second = await opened.until("approval.opened", ({ approval }) => approval.id !== first.approval.id);
  assert.deepEqual(lost(second), ["a.txt", "b.txt"]);
  approvals.settle(second.approval.id, "reject", "person");
  await done;
  assert.equal(await readFile(join(project, "a.txt"), "utf8"), "two\n");
  assert.equal(await readFile(join(project, "b.txt"), "utf8"), "mine, too\n");
});

test("a yes to the agent's own question covers no more loss when the command is run", async (t) => {
  const opened = await open(t, {
    turns: [[ASKS, { shell: { line: "echo more > b.txt", wait: true } }, RESET]],
  });
  const { project, approvals, session } = opened;
  const done = session.prompt("go");
  const first = await opened.until("approval.opened");
  approvals.settle(first.approval.id, "allow-once", "person");
  const second = await opened.until("approval.opened", ({ approval }) => approval.id !== first.approval.id);
  assert.deepEqual(lost(second), ["a.txt", "b.txt"]);
  approvals.settle(second.approval.id, "reject", "person");
  await done;
  assert.equal(await readFile(join(project, "b.txt"), "utf8"), "more\n");
});

test("what has not changed is asked about once", async (t) => {
  const opened = await open(t, { turns: [[ASKS, RESET]] }, { answer: "allow-once" });
  await opened.session.prompt("go");
  assert.equal(opened.of("approval.opened").length, 1);
  assert.equal(await readFile(join(opened.project, "a.txt"), "utf8"), "one\n");
});

test("once the person stopped the turn nothing starts any more, however harmless", async (t) => {
  const late: Step[] = [
    { ignoreCancel: true },
    ASKS,
    { terminal: { command: "echo late > late.txt" } },
    { readFile: { path: "a.txt" } },
  ];
  const opened = await open(t, { turns: [late] });
  const done = opened.session.prompt("go");
  await opened.until("approval.opened");
  await opened.session.cancel();
  await done;
  const [asked, ran, read] = opened.answers();
  assert.deepEqual(asked?.result, { outcome: { outcome: "cancelled" } });
  assert.deepEqual([ran?.error !== undefined, read?.error !== undefined], [true, true]);
  await assert.rejects(readFile(join(opened.project, "late.txt")));
});

test("a question shows the variables that steer what is run, and the record holds them", async (t) => {
  const env = [
    { name: "GIT_WORK_TREE", value: "/some where" },
    { name: "CI", value: "1" },
  ];
  const steps = [request("terminal/create", { command: "git reset --hard", env })];
  const opened = await open(t, { turns: [steps] }, { answer: "reject" });
  await opened.session.prompt("go");
  const [asked] = opened.of("approval.opened");
  assert.equal(asked?.approval.asked, "GIT_WORK_TREE='/some where' git reset --hard");
  const [record] = await opened.records();
  assert.equal(record?.asked, "GIT_WORK_TREE='/some where' git reset --hard");
});
