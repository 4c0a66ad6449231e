import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { editorAgent } from "../../extension/acp/agents.ts";
import type { OwnTool } from "../../extension/doorways/mcp/ownTools.ts";
import { EditorLink } from "../../extension/sessions/editorLink.ts";
import { hideFromGit } from "../../extension/sessions/places.ts";
import { repository } from "../doorways/mcp/support.ts";
import { McpClient } from "../harness/mcp.ts";
import { type Options, openSession } from "./support/session.ts";

const STAYS = new AbortController().signal;

/** A session of the editor's agent, and its way to call. */
async function opened(t: TestContext, options: Options = {}) {
  const project = await repository(t, { "a.txt": "one\n" });
  const session = await openSession(t, {}, { project, mcp: true, agent: editorAgent(), ...options });
  await hideFromGit(session.session.place);
  const call = (name: OwnTool, args: object, signal = STAYS) =>
    session.session.tools.call(name, args, signal, "Editor 1.0");
  return { told: session, session: session.session, project, call };
}

test("a call of the editor's agent runs without any program of an agent, is a row and a record, and begins a turn", async (t) => {
  const { told, session, call } = await opened(t);
  const { text } = await call("run", { command: "echo hello; exit 3" });
  assert.match(text, /^exit 3 · [\d.]+ s\nhello$/);
  assert.deepEqual([told.row().asked, told.row().doorways], ["echo hello; exit 3", ["mcp"]]);
  const records = (await told.records()).filter(({ doorway }) => doorway === "mcp");
  assert.deepEqual(
    records.map(({ session: of, phase, turn }) => [of, phase, turn]),
    [
      [session.id, "decision", 1],
      [session.id, "effect", 1],
    ],
  );
  assert.deepEqual(
    told.of("session.opened").map(({ agent }) => agent),
    [{ id: "vscode", name: "VS Code's agent" }],
  );
  assert.deepEqual(
    told.of("session.tools").map(({ state, client }) => [state, client]),
    [["reached", "Editor 1.0"]],
  );
});

test("calls that follow each other are one turn, and what only looks begins none", async (t) => {
  const { told, session, call } = await opened(t);
  await call("gates", {});
  assert.equal(session.turn, 0);
  await call("run", { command: "echo one" });
  await Promise.all([call("run", { command: "echo two" }), call("run", { command: "echo three" })]);
  assert.deepEqual([session.turn, session.state.name, told.rows().length], [1, "working", 3]);
});

test("what would lose work is held, and a no comes back as the answer", async (t) => {
  const { told, project, call } = await opened(t, { answer: "reject" });
  await writeFile(join(project, "a.txt"), "mine\n");
  const { text, failed } = await call("run", { command: "git reset --hard" });
  assert.equal(failed, true);
  assert.match(text, /^interlock: /);
  assert.equal(await readFile(join(project, "a.txt"), "utf8"), "mine\n");
  const [asked] = told.of("approval.opened");
  assert.ok(asked?.approval.choices.every((choice) => choice !== "worktree"));
});

test("who stops the turn ends what runs, and the next call has a turn of its own", async (t) => {
  const { told, session, call } = await opened(t);
  const running = call("run", { command: "sleep 60" });
  await told.untilRow(({ status }) => status === "running");
  await session.cancel();
  assert.match((await running).text, /stopped/);
  assert.equal(session.state.name, "ready");
  await call("run", { command: "echo on" });
  assert.equal(session.turn, 2);
});

test("a call that the editor cancels ends its command alone", async (t) => {
  const { told, call } = await opened(t);
  const stop = new AbortController();
  const running = call("run", { command: "sleep 60" }, stop.signal);
  const other = call("run", { command: "sleep 1; echo done" });
  await told.untilRow(({ asked, status }) => asked === "sleep 60" && status === "running");
  stop.abort();
  await running;
  assert.match((await other).text, /done/);
});

test("it takes no prompts, is told nothing and asked for no second try; closing it ends its calls", async (t) => {
  const { told, session, call } = await opened(t);
  const [held] = told.of("session.held");
  assert.equal(held?.problem?.code, "session.of-editor");
  await assert.rejects(session.prompt("go"), { code: "session.of-editor" });
  assert.equal(session.again.allowed("c1"), false);
  const running = call("run", { command: "sleep 60" });
  await told.untilRow(({ status }) => status === "running");
  await session.close();
  await running;
  assert.match((await call("run", { command: "echo" })).text, /^interlock: The session was closed\./);
});

test("a server that the editor starts is of the same session, as often as it does", async (t) => {
  const { told, session } = await opened(t);
  for (let round = 0; round < 2; round += 1) {
    const relay = await session.tools.forEditor();
    assert.ok(relay);
    const env = Object.entries(relay.env).map(([name, value]) => ({ name, value }));
    const client = new McpClient(t, { name: "interlock", ...relay, args: [...relay.args], env });
    await client.initialize();
    assert.match((await client.call("run", { command: "echo by the server" })).text, /by the server/);
    await client.end();
  }
  assert.deepEqual([told.rows().length, session.turn], [2, 1]);
});

test("nothing is begun where the session can't begin a turn", async () => {
  const link = new EditorLink(() => Promise.reject(new Error("not ready")));
  await assert.rejects(
    link.during(() => Promise.resolve()),
    /not ready/,
  );
});

test("a turn ends when no call has come for a while, and a call that waits meanwhile begins the next", async () => {
  let turns = 0;
  const link: EditorLink = new EditorLink(async () => {
    turns += 1;
    await link.prompt();
  }, 20);
  await link.during(() => Promise.resolve());
  await link.during(() => Promise.resolve());
  assert.equal(turns, 1);
  await new Promise((resolve) => setTimeout(resolve, 60));
  await link.during(() => Promise.resolve());
  assert.equal(turns, 2);
  await link.close();
  await assert.rejects(
    link.during(() => Promise.resolve()),
    { code: "session.closed" },
  );
});

test("a call whose turn is stopped before it began is not run by another one", async () => {
  let turns = 0;
  const link = new EditorLink(async () => {
    turns += 1;
    await Promise.resolve();
  });
  const calls = [link.during(() => Promise.resolve()), link.during(() => Promise.resolve())];
  for (const call of calls) await assert.rejects(call, { code: "turn.stopped" });
  assert.equal(turns, 1);
});
