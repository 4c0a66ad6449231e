import assert from "node:assert/strict";
import { test } from "node:test";

import { type Call, Calls } from "../../extension/door/calls.ts";
import type { CallPatch, EventBody } from "../../extension/events/event.ts";

const CWD = "/project";

class Book {
  readonly events: EventBody[] = [];
  readonly ended: Call[] = [];
  turn = 1;
  readonly calls = new Calls(
    (event) => this.events.push(event),
    () => this.turn,
    (call) => this.ended.push(call),
  );

  announce(
    toolCallId: string,
    key?: string,
    more: { title?: string; titleKey?: string; begins?: boolean } = {},
  ): Call {
    const cwd = key === undefined ? undefined : CWD;
    return this.calls.announce({ toolCallId, begins: true, kind: "command", key, cwd, ...more });
  }

  sight(doorway: "terminal" | "permission" | "fs", key: string, toolCallId?: string, cwd = CWD): Call {
    return this.calls.sight({ doorway, kind: "command", title: key, key, cwd, toolCallId });
  }

  patches(call: Call): CallPatch[] {
    return this.events.flatMap((event) =>
      event.type === "call" && event.call === call.id ? [event.patch] : [],
    );
  }
}

test("an announced call and its sighting at a doorway are one call, known by the command", () => {
  const book = new Book();
  const announced = book.announce("a", "ls");
  assert.equal(book.sight("terminal", "ls"), announced);
});

test("a doorway may see a call before the agent names it", () => {
  const book = new Book();
  const seen = book.sight("terminal", "ls");
  assert.equal(book.announce("a", "ls"), seen);
  assert.equal(seen.toolCallId, "a");
});

test("a call whose command stands in its title alone is found by it, also among others", () => {
  const book = new Book();
  book.announce("a", undefined, { titleKey: "pwd" });
  const second = book.announce("b", undefined, { titleKey: "ls" });
  assert.equal(book.sight("terminal", "ls"), second);
});

test("a call that said nothing yet is taken for the command that comes, unless there are two of them", () => {
  const one = new Book();
  const only = one.announce("a");
  assert.equal(one.sight("terminal", "ls"), only);
  const two = new Book();
  const [a, b] = [two.announce("a"), two.announce("b")];
  assert.ok(![a, b].includes(two.sight("terminal", "ls")));
});

test("the folder tells two equal commands apart", () => {
  const book = new Book();
  const here = book.announce("a", "ls");
  assert.notEqual(book.sight("terminal", "ls", undefined, "/elsewhere"), here);
});

test("the same command twice in parallel is two calls, each with its own announcement", () => {
  const book = new Book();
  const [a, b] = [book.announce("a", "ls"), book.announce("b", "ls")];
  assert.deepEqual([book.sight("terminal", "ls"), book.sight("terminal", "ls")], [a, b]);
});

test("what waits for an answer at one doorway is not what another doorway sees meanwhile", () => {
  const book = new Book();
  const waiting = book.sight("permission", "ls", "a");
  const other = book.sight("terminal", "ls");
  assert.notEqual(other, waiting);
});

test("what a doorway answered is what the next doorway sees", () => {
  const book = new Book();
  const asked = book.sight("permission", "ls", "a");
  asked.inDoor = false;
  const ran = book.sight("terminal", "ls");
  assert.equal(ran, asked);
  assert.deepEqual(ran.doorways, ["permission", "terminal"]);
});

test("a later hint of the agent is better than an earlier one, but no hint beats what a doorway saw", () => {
  const book = new Book();
  const call = book.announce("a", "ls", { title: "Terminal" });
  book.announce("a", "ls -la", { title: "ls -la" });
  assert.deepEqual([call.key, call.title], ["ls -la", "ls -la"]);
  book.sight("terminal", "ls -la");
  book.announce("a", "rm x", { title: "rm x" });
  assert.deepEqual([call.key, call.title, call.kind], ["ls -la", "ls -la", "command"]);
});

test("what an agent says again is not told again", () => {
  const book = new Book();
  const call = book.announce("a", "ls", { title: "ls" });
  book.announce("a", "ls", { title: "ls" });
  book.calls.report(call, "in_progress");
  book.calls.report(call, "in_progress");
  assert.deepEqual(book.patches(call), [
    { kind: "command", title: "ls" },
    { doorways: ["observed"], status: "running" },
  ]);
});

test("a call that only the agent reports is seen, and one that was answered first is done", () => {
  const book = new Book();
  const seen = book.announce("a", "ls");
  book.calls.report(seen, "completed");
  assert.deepEqual([seen.status, seen.doorways], ["seen", ["observed"]]);
  const checked = book.sight("permission", "pwd", "b");
  checked.inDoor = false;
  book.calls.report(checked, "completed");
  assert.equal(checked.status, "done");
});

test("what the agent says of a call that Interlock runs changes nothing", () => {
  const book = new Book();
  const call = book.sight("terminal", "ls");
  for (const status of ["in_progress", "completed", "failed"] as const) book.calls.report(call, status);
  assert.equal(call.status, "pending");
});

test("reports after the end join their call and change nothing", () => {
  const book = new Book();
  const call = book.announce("a", "ls");
  book.calls.report(call, "completed");
  const told = book.events.length;
  assert.equal(book.announce("a", "ls", { begins: false }), call);
  book.calls.update(call, { status: "failed" });
  assert.equal(book.events.length, told);
  assert.deepEqual(book.ended, [call]);
});

test("a name that is used again in a later turn is another call, unless it only adds to the old one", () => {
  const book = new Book();
  const first = book.announce("call-1", "ls");
  book.calls.report(first, "completed");
  book.turn = 2;
  assert.equal(book.announce("call-1", "ls", { begins: false }), first);
  const second = book.announce("call-1", "pwd");
  assert.notEqual(second, first);
  assert.equal(book.announce("call-1", "pwd", { begins: false }), second, "now the name is the new one's");
});

test("asking again for what was rejected is another call", () => {
  const book = new Book();
  const first = book.sight("permission", "ls", "a");
  book.calls.update(first, { status: "rejected" });
  assert.notEqual(book.sight("permission", "ls", "a"), first);
});

test("the end of a turn cancels what was only announced, and leaves what a doorway has in hand", () => {
  const book = new Book();
  const announced = book.announce("a", "ls");
  const running = book.sight("terminal", "sleep");
  book.calls.endTurn();
  assert.deepEqual([announced.status, running.status], ["cancelled", "pending"]);
  book.calls.endAll();
  assert.equal(running.status, "cancelled");
});

test("an agent that is started anew counts its calls from one again", () => {
  const book = new Book();
  const first = book.announce("call-1", "ls");
  book.calls.report(first, "completed");
  book.calls.endAll();
  assert.notEqual(book.announce("call-1", "ls", { begins: false }), first);
});

test("a call is found by its name however many are open: none of the others is looked at", (t) => {
  const book = new Book();
  const first = book.announce("call-0", "ls 0");
  const looks = t.mock.method(book.calls, "open");
  for (let index = 1; index < 1_000; index += 1) book.announce(`call-${index}`, `ls ${index}`);
  assert.equal(book.calls.named("call-0"), first);
  assert.equal(book.sight("permission", "ls 0", "call-0"), first);
  assert.equal(looks.mock.callCount(), 0);
});

test("a name is its call's until that ends, also where a doorway saw the call first", () => {
  const book = new Book();
  const seen = book.sight("terminal", "ls");
  assert.equal(book.calls.named("a"), undefined);
  book.announce("a", "ls");
  assert.equal(book.calls.named("a"), seen);
  book.calls.update(seen, { status: "done" });
  assert.equal(book.calls.named("a"), undefined);
});

test("ended calls are remembered up to a bound", () => {
  const book = new Book();
  for (let index = 0; index < 1_100; index += 1) {
    book.calls.report(book.announce(`call-${index}`), "completed");
  }
  const latest = book.calls.open().length;
  assert.equal(latest, 0);
  assert.equal(book.announce("call-1099", undefined, { begins: false }).id, "c1100");
  assert.equal(book.announce("call-0", undefined, { begins: false }).id, "c1101");
});
