import assert from "node:assert/strict";
import { test } from "node:test";
import type { HostMessage, Op, Row, View } from "../../extension/panel/protocol.ts";
import { emptyCall } from "../../extension/panel/callrow.ts";
import { choicesFor, complete } from "../../webview/completion.ts";
import { AnswerGuard, DEAD_MS } from "../../webview/guard.ts";
import { Pager } from "../../webview/pager.ts";
import { Store } from "../../webview/store.ts";
import { RowWindow, WINDOW_ROWS } from "../../webview/window.ts";

const row = (index: number, text = "text"): Row => ({ type: "agent", id: `m:${index}`, at: 0, text });

function call(index: number, kind: "command" | "edit" = "command"): Row {
  return {
    type: "call",
    id: `c:${index}`,
    at: 0,
    call: { ...emptyCall(), kind, title: `call ${index}`, status: "done" },
  };
}

function snapshot(n: number, rows: Row[], total = rows.length): Extract<HostMessage, { type: "snapshot" }> {
  const view: View = {
    place: "session",
    header: { session: "s", agent: "A", state: "ready", stderr: [], since: 0 },
    approvals: [],
    gates: [],
    plan: [],
    commands: [],
    banners: [],
    projects: [],
    first: total - rows.length,
    rows,
    total,
  };
  return { type: "snapshot", v: 1, n, view };
}

const patch = (n: number, ...ops: Op[]) => ({ type: "patch" as const, n, ops });

void test("patches that follow each other are applied, and tell which parts changed", () => {
  const store = new Store();
  store.apply(snapshot(1, [row(0, "a")]));
  const parts = store.apply(
    patch(2, { op: "text", index: 0, text: "b" }, { op: "row", index: 1, row: row(1) }),
  );
  assert.deepEqual(parts, new Set(["rows"]));
  assert.deepEqual(
    store.conversation.entries.map((entry) => "text" in entry.row && entry.row.text),
    ["ab", "text"],
  );
  assert.equal(store.total, 2);
});

void test("a gap in the numbers asks for a snapshot, and nothing is applied until it is there", () => {
  const store = new Store();
  store.apply(snapshot(1, [row(0, "a")]));
  assert.equal(store.apply(patch(3, { op: "text", index: 0, text: "lost" })), "gap");
  assert.deepEqual(store.apply(patch(4, { op: "text", index: 0, text: "later" })), new Set());
  store.apply(snapshot(5, [row(0, "whole")]));
  assert.equal(store.apply(patch(6, { op: "text", index: 0, text: "!" })) === "gap", false);
  const [entry] = store.conversation.entries;
  assert.equal(entry?.row.type === "agent" && entry.row.text, "whole!");
});

void test("a window that follows the tail stays bounded, and knows that there are older rows", () => {
  const window = new RowWindow();
  for (let index = 0; index < 5_000; index += 1) window.apply({ op: "row", index, row: row(index) });
  assert.ok(window.entries.length <= WINDOW_ROWS + 100);
  assert.equal(window.entries.at(-1)?.index, 4_999);
  assert.deepEqual([window.older, window.tail], [true, true]);
});

void test("a window that is read keeps its rows, and only counts what comes", () => {
  const window = new RowWindow();
  for (let index = 0; index < 100; index += 1) window.apply({ op: "row", index, row: row(index) });
  window.following = false;
  for (let index = 100; index < 5_000; index += 1) window.apply({ op: "row", index, row: row(index) });
  assert.equal(window.entries[0]?.index, 0);
  assert.equal(window.tail, false);
  assert.equal(window.arrived, 5_000);
  assert.ok(window.entries.length <= WINDOW_ROWS + 100);
});

void test("older rows push out the newest, and newer ones bring the tail back", () => {
  const window = new RowWindow();
  const rows = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => ({ index: from + at, row: row(from + at) }));
  window.reset(rows(600, 1_000), true);
  window.extend("older", rows(500, 600), true);
  assert.deepEqual([window.entries[0]?.index, window.entries.length, window.tail], [500, WINDOW_ROWS, false]);
  window.extend("newer", rows(900, 1_000), false);
  assert.deepEqual([window.entries.at(-1)?.index, window.tail, window.older], [999, true, true]);
});

void test("a filtered window takes only calls that match, in the order of their indices", () => {
  const window = new RowWindow({ kinds: ["edit"], verdicts: [], text: "" });
  window.apply({ op: "row", index: 0, row: row(0) });
  window.apply({ op: "row", index: 1, row: call(1) });
  window.apply({ op: "row", index: 2, row: call(2, "edit") });
  window.apply({ op: "row", index: 1, row: call(1, "edit") });
  assert.deepEqual(
    window.entries.map((entry) => entry.index),
    [1, 2],
  );
});

void test("a range that nobody waits for any more is dropped", () => {
  const asked: { request: number }[] = [];
  const pager = new Pager((intent) => {
    if (intent.type === "getRange") asked.push(intent);
  });
  const window = new RowWindow();
  pager.end(window);
  pager.end(window);
  assert.equal(asked.length, 1);
  pager.forget();
  const request = asked[0]?.request ?? 0;
  assert.equal(
    pager.answer({ type: "range", request, rows: [{ index: 0, row: row(0) }], more: false }),
    undefined,
  );
  assert.equal(window.entries.length, 0);
});

void test("details are asked for once in each state of a call, and the oldest are forgotten", () => {
  const store = new Store();
  assert.equal(store.lacksDetails("c:1", "running"), true);
  assert.equal(store.lacksDetails("c:1", "running"), false);
  assert.equal(store.lacksDetails("c:1", "done"), true);
  for (let at = 0; at < 50; at += 1) {
    store.keepDetails({ type: "details", row: `c:${at}`, output: "", outputDropped: 0, diff: "" });
  }
  assert.equal(store.details.size, 20);
  assert.equal(store.details.has("c:49"), true);
});

void test("a card takes no answer for half a second after it appears or changes", () => {
  const guard = new AnswerGuard();
  assert.equal(guard.shows("a", 1_000), true);
  assert.equal(guard.open(1_000 + DEAD_MS - 1), false);
  assert.equal(guard.open(1_000 + DEAD_MS), true);
  assert.equal(guard.shows("a", 2_000), false);
  assert.equal(guard.open(2_000), true);
  guard.shows("b", 3_000);
  assert.equal(guard.open(3_001), false);
});

void test("a card takes no answer while a key is held that went down before it could be answered", () => {
  const guard = new AnswerGuard();
  guard.keyDown("Enter", 900);
  guard.shows("a", 1_000);
  assert.equal(guard.open(5_000), false);
  guard.keyUp("Enter");
  assert.equal(guard.open(5_000), true);
  guard.keyDown("Enter", 5_001);
  assert.equal(guard.open(5_002), true);
});

void test("commands are offered while the first word of a draft is a slash and a name", () => {
  const commands = [
    { name: "test", description: "" },
    { name: "add", description: "" },
    { name: "latest", description: "" },
  ];
  const names = (draft: string, caret = draft.length) =>
    choicesFor(commands, draft, caret).map((one) => one.name);
  assert.deepEqual(names("/"), ["test", "add", "latest"]);
  assert.deepEqual(names("/te"), ["test", "latest"]);
  assert.deepEqual(names("/add x"), []);
  assert.deepEqual(names("say /te"), []);
  assert.deepEqual(complete({ name: "add", description: "" }, "/a rich", 2), {
    draft: "/add rich",
    caret: 5,
  });
});
