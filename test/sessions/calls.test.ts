import assert from "node:assert/strict";
import { realpath } from "node:fs/promises";
import { test } from "node:test";

import type { Step } from "../agents/script.ts";
import { type Options, openSession, type TestSession } from "./support/session.ts";

/** One turn of an agent with these steps. */
async function turn(
  t: Parameters<typeof openSession>[0],
  steps: Step[],
  options: Options = {},
): Promise<TestSession> {
  const opened = await openSession(t, { turns: [steps] }, options);
  await opened.session.prompt("go");
  return opened;
}

const execute = (toolCallId: string, command: string, more: object = {}) => ({
  toolCallId,
  title: command,
  kind: "execute",
  rawInput: { command },
  ...more,
});
const finished = (toolCallId: string, more: object = {}): Step => ({
  toolUpdate: { toolCallId, status: "completed", ...more },
});
const create = (command: string, more: object = {}): Step => ({
  request: { method: "terminal/create", params: { command, cwd: "${cwd}", ...more } },
});

test("a call named in the permission request first is the call that its updates report on", async (t) => {
  const opened = await turn(t, [
    { requestPermission: { toolCall: execute("a", "ls") } },
    { toolUpdate: { toolCallId: "a", status: "in_progress" } },
    finished("a", { rawOutput: { exitCode: 0 } }),
  ]);
  const row = opened.row();
  assert.deepEqual([row.asked, row.status, row.exit, row.doorways], ["ls", "done", 0, ["permission"]]);
});

test("a call named in an update first is one call, whatever comes after in whichever order", async (t) => {
  const opened = await turn(t, [
    { toolUpdate: { toolCallId: "a", status: "in_progress" } },
    { toolCall: execute("a", "ls") },
    { requestPermission: { toolCall: { toolCallId: "a" } } },
    finished("a"),
  ]);
  const row = opened.row();
  assert.deepEqual([row.asked, row.status], ["ls", "done"]);
});

test("a request with an id alone is decided by what was said before: command, file, or title", async (t) => {
  const opened = await turn(
    t,
    [
      { toolCall: execute("command", "frobnicate") },
      { requestPermission: { toolCall: { toolCallId: "command" } } },
      {
        toolCall: { toolCallId: "file", title: "Read", kind: "read", locations: [{ path: "${cwd}/a.txt" }] },
      },
      { requestPermission: { toolCall: { toolCallId: "file", locations: [], content: [], rawInput: {} } } },
      { toolCall: { toolCallId: "title", title: "`frobnicate --more`", kind: "execute" } },
      { requestPermission: { toolCall: { toolCallId: "title" } } },
      {
        toolCall: {
          toolCallId: "tool",
          title: "gates_check",
          kind: "execute",
          rawInput: { server: "gates" },
        },
      },
      { requestPermission: { toolCall: { toolCallId: "tool" } } },
      { requestPermission: { toolCall: { toolCallId: "nothing" } } },
    ],
    { answer: "reject" },
  );
  assert.deepEqual(
    opened.rows().map(({ kind, asked, rule }) => [kind, asked?.replace(opened.project, "~"), rule]),
    [
      ["command", "frobnicate", "unclear.program"],
      ["read", "read ~/a.txt", "read"],
      ["command", "frobnicate --more", "unclear.program"],
      ["tool", "gates_check", "unclear.tool"],
      ["tool", "a tool without a name", "unclear.tool"],
    ],
  );
});

test("a command of several lines in the title is judged whole", async (t) => {
  const opened = await turn(
    t,
    [{ requestPermission: { toolCall: { toolCallId: "a", kind: "execute", title: "ls\nrm -rf ~" } } }],
    { answer: "reject" },
  );
  assert.equal(opened.row().asked, "ls\nrm -rf ~");
  assert.equal(opened.row().status, "rejected");
});

test("a command as a list is read as what its shell would run", async (t) => {
  const opened = await turn(t, [
    {
      toolCall: { toolCallId: "a", kind: "execute", rawInput: { command: ["bash", "-lc", "git status -s"] } },
    },
    finished("a"),
  ]);
  assert.equal(opened.row().asked, "git status -s");
});

test("a failed command is failed, however the agent calls it", async (t) => {
  const opened = await turn(t, [
    { toolCall: execute("a", "false") },
    finished("a", { rawOutput: { exitCode: 1 } }),
    { toolCall: execute("b", "false") },
    finished("b", { rawOutput: { output: "", metadata: { exit: 77 } } }),
    { toolCall: execute("c", "false") },
    finished("c", { _meta: { terminal_exit: { exit_code: 2, signal: null, terminal_id: "c" } } }),
    { toolCall: execute("d", "true") },
    finished("d", { rawOutput: { exit_code: 0 } }),
    { toolCall: execute("e", "false") },
    { toolUpdate: { toolCallId: "e", status: "failed" } },
  ]);
  assert.deepEqual(
    opened.rows().map(({ status, exit }) => [status, exit]),
    [
      ["failed", 1],
      ["failed", 77],
      ["failed", 2],
      ["seen", 0],
      ["failed", undefined],
    ],
  );
});

test("calls that the agent leaves open are closed when the turn ends", async (t) => {
  const opened = await turn(t, [
    { toolCall: execute("a", "ls") },
    { toolCall: { toolCallId: "b", title: "Think", status: "in_progress" } },
  ]);
  assert.deepEqual(
    opened.rows().map(({ status }) => status),
    ["cancelled", "cancelled"],
  );
  const last = opened.events.findLastIndex(({ type }) => type === "call");
  assert.ok(last < opened.events.findIndex(({ type }) => type === "turn.ended"));
});

test("a report after the end joins its call; it neither tells the output nor checks the edit again", async (t) => {
  const edit = {
    content: [
      { type: "diff", path: "${cwd}/a.txt", oldText: null, newText: "a\n" },
      { type: "content", content: { type: "text", text: "written\n" } },
    ],
  };
  const opened = await turn(t, [
    { toolCall: { toolCallId: "a", title: "Write a.txt", kind: "edit", ...edit } },
    finished("a", edit),
    finished("a", edit),
    { toolUpdate: { toolCallId: "a", status: "failed", title: "Something else" } },
  ]);
  const row = opened.row();
  assert.deepEqual([row.status, row.title], ["seen", "Write a.txt"]);
  assert.equal(opened.output(), "written\n");
  assert.deepEqual(opened.gates.edits, [[`${opened.project}/a.txt`]]);
});

test("an edit is checked even where only the first message names its file", async (t) => {
  const opened = await turn(t, [
    {
      toolCall: {
        toolCallId: "a",
        kind: "edit",
        content: [{ type: "diff", path: "b.txt", oldText: "1", newText: "2" }],
      },
    },
    finished("a"),
  ]);
  assert.deepEqual(opened.gates.edits, [[`${opened.project}/b.txt`]]);
});

test("output that comes in pieces is told once, as it comes", async (t) => {
  const piece = (data: string): Step => ({
    toolUpdate: { toolCallId: "a", _meta: { terminal_output_delta: { data, terminal_id: "a" } } },
  });
  const opened = await turn(t, [
    { toolCall: execute("a", "make") },
    piece("one\n"),
    piece("two\n"),
    finished("a", { content: [{ type: "content", content: { type: "text", text: "one\ntwo\n" } }] }),
  ]);
  assert.deepEqual(
    opened.of("output").map(({ text }) => text),
    ["one\n", "two\n"],
  );
});

test("the same command twice is two rows, also in parallel", async (t) => {
  const opened = await turn(t, [
    { terminal: { command: "echo", args: ["hi"] } },
    { terminal: { command: "echo", args: ["hi"] } },
    { toolCall: execute("x", "echo hi") },
    { toolCall: execute("y", "echo hi") },
    create("echo hi"),
    create("echo hi"),
    { request: { method: "terminal/wait_for_exit", params: { terminalId: "t3" } } },
    { request: { method: "terminal/wait_for_exit", params: { terminalId: "t4" } } },
  ]);
  const rows = opened.rows();
  assert.equal(rows.length, 4);
  assert.deepEqual(
    rows.map(({ id, status }) => [id, status, opened.output(id)]),
    [
      ["c1", "done", "hi\n"],
      ["c2", "done", "hi\n"],
      ["c3", "done", "hi\n"],
      ["c4", "done", "hi\n"],
    ],
  );
});

test("a call that is announced after its terminal was made is that terminal's row", async (t) => {
  const opened = await turn(t, [
    create("sleep 0.2"),
    { toolCall: execute("late", "sleep 0.2", { status: "in_progress" }) },
    { request: { method: "terminal/wait_for_exit", params: { terminalId: "t1" } } },
    finished("late"),
  ]);
  const row = opened.row();
  assert.deepEqual([row.status, row.exit, row.doorways], ["done", 0, ["terminal"]]);
});

test("what a doorway saw is not overwritten by what the agent says of it", async (t) => {
  const opened = await turn(t, [
    { toolCall: execute("a", "echo real") },
    create("echo real"),
    { toolUpdate: execute("a", "echo other", { title: "Nothing special", kind: "think" }) },
    { request: { method: "terminal/wait_for_exit", params: { terminalId: "t1" } } },
  ]);
  const row = opened.row();
  assert.deepEqual([row.kind, row.asked, row.title], ["command", "echo real", "echo real"]);
});

test("one act at two doorways is one row, one question and one grant", async (t) => {
  const opened = await turn(
    t,
    [
      {
        requestPermission: {
          toolCall: execute("a", "frobnicate 1"),
          ifAllowed: [create("frobnicate", { args: ["1"], env: [{ name: "NO_COLOR", value: "1" }] })],
        },
      },
    ],
    { answer: "allow-once" },
  );
  await opened.untilRow(({ status }) => status === "failed");
  const row = opened.row();
  assert.equal(opened.of("approval.opened").length, 1);
  assert.deepEqual(row.doorways, ["permission", "terminal"]);
  assert.equal(row.answeredBy, "grant");
  const decisions = (await opened.records()).filter(({ phase }) => phase === "decision");
  assert.deepEqual(
    decisions.map(({ doorway, answeredBy, call }) => [doorway, answeredBy, call]),
    [
      ["permission", "person", "c1"],
      ["terminal", "grant", "c1"],
    ],
  );
});

const granted: readonly (readonly [string, Step])[] = [
  ["another command", create("frobnicate 2")],
  ["another folder", create("frobnicate 1", { cwd: "/" })],
  ["variables that steer it", create("frobnicate 1", { env: [{ name: "PATH", value: "/tmp" }] })],
  ["variables in front of it", create("LD_PRELOAD=/x frobnicate 1")],
  ["something more", create("frobnicate 1 && frobnicate 1")],
];
for (const [what, step] of granted) {
  test(`a grant doesn't cover ${what}: that asks again`, async (t) => {
    const opened = await turn(
      t,
      [{ requestPermission: { toolCall: execute("a", "frobnicate 1"), ifAllowed: [step] } }],
      { answer: "allow-once" },
    );
    assert.equal(opened.of("approval.opened").length, 2);
  });
}

test("a spent grant asks again", async (t) => {
  const opened = await turn(
    t,
    [
      {
        requestPermission: {
          toolCall: execute("a", "frobnicate 1"),
          ifAllowed: [create("frobnicate 1"), create("frobnicate 1")],
        },
      },
    ],
    { answer: "allow-once" },
  );
  assert.equal(opened.of("approval.opened").length, 2);
  assert.equal(opened.rows().length, 2);
});

test("asking twice for one call asks twice", async (t) => {
  const ask: Step = { requestPermission: { toolCall: execute("a", "frobnicate 1") } };
  const opened = await turn(t, [ask, ask], { answer: "reject" });
  assert.equal(opened.of("approval.opened").length, 2);
  assert.deepEqual(
    opened.rows().map(({ status }) => status),
    ["rejected", "rejected"],
  );
});

test("calls of another session of the agent are told apart, and what it says is not the agent's word", async (t) => {
  const opened = await turn(t, [
    { toolCall: execute("call-1", "ls") },
    { requestPermission: { sessionId: "helper", toolCall: execute("call-1", "pwd") } },
    { update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text: "mine" } } },
    { toolUpdate: { toolCallId: "call-1", status: "completed" } },
  ]);
  assert.deepEqual(
    opened.rows().map(({ asked, status }) => [asked, status]),
    [
      ["ls", "seen"],
      ["pwd", "cancelled"],
    ],
  );
  assert.equal(opened.said(), "mine");
});

test("what was only seen is in the record as observed, with what the rules would have said", async (t) => {
  const opened = await turn(t, [
    { toolCall: execute("a", "git reset --hard") },
    finished("a", { rawOutput: { exitCode: 0 } }),
    { toolCall: { toolCallId: "b", kind: "edit", locations: [{ path: "${cwd}/.git/hooks/pre-commit" }] } },
    finished("b"),
    { requestPermission: { toolCall: execute("c", "ls") } },
    finished("c"),
  ]);
  const records = await opened.records();
  assert.deepEqual(
    records.map(({ call, phase, doorway, enforcement, verdict, rule, exit }) => [
      call,
      phase,
      doorway,
      enforcement,
      verdict,
      rule,
      exit,
    ]),
    [
      ["c1", "effect", "observed", "observed", "ask", "git.reset.discard", 0],
      ["c2", "effect", "observed", "observed", "ask", "fs.write.protected", null],
      ["c3", "decision", "permission", "checked", "allow", "read", null],
      ["c3", "effect", "observed", "observed", "allow", "read", null],
    ],
  );
  assert.equal(records[0]?.cwd, await realpath(opened.project));
});
