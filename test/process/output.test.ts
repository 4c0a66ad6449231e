import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { OutputTail } from "../../extension/process/output.ts";

function tail(limit: number, ...chunks: (string | Buffer)[]): OutputTail {
  const output = new OutputTail(limit);
  for (const chunk of chunks) output.push(Buffer.from(chunk));
  return output;
}

test("what fits is kept whole", () => {
  const output = tail(6, "abc", "", "def");
  assert.deepEqual([output.text(), output.total, output.truncated], ["abcdef", 6, false]);
});

test("of more than fits the end is kept, and all of it is counted", () => {
  const output = tail(4, "abc", "def", "g");
  assert.deepEqual([output.text(), output.total, output.truncated], ["defg", 7, true]);
});

describe("the cut never parts a character", () => {
  const rows: readonly (readonly [text: string, limit: number, kept: string])[] = [
    ["aüb", 3, "üb"],
    ["aüb", 2, "b"],
    ["a…b", 3, "b"],
    ["a😀b", 5, "😀b"],
    ["a😀b", 4, "b"],
    ["😀", 3, ""],
    ["ab", 0, ""],
  ];
  for (const [text, limit, kept] of rows) {
    test(`${text} in ${limit} bytes`, () => assert.equal(tail(limit, text).text(), kept));
  }

  test("nor does a chunk's border", () => {
    const bytes = Buffer.from("a😀b");
    assert.equal(tail(9, bytes.subarray(0, 3), bytes.subarray(3)).text(), "a😀b");
  });
});

test("any text in any chunks: the longest end of whole characters that fits", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { maxLength: 12 }), fc.nat(40), (chunks, limit) => {
      const whole = chunks.join("");
      const output = tail(limit, ...chunks);
      const kept = output.text();
      assert.ok(whole.endsWith(kept));
      assert.ok(Buffer.byteLength(kept) <= limit);
      const before = /.$/su.exec(whole.slice(0, whole.length - kept.length))?.[0];
      assert.ok(before === undefined || Buffer.byteLength(before + kept) > limit);
      assert.equal(output.text(), kept, "reading changes nothing");
    }),
  );
});

test("bytes that are no text are kept in their number", () => {
  assert.equal(tail(4, Buffer.alloc(10, 0x80)).text(), "");
  assert.equal(tail(4, Buffer.alloc(10, 0xff)).text(), "\uFFFD".repeat(4));
});
