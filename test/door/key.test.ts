import assert from "node:assert/strict";
import { test } from "node:test";

import { callKey } from "../../extension/door/key.ts";
import { parseArgv, parseShell } from "../../extension/shell/parse.ts";

const cwd = "/project";
const ofLine = (line: string): string => callKey(parseShell(line, { cwd }));
const ofArgv = (...argv: string[]): string => callKey(parseArgv(argv, { cwd }));

test("a line and an argument list that mean the same have one key", () => {
  assert.equal(ofLine("git reset --hard"), ofArgv("git", "reset", "--hard"));
  assert.equal(ofLine("  git   reset --hard \n"), ofArgv("git", "reset", "--hard"));
  assert.equal(ofLine(`git commit -m "two words"`), ofArgv("git", "commit", "-m", "two words"));
  assert.equal(ofLine("rm '*.py'"), ofArgv("rm", "*.py"));
});

test("two acts that differ never share a key", () => {
  const lines = [
    "rm a b",
    "rm 'a b'",
    "rm *",
    "rm '*'",
    "FORCE=1 rm '*'",
    "sudo rm '*'",
    "rm '*' > log",
    "rm '*' 2> log",
    "rm '*' < list",
    "rm '*' &",
    "! rm '*'",
    "(rm '*')",
    "while true; do rm '*'; done",
    "rm '*'; rm '*'",
    "test -f x && rm x",
    "test -f x || rm x",
    "test -f x; rm x",
    "test -f x | rm x",
    "cd sub && rm x",
    "bash -c 'rm x'",
    "eval 'rm x'",
    "rm x",
    "rm $x",
    'rm "$x"',
    "xargs rm",
    "cat <<A\none\nA",
    "cat <<A\ntwo\nA",
    "",
  ];
  const keys = lines.map((line) => ofLine(line));
  const same = lines.filter((_, index) => keys.indexOf(keys[index] ?? "") !== index);
  assert.deepEqual(same, []);
});

test("what could not be read completely is known by its text alone", () => {
  const line = `git reset --hard "`;
  assert.equal(ofLine(line), line);
});
