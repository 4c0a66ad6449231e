import assert from "node:assert/strict";
import { test } from "node:test";

import type { Step } from "../agents/script.ts";
import { eventually } from "../harness/processes.ts";
import { startRun } from "./support.ts";

const MARKED = [{ name: "RUN_MARK", value: "${mark}" }];

/** The agent's own child, a command through Interlock with a child that left its group, and a sign that all run. */
const BUSY: Step[] = [
  { shell: { line: "sleep 1000", wait: false } },
  {
    request: {
      method: "terminal/create",
      params: { command: "sh", args: ["-c", "setsid sleep 1000 & echo up; sleep 1000"], env: MARKED },
    },
  },
  { hang: true },
];

/** Where it is printed; the command line, which is printed too, goes on behind it. */
const UP = "up\n";

test("Ctrl+C once stops the turn and what it started, and says so", async (t) => {
  const { child, ended, until, stderr, stdout, left } = await startRun(t, { turns: [BUSY] });
  await until(UP);
  await eventually("all four run", async () => (await left()).length >= 4);
  child.kill("SIGINT");
  assert.equal(await ended, 1);
  assert.equal(stderr(), "interlock: The turn was stopped.\n");
  assert.match(stdout(), /cancelled · SIGTERM/);
  assert.deepEqual(await left(), []);
});

test("Ctrl+C twice ends everything, also an agent that doesn't stop", async (t) => {
  const { child, ended, until, left } = await startRun(
    t,
    { turns: [[{ ignoreCancel: true }, { ignoreTerm: true }, { ignoreStdinClose: true }, ...BUSY]] },
    { args: ["--json"] },
  );
  await until('"up\\n"');
  child.kill("SIGINT");
  await until('"cancelling"');
  child.kill("SIGINT");
  assert.equal(await ended, 1);
  assert.deepEqual(await left(), []);
});

test("Ctrl+C reaches Interlock alone where the terminal signals its whole group", async (t) => {
  const { child, ended, until, left } = await startRun(t, { turns: [BUSY] }, { detached: true });
  await until(UP);
  process.kill(-(child.pid ?? 0), "SIGINT");
  assert.equal(await ended, 1);
  assert.deepEqual(await left(), []);
});

test("SIGTERM ends everything at once", async (t) => {
  const { child, ended, until, left, events } = await startRun(t, { turns: [BUSY] }, { args: ["--json"] });
  await until('"up\\n"');
  child.kill("SIGTERM");
  assert.equal(await ended, 1);
  assert.deepEqual(await left(), []);
  const last = events().at(-1);
  assert.ok(last?.type === "session.state" && last.state.name === "ended");
});

test("Ctrl+C while the agent is starting ends it", async (t) => {
  const { child, ended, until, left } = await startRun(
    t,
    { onInitialize: [{ hang: true }] },
    { args: ["--json"] },
  );
  await until('"starting"');
  child.kill("SIGINT");
  assert.equal(await ended, 1);
  assert.deepEqual(await left(), []);
});

test("a reader that goes away ends it without a stack trace", async (t) => {
  const { child, ended, until, stderr, left } = await startRun(t, {
    turns: [
      [{ say: "first" }, { repeat: { times: 100_000, steps: [{ say: "more and more " }] } }, { hang: true }],
    ],
  });
  await until("first");
  child.stdout?.destroy();
  assert.equal(await ended, 1);
  assert.equal(stderr(), "");
  assert.deepEqual(await left(), []);
});

test("SIGKILL leaves nothing running, also of a command that was over", async (t) => {
  const over = { command: "sh", args: ["-c", "setsid sleep 1000 >/dev/null 2>&1 &"], env: MARKED };
  const armed: Step[] = [
    { ignoreTerm: true },
    { ignoreStdinClose: true },
    { shell: { line: "setsid sleep 1000", wait: false } },
    { request: { method: "terminal/create", params: over } },
    { request: { method: "terminal/wait_for_exit", params: { terminalId: "t1" } } },
  ];
  const { child, ended, until, left } = await startRun(t, { turns: [[...armed, ...BUSY]] });
  await until(UP);
  await eventually("all six run", async () => (await left()).length >= 6);
  child.kill("SIGKILL");
  assert.equal(await ended, "SIGKILL");
  await eventually("every process is gone", async () => (await left()).length === 0);
});
