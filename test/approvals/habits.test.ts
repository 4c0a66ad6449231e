import assert from "node:assert/strict";
import { test } from "node:test";
import { Habits } from "../../extension/approvals/habits.ts";

test("the same answers to questions of a kind are counted, with what was asked", () => {
  const habits = new Habits();
  habits.note("add", "allow", ["uv add a"]);
  habits.note("drop", "deny", ["uv remove a"]);
  assert.deepEqual(habits.note("add", "allow", ["uv add b"]), {
    answer: "allow",
    times: 2,
    asked: [["uv add a"], ["uv add b"]],
  });
  assert.equal(habits.of("drop")?.times, 1);
  assert.equal(habits.of("other"), undefined);
});

test("another answer begins anew", () => {
  const habits = new Habits();
  for (const answer of ["allow", "allow", "deny"] as const) habits.note("add", answer, ["uv add a"]);
  assert.deepEqual(habits.of("add"), { answer: "deny", times: 1, asked: [["uv add a"]] });
});

test("of very many kinds the one that was answered longest ago is forgotten", () => {
  const habits = new Habits();
  for (let n = 0; n <= 200; n += 1) habits.note(`k${n}`, "allow", []);
  assert.equal(habits.of("k0"), undefined);
  assert.equal(habits.of("k200")?.times, 1);
});
