import assert from "node:assert/strict";
import { test } from "node:test";

import * as fc from "fast-check";

import { matchCommand, commandPattern } from "../../extension/policy/commandPattern.ts";
import { covers, type Glob, meets, nameMatcher, pathGlob, pathOf } from "../../extension/policy/globs.ts";

const glob = (text: string): Glob => pathGlob(text) ?? assert.fail(`no pattern: ${text}`);

test("a pattern means paths as in .gitignore", () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["a.txt", ["a.txt", "b/c/a.txt"], ["a.txt.bak", "b/xa.txt"]],
    ["/a.txt", ["a.txt"], ["b/a.txt"]],
    ["src/", ["src", "src/a", "b/src/a"], ["srcs"]],
    ["src/a", ["src/a", "src/a/b"], ["b/src/a"]],
    ["*.sql", ["a.sql", "b/c.sql"], ["sql", "a.sqlx"]],
    ["a/*/c", ["a/b/c"], ["a/c", "a/b/b/c"]],
    ["a/**/c", ["a/c", "a/b/c", "a/b/b/c"], ["a/xc", "b/a/c"]],
    ["a?c", ["abc"], ["ac", "a/c"]],
  ];
  for (const [pattern, ours, others] of cases) {
    for (const path of ours) assert.ok(meets(glob(pattern), pathOf(path)), `${pattern} means ${path}`);
    for (const path of others)
      assert.ok(!meets(glob(pattern), pathOf(path)), `${pattern} doesn't mean ${path}`);
  }
});

test("what can't be a pattern inside the project is none", () => {
  for (const text of ["", "/", "../a", "a/../b", "!a", "."]) assert.equal(pathGlob(text), null, text);
});

test("a path with a pattern of the shell meets what it can name, and is covered only as a whole", () => {
  assert.ok(meets(glob("config/prod.yml"), pathOf("config/*")));
  assert.ok(meets(glob("config/prod.yml"), pathOf("c*/p*.yml")));
  assert.ok(!meets(glob("config/prod.yml"), pathOf("config/*.json")));
  assert.ok(covers(glob("src"), pathOf("src/*.py")));
  assert.ok(covers(glob("src/*"), pathOf("src/*.py")));
  assert.ok(!covers(glob("src/*.py"), pathOf("src/*")));
  assert.ok(!covers(glob("src"), pathOf("s*/a")));
  assert.ok(!meets(glob("a[b]"), pathOf("a\\[b\\]")), "an escaped bracket is a bracket");
});

test("what covers a path also meets it, whatever the patterns", () => {
  const part = fc.stringMatching(/^[ab*?]{1,4}$/);
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
  fc.assert(
    fc.property(path, path, (a, b) => {
      if (covers(glob(a), pathOf(b))) assert.ok(meets(glob(a), pathOf(b)));
    }),
  );
});

test("a pattern made to be tried in countless ways has its answer", () => {
  const evil = `${"a*".repeat(400)}/${"**/".repeat(100)}b`;
  assert.equal(meets(glob(evil), pathOf(`${"a".repeat(2_000)}/${"a/".repeat(500)}c`)), false);
  const words = Array.from({ length: 5_000 }, () => "a");
  const pattern = commandPattern(`a ${"** a ".repeat(50)}b`) ?? assert.fail();
  assert.equal(matchCommand(pattern, words, true), "no");
});

test("a name's pattern is anchored, and its other characters stand for themselves", () => {
  const matches = nameMatcher(["release/*", "v1.0"]);
  assert.ok(matches("release/a/b") && matches("v1.0"));
  assert.ok(!matches("xrelease/a") && !matches("v1x0") && !matches("release"));
  assert.ok(!nameMatcher([])("x"));
});
