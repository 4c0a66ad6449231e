import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { OutputBudget } from "../../extension/doorways/terminal/outputBudget.ts";
import { OutputTail } from "../../extension/process/output.ts";

const BYTES = 256 * 1024;
const PIECE = 64 * 1024;

function terminal(budget: OutputBudget, text = "", limit = BYTES): OutputTail {
  const tail = new OutputTail(limit);
  budget.add(tail);
  if (text !== "") budget.push(tail, Buffer.from(text));
  return tail;
}

function finished(budget: OutputBudget, letter: string): OutputTail {
  const tail = terminal(budget, letter.repeat(PIECE));
  budget.finish(tail);
  return tail;
}

test("outputs that fit together are kept whole", () => {
  const budget = new OutputBudget(BYTES);
  const tails = ["a", "b", "c", "d"].map((letter) => finished(budget, letter));
  assert.deepEqual(
    tails.map((tail) => [tail.kept, tail.truncated]),
    Array.from({ length: 4 }, () => [PIECE, false]),
  );
});

test("beyond that the oldest that ended shrinks to its end, and says so", () => {
  const budget = new OutputBudget(BYTES);
  const running = terminal(budget, "r".repeat(PIECE));
  const [oldest, ...others] = ["a", "b", "c"].map((letter) => finished(budget, letter));
  const newest = terminal(budget, "x".repeat(1_000));
  assert.ok(oldest);
  assert.equal(oldest.truncated, true);
  assert.ok(oldest.kept < PIECE);
  assert.match(oldest.text(), /^a+$/);
  for (const tail of [running, ...others, newest]) assert.equal(tail.truncated, false);
});

test("hundreds of outputs that nobody releases stay within it", () => {
  const budget = new OutputBudget(BYTES);
  const tails = Array.from({ length: 500 }, (_, at) => finished(budget, String(at % 10)));
  const kept = tails.reduce((sum, tail) => sum + tail.kept, 0);
  assert.ok(kept <= BYTES, `${kept} bytes are kept`);
  const last = tails.at(-1);
  assert.deepEqual([last?.kept, last?.truncated], [PIECE, false], "the newest is whole");
});

test("commands that run and print without end stay within it together", () => {
  const budget = new OutputBudget(BYTES);
  const tails = Array.from({ length: 40 }, () => terminal(budget));
  for (let round = 0; round < 5; round += 1) {
    for (const tail of tails) budget.push(tail, Buffer.alloc(PIECE / 4, "x"));
  }
  const kept = tails.reduce((sum, tail) => sum + tail.kept, 0);
  assert.ok(kept <= BYTES, `${kept} bytes are kept`);
});

test("a released output makes room, and takes none any more", () => {
  const budget = new OutputBudget(BYTES);
  const released = terminal(budget, "a".repeat(PIECE));
  budget.forget(released);
  budget.push(released, Buffer.alloc(PIECE));
  budget.finish(released);
  assert.equal(released.kept, 0);
  const tails = ["b", "c", "d", "e"].map((letter) => finished(budget, letter));
  assert.ok(tails.every((tail) => !tail.truncated));
});

test("in whatever order outputs come, end and are released, they stay within it", () => {
  const act = fc.record({
    what: fc.constantFrom("print", "finish", "forget", "read"),
    which: fc.nat(7),
    bytes: fc.nat(BYTES),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const budget = new OutputBudget(BYTES);
      const tails = Array.from({ length: 8 }, () => terminal(budget, "", BYTES / 2));
      for (const { what, which, bytes } of acts) {
        const tail = tails[which];
        if (tail === undefined) continue;
        if (what === "print") budget.push(tail, Buffer.alloc(bytes, "x"));
        else if (what === "read") tail.text();
        else budget[what](tail);
        assert.ok(tails.reduce((sum, each) => sum + each.kept, 0) <= BYTES);
      }
    }),
    { numRuns: 50 },
  );
});
