import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { Script } from "../agents/script.ts";
import { isAlive } from "../harness/processes.ts";
import { type Options, makeSession, type TestSession } from "./support/session.ts";

/** Starts an agent that is expected to fail, and returns what a person is told. */
async function failing(
  t: Parameters<typeof makeSession>[0],
  script: Script,
  options: Options = {},
): Promise<{ opened: TestSession; code: string; message: string; next: string; stderr: readonly string[] }> {
  const opened = await makeSession(t, script, options);
  await opened.session.start();
  const { state } = opened.session;
  assert.equal(state.name, "crashed", opened.told());
  if (state.name !== "crashed") throw new Error("unreachable");
  assert.deepEqual(opened.approvals.pending(), []);
  return { opened, ...state.problem, stderr: state.stderr };
}

/** The process that the script was run by, gone or not. */
function agentPid(opened: TestSession): number {
  const pid = opened.agent.log().find(({ started }) => started !== undefined)?.started?.pid;
  assert.ok(pid !== undefined);
  return pid;
}

test("a program that doesn't exist is named, with the setting to correct", async (t) => {
  const { code, message, next } = await failing(t, {}, { agent: { command: "no-such-agent" } });
  assert.equal(code, "agent.start.missing");
  assert.match(message, /“no-such-agent” was not found/);
  assert.match(next, /interlock\.agents/);
});

test("a folder that was removed is not mistaken for a missing program", async (t) => {
  const opened = await makeSession(t);
  opened.session.place.audit.open = async () => ({ ok: true, value: undefined });
  await rm(opened.project, { recursive: true });
  await opened.session.start();
  const { state } = opened.session;
  assert.equal(state.name === "crashed" && state.problem.code, "agent.start.folder");
});

test("an agent that exits at once is shown with what it said on stderr", async (t) => {
  const { code, message, stderr } = await failing(t, {
    onInitialize: [{ stderr: "cannot find my config" }, { stderr: "giving up" }, { exit: 3 }],
  });
  assert.equal(code, "agent.ended");
  assert.match(message, /exit code 3/);
  assert.deepEqual(stderr, ["cannot find my config", "giving up"]);
});

test("an agent that says why on stdout is shown with that", async (t) => {
  const { stderr } = await failing(t, { onInitialize: [{ junk: "Error: no licence" }, { exit: 1 }] });
  assert.deepEqual(stderr, ["Error: no licence"]);
});

test("only the last 40 lines of stderr are kept, each cut to a length", async (t) => {
  const { stderr } = await failing(t, {
    onInitialize: [
      { repeat: { times: 100, steps: [{ stderr: "line ${n}" }] } },
      { stderr: "x".repeat(10_000) },
      { exit: 1 },
    ],
  });
  assert.equal(stderr.length, 40);
  assert.equal(stderr.at(-2), "line 100");
  assert.equal(stderr.at(-1)?.length, 500);
});

test("an agent that never answers is ended after the time-out, and its last words are shown", async (t) => {
  const { opened, code, next, stderr } = await failing(
    t,
    { onInitialize: [{ stderr: "waiting for a network" }, { hang: true }] },
    { startTimeoutMs: 1_500 },
  );
  assert.equal(code, "agent.start.timeout");
  assert.match(next, /speaks ACP/);
  assert.deepEqual(stderr, ["waiting for a network"]);
  assert.equal(await isAlive(agentPid(opened)), false);
});

test("a program that prints something else than messages is told by what it printed", async (t) => {
  const { code, next } = await failing(
    t,
    {},
    {
      agent: { command: "/bin/sh", args: ["-c", "echo 'Usage: sh [options]'; sleep 60"] },
      startTimeoutMs: 1_000,
    },
  );
  assert.equal(code, "agent.start.timeout");
  assert.match(next, /“Usage: sh \[options\]”/);
});

test("another version of the protocol is named", async (t) => {
  const { opened, code, message, next } = await failing(t, { hello: { protocolVersion: 2 } });
  assert.equal(code, "agent.protocol");
  assert.match(`${message} ${next}`, /version 2 .*version 1/);
  assert.equal(await isAlive(agentPid(opened)), false);
});

for (const method of ["initialize", "session/new"]) {
  test(`an agent that wants a sign-in at ${method} says so, and is not tried again by itself`, async (t) => {
    const error = { code: -32_000, message: "Authentication required" };
    const { opened, code, next } = await failing(t, { answers: { [method]: { error } } });
    assert.equal(code, "agent.auth");
    assert.match(next, /Sign in/);
    assert.deepEqual(opened.states(), ["starting", "crashed"]);
  });
}

test("a sign-in is told even where the agent exits right after asking for it", async (t) => {
  const { code } = await failing(t, {
    onSession: [{ fail: { code: -32_000, message: "Authentication required" } }],
    afterSession: [{ exit: 1 }],
  });
  assert.equal(code, "agent.auth");
});

test("an answer that names no session is a failure, not a session", async (t) => {
  const { code, message } = await failing(t, { session: { sessionId: null } });
  assert.equal(code, "agent.start.failed");
  assert.match(message, /could not open a session/);
});

test("an error of the agent's own is passed on in its words", async (t) => {
  const error = { code: -32_603, message: "no model is configured" };
  const { message } = await failing(t, { answers: { "session/new": { error } } });
  assert.match(message, /no model is configured/);
});

test("rubbish on stdout before and between messages is passed over", async (t) => {
  const opened = await makeSession(t, {
    onInitialize: [{ junk: "Welcome!" }, { junk: '{"level":"info","msg":"up"}' }, { junk: "" }],
    onSession: [{ junk: '{"jsonrpc":"2.0"}' }, { junk: "[1,2]" }, { junk: '{"jsonrpc":"2.0","method":' }],
    turns: [[{ say: "before " }, { junk: "\u001b[31mcolourful\u001b[0m" }, { say: "after" }]],
  });
  await opened.session.start();
  assert.equal(opened.session.state.name, "ready");
  assert.equal(await opened.session.prompt("go"), "end_turn");
  assert.equal(opened.said(), "before after");
  const errors = opened.answers().filter(({ error }) => error !== undefined);
  assert.deepEqual(errors, [], "an agent is not answered for what was no message");
});

test("restarting works after every failure at the start", async (t) => {
  const opened = await makeSession(t, { onInitialize: [{ exit: 1 }] });
  await opened.session.start();
  assert.equal(opened.session.state.name, "crashed");
  const fixed = await makeSession(t, { turns: [[{ say: "here" }]] });
  await copyScript(fixed, opened);
  await opened.session.restart();
  assert.equal(await opened.session.prompt("go"), "end_turn");
  assert.equal(opened.said(), "here");
  assert.deepEqual(opened.states(), ["starting", "crashed", "starting", "ready", "working", "ready"]);
});

test("two restarts at once start one agent", async (t) => {
  const opened = await makeSession(t, { onInitialize: [{ exit: 1 }] });
  await opened.session.start();
  const before = opened.agent.log().filter(({ started }) => started).length;
  await Promise.all([opened.session.restart(), opened.session.restart()]);
  assert.equal(opened.agent.log().filter(({ started }) => started).length, before + 1);
});

test("closing a session whose agent is still starting ends the agent at once", async (t) => {
  const opened = await makeSession(t, { onInitialize: [{ hang: true }] }, { startTimeoutMs: 60_000 });
  const starting = opened.session.start();
  await opened.until("session.state", ({ state }) => state.name === "starting");
  while (opened.agent.log().every(({ got }) => got?.method !== "initialize")) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await opened.session.close();
  await starting;
  assert.equal(await isAlive(agentPid(opened)), false);
  assert.deepEqual(opened.states(), ["starting", "ended"]);
});

async function copyScript(from: TestSession, to: TestSession): Promise<void> {
  const { copyFile } = await import("node:fs/promises");
  await copyFile(join(from.base, "agent.json"), join(to.base, "agent.json"));
}
