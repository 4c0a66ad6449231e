import assert from "node:assert/strict";
import { test } from "node:test";
import { diffLines } from "diff";
import * as fc from "fast-check";
import { fileDiff, freshEffort } from "../../extension/doorways/fs/diffs.ts";
import { CallDiffs } from "../../extension/doorways/observed/diffs.ts";
import { observedDoorway } from "./support.ts";

/** So many lines, each of them another one. */
function lines(count: number, word: string): string {
  return Array.from({ length: count }, (_, at) => `${word} ${at}\n`).join("");
}

test("lines are counted as a line diff counts them", () => {
  const text = fc.array(fc.constantFrom("a", "b", "", "\n", "\r\n", "a\n", "b\n"), { maxLength: 20 });
  fc.assert(
    fc.property(text, text, (old, now) => {
      const [before, after] = [old.join(""), now.join("")];
      const changes = diffLines(before, after);
      const sum = (which: "added" | "removed") =>
        changes.reduce((total, change) => total + (change[which] ? change.count : 0), 0);
      const { added, removed } = fileDiff("/p/a", before, after);
      // Of several shortest scripts either may be found: what is added or removed in all is the same.
      assert.deepEqual(
        [added + removed, added - removed],
        [sum("added") + sum("removed"), sum("added") - sum("removed")],
      );
    }),
  );
});

test("one line of many is found, wherever it stands", () => {
  const before = lines(50_000, "a");
  for (const at of ["a 0\n", "a 25000\n", "a 49999\n"]) {
    const { added, removed, coarse } = fileDiff("/p/a", before, before.replace(at, "b\n"));
    assert.deepEqual([added, removed, coarse], [1, 1, undefined]);
  }
});

test("texts with more differences than are worth waiting for count as replaced, and say so", () => {
  const [before, after] = [lines(5_000, "a"), lines(4_000, "b")];
  const { added, removed, coarse } = fileDiff("/p/a", `same\n${before}`, `same\n${after}`);
  assert.deepEqual([added, removed, coarse], [4_000, 5_000, true]);
});

test("a new file has nothing to compare, however long it is", () => {
  const { added, removed, coarse } = fileDiff("/p/a", null, lines(200_000, "a"));
  assert.deepEqual([added, removed, coarse], [200_000, 0, undefined]);
});

test("the files of one report share what comparing may take", () => {
  const effort = freshEffort();
  const diffs = Array.from({ length: 20 }, (_, at) =>
    fileDiff(`/p/${at}`, lines(400, "a"), lines(400, "b"), effort),
  );
  assert.equal(diffs[0]?.coarse, undefined);
  assert.equal(diffs.at(-1)?.coarse, true);
  assert.ok(effort.left >= 0);
});

test("what was compared is not compared again", () => {
  const diffs = new CallDiffs();
  const one = { path: "/p/a", oldText: "a\n", newText: "b\n" };
  const [first] = diffs.take([one], false) ?? [];
  assert.ok(first);
  assert.equal(diffs.take([{ ...one }], false), null, "a repeat");
  const more = diffs.take([{ ...one }, { ...one, path: "/p/b" }], false);
  assert.equal(more?.length, 2);
  assert.equal(more[0], first, "of two files one was there before");
});

test("diffs that grow share what comparing may take, and the last one is compared well", () => {
  const diffs = new CallDiffs();
  const told = (count: number) => [{ path: "/p/a", oldText: lines(450, "a"), newText: lines(count, "b") }];
  let seen = diffs.take(told(1), false);
  for (let count = 2; count < 20; count += 1) seen = diffs.take(told(count), false);
  assert.equal(seen?.[0]?.coarse, true);
  assert.equal(diffs.take(told(19), true)?.[0]?.coarse, undefined);
});

test("an agent that repeats a large diff tells it once, and its end compares once more", () => {
  const { observed, events } = observedDoorway();
  const content = [{ type: "diff", path: "a", oldText: lines(3_000, "a"), newText: lines(3_000, "b") }];
  for (let count = 0; count < 50; count += 1) {
    observed.report(
      { toolCallId: "a", kind: "edit", title: "a", content: structuredClone(content) },
      count === 0,
    );
  }
  observed.report({ toolCallId: "a", status: "completed" }, false);
  const told = events.flatMap((event) =>
    event.type === "call" && event.patch.diffs ? [event.patch.diffs] : [],
  );
  assert.ok(told.length <= 2, `told ${told.length} times`);
  assert.deepEqual(
    told[0]?.map(({ path, coarse }) => ({ path, coarse })),
    [{ path: "/p/a", coarse: true }],
  );
});
