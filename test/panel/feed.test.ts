import assert from "node:assert/strict";
import { test } from "node:test";
import { Conversation } from "../../extension/panel/conversation.ts";
import { hostMessage, SNAPSHOT_ROWS, type HostMessage } from "../../extension/panel/protocol.ts";
import { approval, fixture, message } from "./events.ts";

type Patch = Extract<HostMessage, { type: "patch" }>;
type Snapshot = Extract<HostMessage, { type: "snapshot" }>;

const patches = (sent: readonly HostMessage[]) => sent.filter((one): one is Patch => one.type === "patch");
const snapshots = (sent: readonly HostMessage[]) =>
  sent.filter((one): one is Snapshot => one.type === "snapshot");

function shown() {
  const room = fixture();
  room.feed.show(room.conversation);
  room.feed.ready();
  return room;
}

test("a page gets nothing before it is ready, then one snapshot", () => {
  const room = fixture();
  room.feed.show(room.conversation);
  room.apply(message("m1", "Hello"));
  assert.equal(room.sent.length, 0);
  room.feed.ready();
  assert.deepEqual(
    room.sent.map((one) => one.type),
    ["snapshot"],
  );
});

test("a thousand chunks in one tick make one patch with one operation", () => {
  const room = shown();
  room.apply(message("m1", "start "));
  room.timer.tick();
  for (let chunk = 0; chunk < 1_000; chunk += 1) room.apply(message("m1", "x"));
  assert.equal(patches(room.sent).length, 1);
  room.timer.tick();
  const [, second] = patches(room.sent);
  assert.deepEqual(second?.ops, [{ op: "text", index: 0, text: "x".repeat(1_000) }]);
});

test("nothing ticks while nothing changes", () => {
  const room = shown();
  assert.equal(room.timer.armed, false);
  room.apply(message("m1", "a"));
  assert.equal(room.timer.armed, true);
  room.timer.tick();
  assert.equal(room.timer.armed, false);
});

test("patches are numbered without a gap, on from the snapshot", () => {
  const room = shown();
  for (const text of ["a", "b", "c"]) {
    room.apply(message("m1", text));
    room.timer.tick();
  }
  assert.deepEqual(
    room.sent.map((one) => ("n" in one ? one.n : undefined)),
    [1, 2, 3, 4],
  );
});

test("a row that was opened and appended to in one tick is sent once, whole", () => {
  const room = shown();
  room.apply(message("m1", "a"), message("m1", "b"));
  room.timer.tick();
  const [patch] = patches(room.sent);
  assert.equal(patch?.ops.length, 1);
  assert.equal(patch?.ops[0]?.op, "row");
});

test("a snapshot is bounded in rows, and says which ones it holds", () => {
  const room = fixture();
  for (let index = 0; index < SNAPSHOT_ROWS + 50; index += 1) room.apply(message(`m${index}`, "text"));
  room.feed.show(room.conversation);
  room.feed.ready();
  const [snapshot] = snapshots(room.sent);
  assert.deepEqual(
    [snapshot?.view.first, snapshot?.view.rows.length, snapshot?.view.total],
    [50, SNAPSHOT_ROWS, SNAPSHOT_ROWS + 50],
  );
});

test("a snapshot is bounded in characters too", () => {
  const room = fixture();
  for (let index = 0; index < 20; index += 1) room.apply(message(`m${index}`, "x".repeat(200_000)));
  room.feed.show(room.conversation);
  room.feed.ready();
  assert.ok(JSON.stringify(room.sent[0]).length < 1_200_000);
  assert.equal(snapshots(room.sent)[0]?.view.total, 20);
});

test("hiding stops the patches; showing again brings one snapshot with all that happened", () => {
  const room = shown();
  room.feed.hide();
  room.apply(message("m1", "while hidden"));
  assert.equal(room.timer.armed, false);
  assert.equal(room.sent.length, 1);
  room.feed.ready();
  const last = snapshots(room.sent).at(-1);
  assert.equal(last?.view.rows.length, 1);
});

test("another conversation is shown by a new snapshot, and the first one is silent from then on", () => {
  const room = shown();
  const other = new Conversation("s2", []);
  room.feed.show(other);
  room.apply(message("m1", "to the first"));
  assert.equal(room.timer.armed, false);
  assert.equal(snapshots(room.sent).at(-1)?.view.header?.session, "s2");
});

test("older rows come by range, and a range never repeats in the patch that follows", () => {
  const room = shown();
  for (let index = 0; index < 30; index += 1) room.apply(message(`m${index}`, "text"));
  room.apply(message("m29", " and more"));
  room.feed.range({ type: "getRange", request: 7, direction: "older", at: 30, count: 10 });
  room.timer.tick();
  assert.deepEqual(
    room.sent.map((one) => one.type),
    ["snapshot", "patch", "range"],
  );
  const range = room.sent.at(-1);
  assert.ok(range?.type === "range");
  assert.deepEqual([range.rows[0]?.index, range.rows.length, range.more, range.request], [20, 10, true, 7]);
});

test("the log's range counts calls that match, in both directions", () => {
  const room = shown();
  for (let index = 0; index < 100; index += 1) {
    const kind = index % 10 === 0 ? "edit" : "command";
    room.apply({ type: "call", turn: 1, call: `c${index}`, patch: { kind, title: `title ${index}` } });
  }
  const filter = { kinds: ["edit" as const], verdicts: [], text: "" };
  room.feed.range({ type: "getRange", request: 1, direction: "older", at: 100, count: 3, filter });
  room.feed.range({ type: "getRange", request: 2, direction: "newer", at: 71, count: 5, filter });
  const ranges = room.sent.filter((one) => one.type === "range");
  assert.deepEqual(
    ranges.map((range) => [range.rows.map((row) => row.index), range.more]),
    [
      [[70, 80, 90], true],
      [[80, 90], false],
    ],
  );
});

test("details carry input, output and a unified diff, bounded", async () => {
  const room = fixture(() => ({
    input: '{"a":1}',
    output: "o".repeat(100_000),
    dropped: 5,
    diffs: [{ path: "/x", added: 1, removed: 1, oldText: "a\nb\n", newText: "a\nc\n" }],
  }));
  room.feed.show(room.conversation);
  room.feed.ready();
  room.apply({ type: "call", turn: 1, call: "a", patch: { title: "x" } });
  await room.feed.details("c:a");
  const details = room.sent.at(-1);
  assert.ok(details?.type === "details");
  assert.equal(details.output.length + details.outputDropped, 100_005);
  assert.equal(details.diff, "@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
});

test("everything that is sent is a message that the page understands", async () => {
  const room = shown();
  room.apply(
    { type: "session.opened", agent: { id: "a", name: "Agent" }, cwd: "/projects/sample" },
    { type: "session.state", state: { name: "starting", waitsFor: "its first answer" } },
    { type: "session.commands", commands: [{ name: "test", description: "Runs the tests" }] },
    { type: "session.usage", used: 10, size: 100 },
    { type: "turn.started", turn: 1, prompt: "go" },
    message("t", "Hm", "thought"),
    { type: "plan", turn: 1, entries: [{ text: "one", status: "pending" }] },
    { type: "call", turn: 1, call: "a", patch: { doorways: ["terminal"], status: "held" } },
    { type: "approval.opened", approval: approval("p1", "a") },
    { type: "output", call: "a", text: "out" },
    {
      type: "gate",
      report: { gate: "lint", state: "passed", findings: 0, tools: ["ruff 0.17"], at: 5, ms: 5 },
    },
    { type: "notice", level: "warning", problem: { code: "x.y", message: "m", next: "n" } },
    { type: "turn.ended", turn: 1, stop: "end_turn", ms: 5 },
  );
  room.feed.banners([{ id: "b", level: "info", problem: { code: "b", message: "m", next: "n" } }]);
  room.timer.tick();
  room.feed.range({ type: "getRange", request: 1, direction: "older", at: 3, count: 5 });
  await room.feed.details("c:a");
  room.feed.reveal("prompt");
  assert.equal(room.sent.length, 5);
  for (const sent of room.sent) hostMessage.parse(sent);
});

test("a key's answer goes to the page that shows a card, after the card", () => {
  const room = fixture();
  assert.equal(room.feed.answer("reject"), false);
  room.feed.show(room.conversation);
  room.feed.ready();
  assert.equal(room.feed.answer("reject"), false);
  room.apply({ type: "approval.opened", approval: approval("p1", "run") });
  assert.equal(room.feed.answer("reject"), true);
  assert.deepEqual(
    room.sent.slice(-2).map(({ type }) => type),
    ["patch", "answer"],
  );
  room.feed.hide();
  assert.equal(room.feed.answer("reject"), false);
});

test("the queue holds what waits before what is over, and the shown session before the others", () => {
  const room = fixture();
  room.feed.show(room.conversation);
  room.feed.ready();
  room.apply(
    { type: "approval.opened", approval: approval("over", "c1") },
    { type: "approval.settled", approval: "over", settlement: { choice: "reject", by: "gave-up" } },
    { type: "approval.opened", approval: approval("own", "c2") },
  );
  const [own] = room.conversation.approvals;
  assert.ok(own);
  room.feed.others([{ ...own, id: "other", session: "s2" }]);
  room.timer.tick();
  const last = room.sent.at(-1);
  const queue = last?.type === "patch" ? last.ops.find((op) => op.op === "approvals")?.approvals : [];
  assert.deepEqual(
    queue?.map(({ id }) => id),
    ["own", "other", "over"],
  );
});

test("a key answers a card of another session too, and none that is over", () => {
  const room = fixture();
  room.feed.show(room.conversation);
  room.feed.ready();
  assert.equal(room.feed.answer("reject"), false);
  room.apply({ type: "approval.opened", approval: approval("p1", "c1") });
  const [card] = room.conversation.approvals;
  assert.ok(card);
  room.apply({ type: "approval.settled", approval: "p1", settlement: { choice: "reject", by: "gave-up" } });
  assert.equal(room.feed.answer("reject"), false);
  room.feed.others([{ ...card, session: "s2" }]);
  assert.equal(room.feed.answer("reject"), true);
});
