import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { expandPattern, hasPattern, patternToRegExp } from "../../extension/restore/glob.ts";
import { tempDir } from "../harness/temp.ts";
import { write } from "../git/support.ts";

const NAMES = [
  "a.txt",
  "b.txt",
  "ab.txt",
  ".hidden",
  "[x].txt",
  "star*.txt",
  "back\\slash",
  "ünï.txt",
  "sp ace.txt",
  "]x",
  "-y",
  "!z",
  "😀.txt",
];
const PATTERNS = [
  "*",
  "*.txt",
  "?.txt",
  "[ab].txt",
  "[!a].txt",
  "[a-b]*",
  ".*",
  ".h*",
  "\\[x\\].txt",
  "star\\*.txt",
  "?nï.txt",
  "sp\\ ace.txt",
  "*c*",
  "nothing*",
  "sub/*",
  "*/leaf*",
  "./*.txt",
  "[]a]*",
  "[!]q]*",
  "[^]x]*",
  "[a\\]]*",
  "[!-]y",
  "[-a]*",
  "[a-]*",
  "[[]x].txt",
  "[😀].txt",
  "\\.h*",
];

describe("patterns mean the files that a shell takes for them", () => {
  for (const pattern of PATTERNS) {
    test(pattern, async (t) => {
      const folder = await tempDir(t);
      write(folder, Object.fromEntries(NAMES.map((name) => [name, ""])));
      mkdirSync(join(folder, "sub"));
      write(join(folder, "sub"), { leaf: "", ".leaf": "" });
      const script = `shopt -s nullglob; for f in ${pattern}; do printf '%s\\0' "$f"; done`;
      const bash = execFileSync("bash", ["-c", script], { cwd: folder, encoding: "utf8" });
      const expected = bash.split("\0").filter((name) => name !== "" && name !== "." && name !== "..");
      const found = await expandPattern(`${folder}/${pattern}`);
      assert.deepEqual(found?.toSorted(), expected.map((name) => join(folder, name)).toSorted());
    });
  }
});

test("an escaped character is no pattern", () => {
  const rows: readonly (readonly [string, boolean])[] = [
    ["a*", true],
    ["a\\*", false],
    ["a\\\\*", true],
    ["[a]", true],
    ["\\[a\\]", false],
    ["?", true],
    ["plain", false],
  ];
  assert.deepEqual(
    rows.map(([text]) => [text, hasPattern(text)]),
    rows,
  );
});

test("a pattern matches a whole name, whatever stands in it", () => {
  assert.equal(patternToRegExp("a.b")?.test("axb"), false);
  assert.equal(patternToRegExp("*.txt")?.test("new\nline.txt"), true);
  assert.equal(patternToRegExp("[")?.test("["), true);
  assert.equal(patternToRegExp("a(b)+$")?.test("a(b)+$"), true);
  assert.equal(patternToRegExp("[!a]")?.test("a"), false);
});

test("what a bracket means in some locale or shell only is no answer", async (t) => {
  const folder = await tempDir(t);
  for (const pattern of ["[[:alpha:]]*", "[![:space:]]", "[[=a=]]", "[[.a.]]", "[z-a]"]) {
    assert.equal(patternToRegExp(pattern), null, pattern);
    assert.equal(await expandPattern(`${folder}/${pattern}`), null, pattern);
  }
});

test("a name that is no UTF-8 is no answer", async (t) => {
  const folder = await tempDir(t);
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x61, 0xff])]), "");
  assert.equal(await expandPattern(`${folder}/*`), null);
});

test("too many matches are no answer", async (t) => {
  const folder = await tempDir(t);
  write(folder, Object.fromEntries(Array.from({ length: 2_100 }, (_, n) => [`${n}.txt`, ""])));
  assert.equal(await expandPattern(`${folder}/*`), null);
});
