import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_COMMANDS, MAX_TEXT, MAX_UNCLEAR } from "../../extension/shell/limits.ts";
import { parseShell } from "../../extension/shell/parse.ts";
import { fuzz } from "./support/fuzz.ts";
import { CWD, judged } from "./support/judged.ts";

test("a hundred thousand lines at random: none crashes the guard, and none that is unclear passes", () => {
  assert.equal(fuzz(100_000, 20_261), null);
});

test("what is over the cap asks, whatever it says", () => {
  const { verdict, rule } = judged(`ls ${"a".repeat(MAX_TEXT)}`);
  assert.deepEqual([verdict, rule], ["ask", "unclear.syntax"]);
});

test("lines that would grow without end stay bounded, and ask", () => {
  const grows = [
    "f() { f; f; }; f",
    `${"for i in 1 2 3 4 5 6 7 8 9; do ".repeat(6)}rm x; ${"done; ".repeat(6)}`,
    `${"eval ".repeat(400)}rm x`,
    `echo ${"$(".repeat(60)}rm x${")".repeat(60)}`,
    `echo ${"{a,b}".repeat(12)}`,
    `${"if x; then ".repeat(200)}rm x; ${"fi; ".repeat(200)}`,
  ];
  for (const line of grows) {
    const { commands, unclear } = parseShell(line, { cwd: CWD });
    assert.ok(commands.length <= MAX_COMMANDS, line.slice(0, 60));
    assert.ok(unclear.length < 8 * MAX_UNCLEAR, line.slice(0, 60));
    judged(line);
  }
  assert.equal(judged(grows[0] ?? "").verdict, "ask");
});
