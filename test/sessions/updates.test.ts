import assert from "node:assert/strict";
import { test } from "node:test";

import type { Step } from "../agents/script.ts";
import { makeSession, openSession, type TestSession } from "./support/session.ts";

async function turn(t: Parameters<typeof openSession>[0], steps: Step[]): Promise<TestSession> {
  const opened = await openSession(t, { turns: [steps] });
  assert.equal(await opened.session.prompt("go"), "end_turn");
  return opened;
}

const chunk = (content: unknown, more: object = {}): Step => ({
  update: { sessionUpdate: "agent_message_chunk", content, ...more },
});
const text = (said: string, more: object = {}): Step => chunk({ type: "text", text: said }, more);

test("updates that come before the session was answered belong to it", async (t) => {
  const opened = await makeSession(t, {
    onSession: [
      { update: { sessionUpdate: "available_commands_update", availableCommands: [{ name: "fix" }] } },
      { update: { sessionUpdate: "session_info_update", title: "Early" } },
      { say: "hello" },
    ],
  });
  await opened.session.start();
  assert.deepEqual((await opened.until("session.commands")).commands, [{ name: "fix", description: "" }]);
  assert.equal((await opened.until("session.title")).title, "Early");
  assert.equal((await opened.until("message")).turn, 0);
});

test("the last words before the end of a turn are in it, and what comes after is after it", async (t) => {
  const opened = await openSession(t, {
    turns: [[{ repeat: { times: 50, steps: [{ say: "${n} " }] } }]],
  });
  for (const _ of [1, 2, 3]) await opened.session.prompt("go");
  const order = opened.events.map((event) => event.type);
  const ends = order.flatMap((type, index) => (type === "turn.ended" ? [index] : []));
  const counts = ends.map((end) => order.slice(0, end).filter((type) => type === "message").length);
  assert.deepEqual(counts, [50, 100, 150]);
});

test("chunks of one message are one message; other ids, kinds and calls begin another", async (t) => {
  const opened = await turn(t, [
    text("a", { messageId: "1" }),
    text("b", { messageId: "1" }),
    text("c", { messageId: "2" }),
    text("d"),
    text("e"),
    { update: { sessionUpdate: "agent_thought_chunk", content: { type: "text", text: "hm" } } },
    text("f"),
    { toolCall: { toolCallId: "x", title: "Look", kind: "read" } },
    text("g"),
  ]);
  const messages = new Map<string, string>();
  for (const { message, text } of opened.of("message"))
    messages.set(message, (messages.get(message) ?? "") + text);
  assert.deepEqual([...messages.values()], ["ab", "c", "de", "hm", "f", "g"]);
});

test("content that is no text is named, so that nothing vanishes without a word", async (t) => {
  const opened = await turn(t, [
    chunk({ type: "image", data: "AAAA", mimeType: "image/png" }),
    chunk({ type: "resource_link", uri: "file:///a.txt", name: "a" }),
    chunk({ type: "hologram", rays: 7 }),
    chunk({ type: "text" }),
    text(""),
  ]);
  assert.equal(opened.said(), "[image][file:///a.txt][hologram][text]");
});

test("updates that nobody knows, or that make no sense, are passed over", async (t) => {
  const opened = await turn(t, [
    { update: { sessionUpdate: "weather_update", sky: "blue" } },
    { update: { sessionUpdate: "config_option_update", configOptions: [] } },
    { update: { sessionUpdate: "current_mode_update", currentModeId: "plan" } },
    { update: { sessionUpdate: "agent_message_chunk" } },
    { update: { sessionUpdate: "agent_message_chunk", content: [] } },
    { update: { sessionUpdate: "tool_call", title: "no id" } },
    { update: { sessionUpdate: "plan", entries: "none" } },
    { update: { sessionUpdate: "usage_update", used: "much" } },
    { update: {} },
    { request: { method: "session/nonsense", params: {} } },
    text("still here"),
  ]);
  assert.equal(opened.said(), "still here");
  assert.deepEqual(opened.rows(), []);
  assert.deepEqual(opened.notices(), []);
});

test("odd fields of a tool call cost the field, not the call", async (t) => {
  const opened = await turn(t, [
    {
      toolCall: {
        toolCallId: "a",
        title: null,
        kind: 7,
        status: "sleeping",
        content: [
          { type: "content", content: { type: "hologram" } },
          { type: "diff", path: 7 },
          { kind: "?" },
        ],
        locations: [{ line: 3 }],
        rawInput: ["x"],
        _meta: { terminal_exit: "soon", terminal_output: { data: 7 } },
      },
    },
    { toolUpdate: { toolCallId: "a", status: "completed", content: "text", rawOutput: null } },
  ]);
  assert.deepEqual([opened.row().status, opened.row().kind], ["seen", "tool"]);
});

test("a plan, a title, commands and usage are told as they are; absent cost stays absent", async (t) => {
  const opened = await turn(t, [
    {
      plan: [
        { content: "Look", status: "completed" },
        { content: "Leap", status: "pending" },
      ],
    },
    { update: { sessionUpdate: "plan", entries: [{ content: "Odd", status: "dreaming" }] } },
    { update: { sessionUpdate: "session_info_update", title: "t".repeat(1_000) } },
    { update: { sessionUpdate: "session_info_update", _meta: {} } },
    { update: { sessionUpdate: "usage_update", used: 10, size: 100 } },
    {
      update: { sessionUpdate: "usage_update", used: 20, size: 100, cost: { amount: 0.5, currency: "USD" } },
    },
    { update: { sessionUpdate: "usage_update", used: 30, size: 100, cost: "a lot" } },
  ]);
  assert.deepEqual(
    opened.of("plan").map(({ entries }) => entries),
    [
      [
        { text: "Look", status: "completed" },
        { text: "Leap", status: "pending" },
      ],
      [{ text: "Odd", status: "pending" }],
    ],
  );
  assert.deepEqual(
    opened.of("session.title").map(({ title }) => title.length),
    [200],
  );
  assert.deepEqual(
    opened.of("session.usage").map(({ used, cost }) => [used, cost?.amount]),
    [
      [10, undefined],
      [20, 0.5],
      [30, undefined],
    ],
  );
});

test("the person's own prompt, echoed by the agent, is not shown twice", async (t) => {
  const opened = await turn(t, [
    { update: { sessionUpdate: "user_message_chunk", content: { type: "text", text: "go" } } },
  ]);
  assert.deepEqual(opened.of("message"), []);
});

test("a message of 30 MB is cut where no page could show it, and the session goes on", async (t) => {
  const opened = await turn(t, [{ bigMessage: 30 * 1024 * 1024 }, text("and on")]);
  const [first] = opened.of("message");
  assert.match(first?.text.slice(-100) ?? "", /\[30408704 more characters were left out\]$/);
  assert.ok(opened.said().endsWith("and on"));
  assert.deepEqual(opened.notices(), [], "the transcript has room for it");
});

test("an update over the limit is left out with a notice, and the session goes on", async (t) => {
  const opened = await turn(t, [{ bigMessage: 65 * 1024 * 1024 }, text("and on")]);
  assert.deepEqual(opened.notices(), ["agent.message.too-large"]);
  assert.equal(opened.said(), "and on");
});

test("a request over the limit can't be answered: the agent is ended and says why", async (t) => {
  const opened = await openSession(t, {
    turns: [
      [{ request: { method: "fs/write_text_file", params: { content: "x".repeat(65 * 1024 * 1024) } } }],
    ],
  });
  assert.equal(await opened.session.prompt("go"), "failed");
  const { state } = opened.session;
  assert.equal(state.name === "crashed" && state.problem.code, "agent.message.too-large");
  assert.deepEqual(opened.rows(), []);
});

test("a request that Interlock doesn't know is answered with an error, not with silence", async (t) => {
  const opened = await turn(t, [
    { request: { method: "terminal/create", params: { args: 7 } } },
    { request: { method: "fs/delete_file", params: { path: "/" } } },
  ]);
  assert.deepEqual(
    opened.answers().map(({ error }) => error?.code),
    [-32_602, -32_601],
  );
});
