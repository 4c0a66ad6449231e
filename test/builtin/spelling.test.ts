import assert from "node:assert/strict";
import { test } from "node:test";

import { identifiers } from "../../extension/builtin/fix/python.ts";
import { meant } from "../../extension/builtin/fix/spelling.ts";
import { distanceBetween } from "../../extension/text/nearest.ts";

test("a swap of neighbours is one slip", () => {
  assert.equal(distanceBetween("nmae", "name"), 1);
  assert.equal(distanceBetween("total", "total"), 0);
  assert.equal(distanceBetween("catgory", "category"), 1);
  assert.equal(distanceBetween("abc", "xyz"), 3);
});

test("the only near name is meant", () => {
  assert.equal(meant("catgory", ["category", "cents", "payer"]), "category");
  assert.equal(meant("resutl", ["result", "results"]), "result");
});

test("two names that are equally near are none", () => {
  assert.equal(meant("amont", ["amount", "among"]), null);
});

test("names that differ on purpose are not corrected", () => {
  assert.equal(meant("total2", ["total1"]), null, "digits");
  assert.equal(meant("items", ["item"]), null, "one and many");
  assert.equal(meant("ab", ["ax"]), null, "too short");
  assert.equal(meant("cat", ["dog"]), null, "too far");
});

test("names in strings and comments are no names", () => {
  const source = `
import re  # commented
"""documented
words"""
class Box:
    size: int
    def show(self, wide):
        return f"{hidden}" + self.label + rb'bytes' + "it\\"s" + 'x'
`;
  assert.deepEqual(
    identifiers(source)
      .map(({ name, role }) => `${role} ${name}`)
      .sort(),
    [
      "attribute Box",
      "attribute label",
      "attribute show",
      "attribute size",
      "name Box",
      "name int",
      "name re",
      "name self",
      "name show",
      "name size",
      "name wide",
    ],
  );
});
