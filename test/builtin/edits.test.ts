import assert from "node:assert/strict";
import { test } from "node:test";

import { apply, offsetOf, sideBySide, type Correction } from "../../extension/builtin/fix/edits.ts";

function correction(start: number, end: number, text: string): Correction {
  return { what: text, line: 1, edits: [{ start, end, text }] };
}

test("a column counts what its tool counts", () => {
  const text = 'a\r\n"😀é" x';
  assert.equal(offsetOf(text, { line: 2, column: 6 }, "character"), text.indexOf("x"));
  assert.equal(offsetOf(text, { line: 2, column: 7 }, "utf16"), text.indexOf("x"));
  assert.equal(offsetOf(text, { line: 2, column: 10 }, "byte"), text.indexOf("x"));
});

test("the line after the last is the end, and what lies beyond is no place", () => {
  assert.equal(offsetOf("a\nb", { line: 3, column: 1 }, "character"), 3);
  assert.equal(offsetOf("a\nb", { line: 2, column: 2 }, "character"), 3);
  assert.equal(offsetOf("a\nb", { line: 2, column: 3 }, "character"), null);
  assert.equal(offsetOf("a\nb", { line: 4, column: 1 }, "character"), null);
  assert.equal(offsetOf("😀", { line: 1, column: 2 }, "utf16"), null);
});

test("corrections that overlap wait, and all edits of one go together", () => {
  const whole = correction(0, 6, "x");
  const pair: Correction = {
    what: "pair",
    line: 1,
    edits: [
      { start: 4, end: 5, text: "" },
      { start: 8, end: 9, text: "" },
    ],
  };
  assert.deepEqual(sideBySide([whole, pair, correction(6, 8, "y")]), [whole, correction(6, 8, "y")]);
});

test("two insertions at one place are not guessed into an order", () => {
  assert.equal(sideBySide([correction(1, 1, "a"), correction(1, 1, "b")]).length, 1);
});

test("edits are made where they were meant, whatever comes before them", () => {
  assert.equal(apply("one two three", [correction(0, 3, "1111"), correction(8, 13, "3")]), "1111 two 3");
});
