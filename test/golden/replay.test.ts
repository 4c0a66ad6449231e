import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test, type TestContext } from "node:test";

import { client, methods, ndJsonStream } from "@agentclientprotocol/sdk";
import type {
  RequestPermissionRequest,
  RequestPermissionResponse,
  SessionUpdate,
} from "@agentclientprotocol/sdk";

import { replay, transcript, type ReplayOptions } from "../harness/replay.ts";

const NAMES = readdirSync(new URL("transcripts/", import.meta.url))
  .filter((name) => name.endsWith(".jsonl"))
  .map((name) => name.replace(".jsonl", ""));

type Decide = (request: RequestPermissionRequest) => RequestPermissionResponse;

function choose(kind: string): Decide {
  return ({ options }) => {
    const option = options.find((each) => each.kind === kind);
    return option
      ? { outcome: { outcome: "selected", optionId: option.optionId } }
      : { outcome: { outcome: "cancelled" } };
  };
}

/** A client of the SDK, with a replayed agent at the other end. */
function connect(t: TestContext, name: string, decide = choose("allow_once"), options: ReplayOptions = {}) {
  const played = replay(transcript(name), options);
  const updates: SessionUpdate[] = [];
  const written: string[] = [];
  const connection = client({ name: "golden" })
    .onNotification(methods.client.session.update, ({ params }) => {
      updates.push(params.update);
    })
    .onRequest(methods.client.session.requestPermission, ({ params }) => decide(params))
    .onRequest(methods.client.fs.writeTextFile, ({ params }) => {
      written.push(params.path);
    })
    .onRequest(methods.client.fs.readTextFile, () => ({ content: "x = 1\n" }))
    .connect(ndJsonStream(played.stdin, played.stdout));
  t.after(() => connection.close());

  const converse = async (cwd = "/workspace") => {
    await connection.agent.request("initialize", { protocolVersion: 1 });
    const { sessionId } = await connection.agent.request("session/new", { cwd, mcpServers: [] });
    const answer = await connection.agent.request("session/prompt", { sessionId, prompt: [] });
    await played.done;
    // Some agents have more to say after the turn: the end of the stream comes after all of it.
    played.close();
    await connection.closed;
    return answer;
  };
  return { agent: connection.agent, converse, played, updates, written };
}

function recorded(name: string): readonly { dir: string; msg: Record<string, unknown> }[] {
  const lines = readFileSync(transcript(name), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as { dir: string; msg: Record<string, unknown> });
}

for (const name of NAMES) {
  test(`${name}: a client that only asks for a turn gets the whole recorded conversation`, async (t) => {
    const { converse, played, updates } = connect(t, name);
    const messages = recorded(name).filter(({ dir }) => dir === "agent->client");
    const ending = messages.map(({ msg }) => msg["result"] as { stopReason?: string } | undefined);
    assert.equal((await converse()).stopReason, ending.findLast((result) => result?.stopReason)?.stopReason);
    assert.equal(updates.length, messages.filter(({ msg }) => msg["method"] === "session/update").length);
    assert.deepEqual(played.unexpected, []);
    for (const { recorded, actual } of played.replies.filter(({ method }) => method.includes("permission"))) {
      assert.deepEqual(Object.keys(actual as object), Object.keys(recorded as object));
    }
  });
}

test("another answer than the recorded one can be seen, and the agent's requests reach the client", async (t) => {
  const { converse, played, written } = connect(t, "opencode.ask", choose("reject_once"));
  await converse();
  const first = played.replies[0];
  assert.equal(first?.method, "session/request_permission");
  assert.deepEqual(first.recorded, { outcome: { outcome: "selected", optionId: "once" } });
  assert.deepEqual(first.actual, { outcome: { outcome: "selected", optionId: "reject" } });
  assert.deepEqual(written, ["/workspace/app.py"]);
});

test("the recorded folder can be another one", async (t) => {
  const { converse, written } = connect(t, "opencode.ask", undefined, { workspace: String.raw`C:\a "b"` });
  await converse();
  assert.deepEqual(written, [String.raw`C:\a "b"/app.py`]);
});

test("a request that was not recorded is answered, so that the client goes on", async (t) => {
  const { agent, played } = connect(t, "codex.base");
  await agent.request("initialize", { protocolVersion: 1 });
  await assert.rejects(agent.request("session/list", {}), /not in this recording/);
  const { sessionId } = await agent.request("session/new", { cwd: "/workspace", mcpServers: [] });
  assert.deepEqual(await agent.request("session/set_mode", { sessionId, modeId: "read-only" }), {});
  assert.deepEqual(played.unexpected, ["session/list", "session/set_mode"]);
});

test("a client that stops short is told what was expected of it", async (t) => {
  const { agent, played } = connect(t, "codex.base", undefined, { patienceMs: 50 });
  await agent.request("initialize", { protocolVersion: 1 });
  await assert.rejects(played.done, /The client never sent session\/new \(line 3\)/);
});
