import assert from "node:assert/strict";
import { test } from "node:test";

import { isAlive } from "../harness/processes.ts";
import { openSession, type TestSession } from "./support/session.ts";

function agentPid(opened: TestSession): number {
  return opened.agent.log().findLast(({ started }) => started)?.started?.pid ?? -1;
}

test("an agent that crashes in the middle of a call ends the call, the turn and then the session", async (t) => {
  const opened = await openSession(t, {
    turns: [
      [
        { toolCall: { toolCallId: "a", title: "Think hard", kind: "think", status: "in_progress" } },
        { stderr: "panic: out of ideas" },
        { exit: 101 },
      ],
    ],
  });
  assert.equal(await opened.session.prompt("go"), "failed");
  const { state } = opened.session;
  assert.ok(state.name === "crashed");
  assert.equal(state.problem.code, "agent.ended");
  assert.match(state.problem.message, /exit code 101/);
  assert.deepEqual(state.stderr, ["panic: out of ideas"]);
  assert.equal(opened.row().status, "cancelled");
  const ends = opened.events.slice(-3).map((event) => event.type);
  assert.deepEqual(ends, ["call", "turn.ended", "session.state"]);
  assert.deepEqual(opened.notices(), [], "its end says it all");
});

test("an agent that crashed can be restarted, and its new calls are calls of their own", async (t) => {
  const call = { toolCallId: "call-1", title: "Look", kind: "search" };
  const opened = await openSession(t, {
    turns: [[{ toolCall: call }, { toolUpdate: { toolCallId: "call-1", status: "completed" } }, { exit: 1 }]],
  });
  await opened.session.prompt("one");
  await opened.session.restart();
  assert.equal(opened.session.state.name, "ready");
  await opened.session.prompt("two");
  assert.deepEqual(
    opened.of("turn.started").map(({ turn }) => turn),
    [1, 2],
  );
  assert.deepEqual(
    opened.rows().map(({ id, status }) => [id, status]),
    [
      ["c1", "seen"],
      ["c2", "seen"],
    ],
  );
});

test("a question of an agent that crashes is settled as no, and nothing runs", async (t) => {
  const opened = await openSession(t, {
    turns: [[{ terminal: { command: "frobnicate --all" } }]],
  });
  const prompt = opened.session.prompt("go");
  await opened.until("approval.opened");
  process.kill(agentPid(opened), "SIGKILL");
  assert.equal(await prompt, "failed");
  const { settlement } = await opened.until("approval.settled");
  assert.deepEqual(settlement, { choice: "reject", by: "agent-gone" });
  assert.equal(opened.row().status, "cancelled");
  assert.equal(opened.output(), "");
  const decisions = await opened.records();
  assert.deepEqual(
    decisions.map(({ phase, allowed }) => [phase, allowed]),
    [["decision", false]],
  );
});

test("killing the agent ends the command that Interlock runs for it, and its row says so", async (t) => {
  const start = { command: "sh", args: ["-c", "echo $$; sleep 1000"] };
  const opened = await openSession(t, {
    turns: [[{ request: { method: "terminal/create", params: start } }, { hang: true }]],
  });
  const prompt = opened.session.prompt("go");
  const { text } = await opened.until("output");
  process.kill(agentPid(opened), "SIGKILL");
  assert.equal(await prompt, "failed");
  assert.equal(await isAlive(Number(text)), false);
  assert.deepEqual([opened.row().status, opened.row().signal], ["cancelled", "SIGTERM"]);
  const { state } = opened.session;
  assert.match(state.name === "crashed" ? state.problem.message : "", /signal SIGKILL/);
});

test("an agent that leaves a child with its output open has ended all the same, and so has the child", async (t) => {
  const script = `
    process.stdin.on("data", (data) => {
      for (const line of String(data).trim().split("\\n")) {
        const { id, method } = JSON.parse(line);
        const result = method === "initialize" ? { protocolVersion: 1 } : { sessionId: "s" };
        if (method !== "session/prompt") process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\\n");
        else {
          const child = require("child_process").spawn("sleep", ["1000"], { stdio: "inherit" });
          process.stderr.write(String(child.pid) + "\\n", () => process.exit(9));
        }
      }
    });`;
  const opened = await openSession(t, {}, { agent: { command: process.execPath, args: ["-e", script] } });
  assert.equal(await opened.session.prompt("go"), "failed");
  const { state } = opened.session;
  assert.ok(state.name === "crashed");
  assert.match(state.problem.message, /exit code 9/);
  await opened.session.close();
  assert.equal(await isAlive(Number(state.stderr[0])), false);
});

test("an agent that closes its stdout without ending is ended, and said to have gone", async (t) => {
  const script = `
    process.stdin.on("data", (data) => {
      for (const line of String(data).trim().split("\\n")) {
        const { id, method } = JSON.parse(line);
        const result = method === "initialize" ? { protocolVersion: 1 } : { sessionId: "s" };
        if (method === "session/prompt") require("fs").closeSync(1);
        else process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\\n");
      }
    });
    setInterval(() => {}, 1e6);`;
  const opened = await openSession(t, {}, { agent: { command: process.execPath, args: ["-e", script] } });
  assert.equal(await opened.session.prompt("go"), "failed");
  const { state } = opened.session;
  assert.equal(state.name === "crashed" && state.problem.code, "agent.disconnected");
});

test("a turn that the agent stops is cancelled, and the agent is ready again", async (t) => {
  const opened = await openSession(t, { turns: [[{ say: "working" }, { hang: true }], [{ say: "done" }]] });
  const prompt = opened.session.prompt("one");
  await opened.until("message");
  await opened.session.cancel();
  assert.equal(await prompt, "cancelled");
  assert.deepEqual(opened.states(), ["starting", "ready", "working", "cancelling", "ready"]);
  assert.equal(await opened.session.prompt("two"), "end_turn");
});

test("an agent that doesn't stop within the grace period is ended with what it had started, and says so", async (t) => {
  const opened = await openSession(t, {
    turns: [
      [
        { ignoreCancel: true },
        { shell: { line: "sleep 1000", wait: false } },
        { stderr: "can't hear you" },
        { say: "still going" },
        { hang: true },
      ],
    ],
  });
  const prompt = opened.session.prompt("go");
  await opened.until("message");
  const child = opened.agent.log().find(({ shell }) => shell)?.shell?.pid ?? -1;
  await opened.session.cancel(100);
  assert.equal(await prompt, "failed");
  const { state } = opened.session;
  assert.ok(state.name === "crashed");
  assert.equal(state.problem.code, "agent.cancel.timeout");
  assert.deepEqual(state.stderr, ["can't hear you"]);
  assert.equal(await isAlive(agentPid(opened)), false);
  assert.equal(await isAlive(child), false);
  await opened.session.restart();
  assert.equal(opened.session.state.name, "ready");
});

test("stopping a turn answers its open question with no, and asks none that comes after", async (t) => {
  const opened = await openSession(t, {
    turns: [
      [
        { ignoreCancel: true },
        { terminal: { command: "frobnicate one" } },
        { terminal: { command: "frobnicate two" } },
        { stop: "cancelled" },
      ],
    ],
  });
  const prompt = opened.session.prompt("go");
  await opened.until("approval.opened");
  await opened.session.cancel();
  assert.equal(await prompt, "cancelled");
  assert.equal(opened.of("approval.opened").length, 1);
  assert.deepEqual(
    opened.rows().map(({ asked, status }) => [asked, status]),
    [
      ["frobnicate one", "cancelled"],
      ["frobnicate two", "cancelled"],
    ],
  );
});

test("stopping a turn ends the commands that the agent leaves running", async (t) => {
  const opened = await openSession(
    t,
    {
      turns: [
        [
          {
            request: {
              method: "terminal/create",
              params: { command: "sh", args: ["-c", "echo $$; sleep 1000"], cwd: "${cwd}" },
            },
          },
          { hang: true },
        ],
      ],
    },
    { answer: "allow-once" },
  );
  const prompt = opened.session.prompt("go");
  const { text } = await opened.until("output");
  await opened.session.cancel();
  assert.equal(await prompt, "cancelled");
  assert.equal(await isAlive(Number(text)), false);
  const { status, signal } = opened.row();
  assert.deepEqual([status, signal], ["cancelled", "SIGTERM"]);
});

test("a command that outlives its turn goes on, and its row says so until it ends", async (t) => {
  const start = { command: "sh", args: ["-c", "echo up; sleep 1000"], cwd: "${cwd}" };
  const opened = await openSession(
    t,
    {
      turns: [
        [{ request: { method: "terminal/create", params: start } }, { say: "started" }],
        [{ request: { method: "terminal/kill", params: { terminalId: "t1" } } }],
      ],
    },
    { answer: "allow-once" },
  );
  await opened.session.prompt("start it");
  assert.equal(opened.row().status, "running");
  await opened.session.prompt("end it");
  assert.equal((await opened.untilRow(({ status }) => status !== "running")).status, "failed");
});

test("a prompt is taken by a ready session alone", async (t) => {
  const opened = await openSession(t, { turns: [[{ hang: true }]] });
  const prompt = opened.session.prompt("one");
  await assert.rejects(opened.session.prompt("two"), { code: "session.not-ready" });
  await opened.session.cancel();
  await prompt;
  await opened.session.close();
  await assert.rejects(opened.session.prompt("three"), { code: "session.not-ready" });
});

test("an error in answer to a prompt ends the turn, not the session", async (t) => {
  const opened = await openSession(t, {
    turns: [[{ fail: { code: -32_603, message: "the model is overloaded" } }], [{ say: "back" }]],
  });
  assert.equal(await opened.session.prompt("one"), "failed");
  const { problem } = await opened.until("notice");
  assert.equal(problem.code, "agent.turn");
  assert.match(problem.message, /the model is overloaded/);
  assert.equal(await opened.session.prompt("two"), "end_turn");
});

for (const stop of ["max_tokens", "max_turn_requests", "refusal"] as const) {
  test(`a turn that ends for ${stop} says so`, async (t) => {
    const opened = await openSession(t, { turns: [[{ stop }]] });
    assert.equal(await opened.session.prompt("go"), stop);
    assert.equal((await opened.until("turn.ended")).stop, stop);
  });
}

test("a reason that no version of the protocol knows is a failure that names it", async (t) => {
  const opened = await openSession(t, {
    answers: { "session/prompt": { result: { stopReason: "out_of_coffee" } } },
  });
  assert.equal(await opened.session.prompt("go"), "failed");
  assert.match((await opened.until("notice")).problem.message, /out_of_coffee/);
});

test("closing ends an agent that ignores a closed stdin and SIGTERM", async (t) => {
  const opened = await openSession(t, {
    afterSession: [{ ignoreStdinClose: true }, { ignoreTerm: true }, { say: "armoured" }],
  });
  await opened.until("message");
  await opened.session.close();
  assert.equal(await isAlive(agentPid(opened)), false);
  const heard = new Set(opened.agent.log().map(({ event }) => event));
  assert.ok(heard.has("stdin closed") && heard.has("SIGTERM"), "it was asked first");
  assert.equal(opened.session.state.name, "ended");
});

test("closing in the middle of everything ends everything, once", async (t) => {
  const opened = await openSession(t, {
    turns: [
      [
        {
          request: {
            method: "terminal/create",
            params: { command: "sh", args: ["-c", "echo $$; sleep 1000"] },
          },
        },
        { terminal: { command: "frobnicate" } },
      ],
    ],
  });
  const prompt = opened.session.prompt("go");
  await opened.until("approval.opened");
  const { text } = await opened.until("output");
  await Promise.all([opened.session.close(), opened.session.close()]);
  assert.equal(await prompt, "failed");
  assert.equal(await isAlive(Number(text)), false);
  assert.deepEqual((await opened.until("approval.settled")).settlement, {
    choice: "reject",
    by: "session-ended",
  });
  assert.deepEqual(
    opened.rows().map(({ status }) => status),
    ["cancelled", "cancelled"],
  );
  assert.equal(opened.of("session.state").at(-1)?.state.name, "ended");
  assert.equal(opened.events.at(-1)?.type, "session.state", "nothing is told after the end");
  const effects = (await opened.records()).filter(({ phase }) => phase === "effect");
  assert.equal(effects.length, 1, "what had started has its end in the record");
});
