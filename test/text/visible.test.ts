import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { visible, visibleProse } from "../../extension/text/visible.ts";

test("hidden characters of a command are written as escapes", () => {
  assert.equal(visible("rm \u202Efdp.exe"), "rm \\u202efdp.exe");
  assert.equal(visible("a\u200Bb\u0007c\u{E0041}d"), "a\\u200bb\\x07c\\u{e0041}d");
  assert.equal(visible("two\nlines\tand ünïcode 漢字"), "two\nlines\tand ünïcode 漢字");
});

test("prose keeps the joiners that emoji and some scripts are spelled with, and no others", () => {
  assert.equal(visibleProse("👩\u200D💻 ok ⚠\uFE0F"), "👩\u200D💻 ok ⚠\uFE0F");
  assert.equal(visibleProse("می\u200Cخواهم"), "می\u200Cخواهم");
  assert.equal(visibleProse("pass\u200Cword"), "pass\\u200cword");
  assert.equal(visibleProse("a\r\nb\rc"), "a\nb\\rc");
});

test("no text keeps a hidden character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.doesNotMatch(
        visible(text),
        /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/,
      );
    }),
  );
});
