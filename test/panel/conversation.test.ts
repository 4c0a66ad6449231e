import assert from "node:assert/strict";
import { test } from "node:test";
import { ROW_OUTPUT_CHARACTERS, ROW_TEXT_CHARACTERS } from "../../extension/panel/bounds.ts";
import type { EventBody } from "../../extension/events/event.ts";
import type { CallRow, Row } from "../../extension/panel/protocol.ts";
import { Conversation } from "../../extension/panel/conversation.ts";
import { approval, EventSource, fixture, message, ROOT, SESSION } from "./events.ts";

function rowsOf({ conversation }: ReturnType<typeof fixture>): Row[] {
  return Array.from({ length: conversation.rows.total }, (_, index) => conversation.rows.at(index) as Row);
}

function callOf(room: ReturnType<typeof fixture>, id: string): CallRow {
  const row = rowsOf(room).find((row) => row.id === `c:${id}`);
  assert.ok(row?.type === "call");
  return row.call;
}

test("a prompt, a thought, a message and a call become rows in the order in which they happened", () => {
  const room = fixture();
  room.apply(
    { type: "turn.started", turn: 1, prompt: "make it stable" },
    message("t1", "Hm", "thought"),
    message("m1", "I'll look."),
    { type: "call", turn: 1, call: "a", patch: { kind: "command", title: "pytest -q" } },
  );
  assert.deepEqual(
    rowsOf(room).map((row) => row.type),
    ["user", "thought", "agent", "call"],
  );
});

test("a message event with a known id appends, also when something else came between", () => {
  const room = fixture();
  room.apply(message("m1", "One "), { type: "call", turn: 1, call: "a", patch: {} }, message("m1", "two."));
  const [first] = rowsOf(room);
  assert.equal(first?.type === "agent" && first.text, "One two.");
  assert.equal(room.conversation.rows.total, 2);
});

test("a thought gets its duration when something else follows, and not before", () => {
  const room = fixture();
  room.apply(message("t1", "a", "thought"), message("t1", "b", "thought"));
  assert.equal((rowsOf(room)[0] as { ms?: number }).ms, undefined);
  room.apply(message("m1", "Done."));
  assert.equal((rowsOf(room)[0] as { ms?: number }).ms, 2_000);
});

test("a route that is only shown is told beside what runs", () => {
  const room = fixture();
  const suggested = {
    kind: "same",
    rule: "uv.run",
    from: "pytest",
    to: "uv run pytest",
    reason: "uv.lock",
  } as const;
  room.apply({
    type: "call",
    turn: 1,
    call: "a",
    patch: { kind: "command", title: "pytest", asked: "pytest", run: "pytest", route: null, suggested },
  });
  const { run, wouldRun, routeRule, routeReason } = callOf(room, "a");
  assert.deepEqual([run, wouldRun, routeRule, routeReason], ["pytest", "uv run pytest", "uv.run", "uv.lock"]);
});

test("patches of a call change only what they name, and null clears", () => {
  const room = fixture();
  room.apply(
    {
      type: "call",
      turn: 1,
      call: "a",
      patch: { kind: "command", title: "pytest", exit: 1, cwd: `${ROOT}/api` },
    },
    { type: "call", turn: 1, call: "a", patch: { status: "done", exit: null } },
  );
  const call = callOf(room, "a");
  assert.deepEqual([call.title, call.status, call.cwd, call.exit], ["pytest", "done", "api", undefined]);
});

test("a call claims the strongest hand that reached it, and nothing before it was seen anywhere", () => {
  const room = fixture();
  room.apply({ type: "call", turn: 1, call: "a", patch: { title: "ls" } });
  assert.equal(callOf(room, "a").enforcement, undefined);
  room.apply({ type: "call", turn: 1, call: "a", patch: { doorways: ["observed", "permission"] } });
  assert.equal(callOf(room, "a").enforcement, "checked");
  room.apply({ type: "call", turn: 1, call: "a", patch: { doorways: ["observed", "permission", "shim"] } });
  assert.equal(callOf(room, "a").enforcement, "through");
});

test("a row keeps the last whole lines of its output and says that it was cut", () => {
  const room = fixture();
  room.apply({ type: "call", turn: 1, call: "a", patch: {} });
  for (let line = 0; line < 1_000; line += 1)
    room.apply({ type: "output", call: "a", text: `line ${line}\n` });
  const { output, outputCut } = callOf(room, "a");
  assert.ok(output.length <= ROW_OUTPUT_CHARACTERS);
  assert.match(output, /^line \d+\n/);
  assert.ok(output.endsWith("line 999\n"));
  assert.equal(outputCut, true);
});

test("a message beyond its bound is cut once, and says so", () => {
  const room = fixture();
  room.apply(message("m1", "x".repeat(ROW_TEXT_CHARACTERS - 1)), message("m1", "yz"), message("m1", "more"));
  const [row] = rowsOf(room);
  assert.ok(row?.type === "agent");
  assert.equal(row.text.length, ROW_TEXT_CHARACTERS);
  assert.equal(row.cut, true);
});

test("a turn's end sums the files that its calls really changed", () => {
  const room = fixture();
  const diffs = [{ path: `${ROOT}/a.py`, added: 3, removed: 1 }];
  room.apply(
    { type: "turn.started", turn: 1, prompt: "go" },
    { type: "call", turn: 1, call: "a", patch: { kind: "edit", status: "done", diffs } },
    { type: "call", turn: 1, call: "b", patch: { kind: "edit", status: "done", diffs } },
    { type: "call", turn: 1, call: "c", patch: { kind: "edit", status: "rejected", diffs } },
    { type: "turn.ended", turn: 1, stop: "end_turn", ms: 900 },
  );
  const last = rowsOf(room).at(-1);
  assert.ok(last?.type === "turn");
  assert.deepEqual([last.files, last.added, last.removed, last.calls], [1, 6, 2, 3]);
});

test("an approval stands while it is pending, with the row of its call and its folder in short", () => {
  const room = fixture();
  room.apply(
    { type: "session.opened", agent: { id: "builtin", name: "Helper" }, cwd: ROOT },
    { type: "approval.opened", approval: approval("p1", "a") },
  );
  const [card] = room.conversation.approvals;
  assert.deepEqual([card?.agent, card?.row, card?.cwd], ["Helper", "c:a", "api"]);
  room.apply({ type: "approval.settled", approval: "p1", settlement: { choice: "reject", by: "person" } });
  assert.deepEqual(room.conversation.approvals, []);
});

test("a crash shows its problem and last lines, and a restart takes them away", () => {
  const room = fixture();
  const problem = { code: "agent.crashed", message: "It stopped.", next: "Restart it.", cause: "secret" };
  const stderr = Array.from({ length: 50 }, (_, line) => `line ${line}`);
  room.apply({ type: "session.state", state: { name: "crashed", problem, stderr } });
  const { header } = room.conversation;
  assert.deepEqual(header.problem, { code: "agent.crashed", message: "It stopped.", next: "Restart it." });
  assert.equal(header.stderr.at(-1), "line 49");
  assert.equal(header.stderr.length, 20);
  room.apply({ type: "session.state", state: { name: "ready" } });
  assert.equal(room.conversation.header.problem, undefined);
});

test("no gate has a tick before it ran", () => {
  const room = fixture();
  assert.deepEqual(
    room.conversation.gates.map((chip) => [chip.gate, chip.state]),
    [
      ["lint", "unknown"],
      ["types", "unknown"],
      ["tests", "unknown"],
    ],
  );
});

test("a question that its agent stopped waiting for stays as a card until the next turn, and waits no more", () => {
  const room = fixture();
  room.apply(
    { type: "approval.opened", approval: approval("p1", "c1") },
    { type: "approval.opened", approval: approval("p2", "c2") },
    { type: "approval.settled", approval: "p1", settlement: { choice: "reject", by: "gave-up" } },
  );
  const ids = (cards: readonly { id: string }[]): string[] => cards.map(({ id }) => id);
  assert.deepEqual(ids(room.conversation.approvals), ["p2"]);
  assert.deepEqual(ids(room.conversation.cards), ["p1", "p2"]);
  room.conversation.dismiss("p2");
  assert.deepEqual(ids(room.conversation.cards), ["p1", "p2"], "what waits can't be dismissed");
  room.apply({ type: "turn.started", turn: 2, prompt: "go on" });
  assert.deepEqual(ids(room.conversation.cards), ["p2"]);
});

test("a second try that was asked for takes the card away, as does a person who has seen it", () => {
  const room = fixture();
  for (const n of [1, 2]) {
    room.apply(
      { type: "approval.opened", approval: approval(`p${n}`, `c${n}`) },
      { type: "approval.settled", approval: `p${n}`, settlement: { choice: "reject", by: "gave-up" } },
    );
  }
  const problem = { code: "told-to-retry", message: "It did not run.", next: "You told the agent." };
  room.apply({ type: "call", turn: 1, call: "c1", patch: { problem } });
  assert.deepEqual(
    room.conversation.cards.map(({ id }) => id),
    ["p2"],
  );
  room.conversation.dismiss("p2");
  assert.deepEqual(room.conversation.cards, []);
});

test("a plan that was carried out, or broken off, is left to its turn's row when the next prompt starts", () => {
  const plan = (turn: number, ...done: boolean[]): EventBody => ({
    type: "plan",
    turn,
    entries: done.map((each) => ({ text: "step", status: each ? "completed" : "pending" })),
  });
  const turnPlan = (room: ReturnType<typeof fixture>): unknown => {
    const row = rowsOf(room).findLast((each) => each.type === "turn");
    return row?.type === "turn" ? row.plan : undefined;
  };
  for (const [entries, stop, left] of [
    [[true, true], "end_turn", 0],
    [[true, false], "cancelled", 0],
    [[true, false], "failed", 0],
    // What is open may be what the next turn goes on with.
    [[true, false], "end_turn", 2],
  ] as const) {
    const room = fixture();
    room.apply({ type: "turn.started", turn: 1, prompt: "go" }, plan(1, ...entries));
    room.apply({ type: "turn.ended", turn: 1, stop, ms: 1 });
    assert.deepEqual(turnPlan(room), { done: entries.filter(Boolean).length, total: 2 });
    assert.equal(room.conversation.plan.length, 2, "it stays to be read until then");
    room.apply({ type: "turn.started", turn: 2, prompt: "on" });
    assert.equal(room.conversation.plan.length, left);
    room.apply({ type: "turn.ended", turn: 2, stop: "end_turn", ms: 1 });
    assert.equal(turnPlan(room), undefined, "it is no plan of that turn");
  }
});

test("a notice of a loss can be brought back, by what the host alone keeps of it", () => {
  const room = fixture();
  const loss = { root: ROOT, point: "p1", lossPoint: "p2", files: ["a.txt"] };
  const problem = { code: "restore.loss", message: "a.txt is gone.", next: "" };
  room.apply(
    { type: "notice", level: "error", problem, loss },
    { type: "notice", level: "warning", problem: { ...problem, code: "other" } },
  );
  const [lost, other] = rowsOf(room);
  assert.equal(lost?.type === "notice" && lost.restorable, true);
  assert.equal(other?.type === "notice" && other.restorable, undefined);
  assert.deepEqual(room.conversation.losses.of(lost?.id ?? ""), loss);
  assert.equal(room.conversation.losses.of(other?.id ?? ""), undefined);
});

test("the row of a loss says what was brought back of it and when, until that is undone", () => {
  const room = fixture();
  const loss = { root: ROOT, point: "p1", lossPoint: "p2", files: ["a.txt"] };
  const problem = { code: "restore.loss", message: "a.txt is gone.", next: "" };
  room.apply(
    { type: "notice", level: "error", problem, loss },
    { type: "notice", level: "error", problem, loss: { ...loss, lossPoint: "p3" } },
    { type: "loss.restored", loss, restored: { journal: "j1", files: 1 } },
  );
  const restored = () => rowsOf(room).map((row) => row.type === "notice" && row.restored?.files);
  assert.deepEqual(restored(), [1, undefined]);
  const [lost] = rowsOf(room);
  assert.equal(room.conversation.losses.undoableOf(lost?.id ?? ""), "j1");
  // Undone without its row, as by “Undo the Last Restore”.
  assert.deepEqual(room.conversation.losses.backBy("j1"), loss);
  assert.equal(room.conversation.losses.backBy("j2"), undefined);
  room.apply({ type: "loss.restored", loss, restored: null });
  assert.deepEqual(restored(), [undefined, undefined]);
  assert.equal(room.conversation.losses.undoableOf(lost?.id ?? ""), undefined);
  assert.equal(room.conversation.losses.backBy("j1"), undefined);
});

test("a card goes on saying what a point brings back, until no point could be kept", () => {
  const conversation = new Conversation(SESSION, [], () => ({ can: "all" }));
  const source = new EventSource();
  const asked = (id: string): string | undefined => {
    conversation.apply(source.make({ type: "approval.opened", approval: approval(id, id) }));
    return conversation.approvals.find((card) => card.id === id)?.undo?.can;
  };
  const notice = (code: string, more: object = {}): void => {
    const problem = { code, message: "Told.", next: "" };
    conversation.apply(source.make({ type: "notice", level: "error", problem, ...more }));
  };
  const loss = { root: ROOT, point: "p1", lossPoint: "p2", files: [] };
  notice("restore.loss", { loss });
  notice("beside.blind");
  assert.equal(asked("p1"), "all");
  notice("restore.slow");
  assert.equal(asked("p2"), undefined);
});

test("the command that was judged last is known whole, with its folder", () => {
  const room = fixture();
  assert.equal(room.conversation.lastCommand(), undefined);
  const line = `echo ${"x".repeat(20_000)}`;
  room.apply(
    { type: "call", turn: 1, call: "a", patch: { kind: "command", asked: line, cwd: `${ROOT}/api` } },
    { type: "call", turn: 1, call: "a", patch: { verdict: "ask", rule: "unclear.program" } },
    { type: "call", turn: 1, call: "b", patch: { kind: "edit", title: "a.txt", verdict: "allow" } },
  );
  assert.deepEqual(room.conversation.lastCommand(), { line, cwd: `${ROOT}/api` });
  assert.deepEqual(room.conversation.commandOf("a"), { line, cwd: `${ROOT}/api` });
});

test("a card names the commits and stash entries that would be lost, and not where they lie", () => {
  const room = fixture();
  const id = "a".repeat(40);
  const revisions = [{ kind: "commit", id, subject: "Export reports" } as const];
  const loss = { root: ROOT, files: [], fileCount: 0, commits: 2, stashes: 0, complete: true };
  const named = revisions.map((each) => ({ ...each, root: ROOT }));
  room.apply({
    type: "approval.opened",
    approval: { ...approval("p1", "run"), loss: { ...loss, revisions: named } },
  });
  const { root: _, ...told } = loss;
  assert.deepEqual(room.conversation.approvals[0]?.loss, { ...told, revisions });
});
