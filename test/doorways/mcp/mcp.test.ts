import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { OWN_TOOLS } from "../../../extension/doorways/mcp/ownTools.ts";
import { McpClient, resultOf } from "../../harness/mcp.ts";
import { openSession } from "../../sessions/support/session.ts";
import { handed, reach } from "./support.ts";

test("an agent is handed the server, greets it, and that is told", async (t) => {
  const { opened, client } = await reach(t);
  assert.deepEqual(
    opened.of("session.tools").map(({ state, client: name }) => [state, name]),
    [
      ["offered", undefined],
      ["reached", "tester 1.0"],
    ],
  );
  const [greeting] = client.heard;
  assert.equal(greeting?.result?.["protocolVersion"], "2025-06-18");
  const instructions = String(greeting?.result?.["instructions"]);
  assert.equal(instructions.match(/[.!?](\s|$)/g)?.length, 3, instructions);
  const { result } = await client.request("tools/list");
  const tools = result?.["tools"] as { name: string; inputSchema: { type: string } }[];
  assert.deepEqual(
    tools.map(({ name }) => name),
    [...OWN_TOOLS],
  );
  assert.ok(tools.every(({ inputSchema }) => inputSchema.type === "object"));
});

test("an agent that never contacts it, and a session that hands none", async (t) => {
  const silent = await openSession(t, {}, { mcp: true });
  assert.deepEqual(
    silent.of("session.tools").map(({ state }) => state),
    ["offered"],
  );
  const without = await openSession(t);
  assert.deepEqual(handed(without), []);
  assert.deepEqual(without.of("session.tools"), []);
});

test("a command runs through Interlock, is a row and a record", async (t) => {
  const { opened, client } = await reach(t);
  const answer = await client.call("run", { command: "echo hello; exit 3" });
  assert.equal(answer.isError, false);
  assert.match(answer.text, /^exit 3 · [\d.]+ s\nhello$/);
  assert.equal(answer.data["exit"], 3);
  const row = opened.row();
  assert.deepEqual(
    [row.asked, row.status, row.exit, row.doorways],
    ["echo hello; exit 3", "failed", 3, ["mcp"]],
  );
  assert.equal(opened.output(row.id), "hello\n");
  const records = (await opened.records()).filter(({ doorway }) => doorway === "mcp");
  assert.deepEqual(
    records.map(({ phase, enforcement, exit }) => [phase, enforcement, exit]),
    [
      ["decision", "through", null],
      ["effect", "through", 3],
    ],
  );
});

test("what would lose work is held, and runs once the person says yes", async (t) => {
  const { opened, client, project } = await reach(t);
  await writeFile(join(project, "a.txt"), "mine\n");
  const id = client.send("tools/call", { name: "run", arguments: { command: "git reset --hard" } });
  const { approval } = await opened.until("approval.opened");
  assert.equal(await readFile(join(project, "a.txt"), "utf8"), "mine\n");
  opened.approvals.settle(approval.id, "allow-once", "person");
  const { text } = resultOf(await client.answer(id));
  assert.match(text, /^exit 0 /);
  assert.equal(await readFile(join(project, "a.txt"), "utf8"), "one\n");
  assert.equal(opened.row().answeredBy, "person");
  const { text: points } = await client.call("restore_points");
  assert.match(points, /before “git reset --hard”/);
});

test("a no comes back with what to do instead, and nothing ran", async (t) => {
  const { opened, client, project } = await reach(t, { answer: "reject" });
  await writeFile(join(project, "a.txt"), "mine\n");
  const { isError, text, data } = await client.call("run", { command: "git reset --hard" });
  assert.equal(isError, true);
  assert.match(text, /^interlock: /);
  assert.ok(typeof data["error"] === "string");
  assert.equal(await readFile(join(project, "a.txt"), "utf8"), "mine\n");
  assert.deepEqual([opened.row().status, opened.row().doorways], ["rejected", ["mcp"]]);
});

test("a command that a person changed is run as they wrote it, and the agent is told", async (t) => {
  const { opened, client, project } = await reach(t);
  await writeFile(join(project, "a.txt"), "mine\n");
  const id = client.send("tools/call", { name: "run", arguments: { command: "git reset --hard" } });
  const { approval } = await opened.until("approval.opened");
  opened.approvals.settle(approval.id, "edit", "person", "git stash push");
  const { text } = resultOf(await client.answer(id));
  assert.match(text, /git stash push/);
});

test("a route is followed, and named in the answer unless a person has switched that off", async (t) => {
  for (const tellsRoute of [true, false]) {
    const { client } = await reach(t, {
      tellsRoute,
      route: (line) =>
        line === "pytest -q"
          ? { kind: "same", rule: "test", from: line, to: "echo routed", reason: "so it is" }
          : null,
    });
    const { text, data } = await client.call("run", { command: "pytest -q" });
    const told = text.replace(/exit 0 · [\d.]+ s/, "ended");
    assert.equal(told, `${tellsRoute ? "interlock: pytest -q -> echo routed\n" : ""}ended\nrouted`);
    assert.equal(data["ran"], tellsRoute ? "echo routed" : undefined);
  }
});

test("a long output is returned by its end, with the way to more", async (t) => {
  const { client } = await reach(t);
  const { text, data } = await client.call("run", { command: "seq 1 500", lines: 2 });
  assert.match(text, /\n… 498 lines before; for more: "lines": 2000\n499\n500$/);
  assert.equal(data["leftOut"], 498);
});

test("cancelling ends the process and has no answer", async (t) => {
  const { opened, client } = await reach(t);
  const id = client.send("tools/call", { name: "run", arguments: { command: "echo on; exec sleep 60" } });
  await opened.untilRow(({ status }) => status === "running");
  client.notify("notifications/cancelled", { requestId: id, reason: "enough" });
  const row = await opened.untilRow(({ status }) => status === "cancelled");
  assert.equal(row.signal, "SIGTERM");
  await client.request("ping");
  assert.equal(
    client.heard.some((message) => message.id === id),
    false,
  );
});

test("cancelling withdraws what waits for a person", async (t) => {
  const { opened, client, project } = await reach(t);
  await writeFile(join(project, "a.txt"), "mine\n");
  const id = client.send("tools/call", { name: "run", arguments: { command: "git reset --hard" } });
  await opened.until("approval.opened");
  client.notify("notifications/cancelled", { requestId: id });
  await opened.until("approval.settled");
  await opened.untilRow(({ status }) => status === "cancelled");
  assert.equal(await readFile(join(project, "a.txt"), "utf8"), "mine\n");
});

test("an agent that goes away takes what it asked for with it", async (t) => {
  const { opened, client, project } = await reach(t);
  await writeFile(join(project, "a.txt"), "mine\n");
  client.send("tools/call", { name: "run", arguments: { command: "git reset --hard" } });
  await opened.until("approval.opened");
  await client.end();
  await opened.until("approval.settled");
  await opened.untilRow(({ status }) => status === "cancelled");
});

test("a person who stops the turn ends what runs, and the agent is told", async (t) => {
  const { opened, client } = await reach(t);
  const id = client.send("tools/call", { name: "run", arguments: { command: "exec sleep 60" } });
  await opened.untilRow(({ status }) => status === "running");
  await opened.session.cancel();
  const { text, isError } = resultOf(await client.answer(id));
  assert.match(text, /^stopped by the person/);
  assert.equal(isError, true);
});

test("progress is told where it is wanted: what it waits for, and its last line", async (t) => {
  const { opened, client, project } = await reach(t);
  await writeFile(join(project, "a.txt"), "mine\n");
  const call = { name: "run", arguments: { command: "git reset --hard && echo working && sleep 2.5" } };
  const id = client.send("tools/call", { ...call, _meta: { progressToken: "p" } });
  const { approval } = await opened.until("approval.opened");
  const waiting = await client.until(({ method }) => method === "notifications/progress");
  assert.equal(waiting.params?.["progressToken"], "p");
  assert.match(String(waiting.params?.["message"]), /person/);
  opened.approvals.settle(approval.id, "allow-once", "person");
  await client.until(({ params }) => params?.["message"] === "working");
  await client.answer(id);
  const steps = client.heard.flatMap(({ params }) => params?.["progress"] ?? []) as number[];
  assert.deepEqual(
    steps,
    steps.toSorted((one, other) => one - other),
  );
  assert.equal(new Set(steps).size, steps.length);
});

test("a command that takes too long is ended", async (t) => {
  const { client } = await reach(t);
  const { text, isError } = await client.call("run", { command: "exec sleep 60", timeout_seconds: 1 });
  assert.match(text, /^ended, it took too long/);
  assert.equal(isError, true);
});

test("input that doesn't fit is answered with what does", async (t) => {
  const { opened, client } = await reach(t);
  const empty = await client.call("run", {});
  assert.equal(empty.isError, true);
  assert.match(empty.text, /run was not called, its arguments don't fit: command: /);
  const extra = await client.call("gates", { session: "another" });
  assert.match(extra.text, /don't fit/);
  const option = await client.call("add_dependency", { packages: ["--index-url=x"] });
  assert.match(option.text, /packages\.0: a package, such as/);
  const errors = [
    await client.request("tools/call", { name: "approve", arguments: {} }),
    await client.request("tools/call", {}),
    await client.request("sessions/list"),
    await client.request("server/discover"),
  ];
  assert.deepEqual(
    errors.map(({ error }) => error?.code),
    [-32_602, -32_602, -32_601, -32_601],
  );
  client.write("rubbish");
  client.write('{"jsonrpc":"1.0","id":"x","method":"ping"}');
  client.write("[]");
  const broken = async (code: number, id: unknown): Promise<unknown> =>
    client.until((message) => message.error?.code === code && message.id === id);
  await Promise.all([broken(-32_700, null), broken(-32_600, "x"), broken(-32_600, null)]);
  const gone = await client.call("run", { command: "ls", cwd: "/nowhere/at/all" });
  assert.match(gone.text, /There is no folder/);
  assert.deepEqual(opened.rows(), []);
});

test("a wrong token is refused, and so is one of another session", async (t) => {
  const { opened } = await reach(t);
  const other = await reach(t);
  const [server] = handed(opened);
  const [theirs] = handed(other.opened);
  assert.ok(server && theirs);
  const token = theirs.env.find(({ name }) => name === "INTERLOCK_MCP_TOKEN")?.value ?? "";
  for (const wrong of ["", "x", token]) {
    const stranger = new McpClient(t, server, { INTERLOCK_MCP_TOKEN: wrong });
    const { error } = await stranger.request("tools/call", { name: "run", arguments: { command: "ls" } });
    assert.match(error?.message ?? "", /belongs to another session/);
  }
  assert.deepEqual(opened.rows(), []);
});

test("when the host is gone what waits is answered, and so is what is still asked", async (t) => {
  const { opened, client } = await reach(t);
  const waiting = client.send("tools/call", { name: "run", arguments: { command: "exec sleep 60" } });
  await opened.untilRow(({ status }) => status === "running");
  await opened.session.close();
  const first = await client.answer(waiting);
  assert.ok(first.error?.message.includes("not there any more") || first.result?.["isError"] === true);
  const next = await client.request("tools/call", { name: "run", arguments: { command: "ls" } });
  assert.deepEqual(
    [next.error?.code, next.error?.message],
    [-32_010, "interlock: Interlock is not there any more, so nothing was run."],
  );
});

test("an agent that crashed leaves nobody to ask: what it asked for is given up, and nothing more comes", async (t) => {
  const { opened, client, project } = await reach(t, { steps: [{ sleep: 1_500 }, { exit: 3 }] });
  await writeFile(join(project, "a.txt"), "mine\n");
  const id = client.send("tools/call", { name: "run", arguments: { command: "git reset --hard" } });
  await opened.until("approval.opened");
  await opened.until("session.state", ({ state }) => state.name === "crashed");
  await client.answer(id);
  const next = await client.request("tools/call", {
    name: "run",
    arguments: { command: "git reset --hard" },
  });
  assert.equal(next.error?.code, -32_010);
  assert.equal(opened.of("approval.opened").length, 1);
  assert.equal(await readFile(join(project, "a.txt"), "utf8"), "mine\n");
});
