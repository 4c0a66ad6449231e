import assert from "node:assert/strict";
import { after, test, type TestContext } from "node:test";
import { figures, PARTS, problemOf, tolerated, type Part } from "./support/corpora.ts";
import { tryAll, type Tried } from "./support/tried.ts";

/** Every line is judged here, and one of so many run; `npm run soak` runs them all. */
const RUN_ONE_OF = 10;

/** Thousands of lines, on a machine that is busy. */
const PATIENCE = { timeout: 300_000 };

const tried: { part: Part; lines: readonly Tried[] }[] = [];
after(() => console.log(figures(tried)));

/** Their labels are facts: lines are run. */
async function judgeParts(t: TestContext, loses: boolean): Promise<void> {
  for (const part of PARTS.filter((each) => each.loses === loses)) {
    await t.test(part.name, PATIENCE, async () => {
      const lines = await tryAll(part.corpus, (index) => index % RUN_ONE_OF === 0);
      tried.push({ part, lines });
      const problems = lines.flatMap((each) => problemOf(loses, each) ?? []);
      if (problems.length > tolerated(part, lines.length)) assert.deepEqual(problems, []);
    });
  }
}

test("no line that loses work passes", PATIENCE, (t) => judgeParts(t, true));

test("lines that lose nothing pass", PATIENCE, (t) => judgeParts(t, false));

test("there are enough of them, half of them blind, and none twice", () => {
  for (const loses of [true, false]) {
    const parts = PARTS.filter((part) => part.loses === loses);
    const rows = parts.flatMap(({ corpus }) =>
      Object.entries(corpus).flatMap(([state, lines]) => lines.map((line) => `${state}: ${line}`)),
    );
    assert.ok(rows.length >= 300, `${rows.length} lines`);
    assert.deepEqual(
      rows.filter((row, index) => rows.indexOf(row) !== index),
      [],
    );
    const blind = parts.filter((part) => part.blind).flatMap(({ corpus }) => Object.values(corpus).flat());
    assert.ok(blind.length >= 150, `${blind.length} blind lines`);
  }
});
