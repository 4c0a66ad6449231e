import assert from "node:assert/strict";
import { test } from "node:test";

import { partsFor, partsOf, textFor } from "../../extension/shell/parts.ts";
import { parseShell } from "../../extension/shell/parse.ts";

/** Whether a program that runs, with its folder, is one that the line says. */
function says(
  line: string,
  argv: readonly string[],
  cwd = "/p",
  variables: Record<string, string> = {},
): boolean {
  return partsOf(parseShell(line, { cwd: "/p" })).some(partsFor({ argv, cwd, variables }));
}

test("each command of a line is a part of it, in the folder it runs in", () => {
  const line = "cd api && git reset --hard; (rm -rf a | tee b) || bash -c 'git clean -fd'";
  assert.ok(says(line, ["git", "reset", "--hard"], "/p/api"));
  assert.ok(!says("cd api; git reset --hard", ["git", "reset", "--hard"], "/q"));
  assert.ok(says("rm -rf a | tee b", ["tee", "b"]));
  assert.ok(says("bash -c 'git clean -fd'", ["git", "clean", "-fd"]));
  assert.ok(says("timeout 5 sudo git gc", ["git", "gc"]));
});

test("other words are no part of it", () => {
  for (const argv of [
    ["git", "reset", "--hard", "HEAD~1"],
    ["git", "reset"],
    ["git", "clean", "--hard"],
    ["rm"],
  ])
    assert.ok(!says("git reset --hard", argv), argv.join(" "));
});

test("words that come at run time stand for any, behind those that are known", () => {
  const line = 'for f in $(ls); do rm -- "$f"; done';
  assert.ok(says(line, ["rm", "--", "a"]));
  assert.ok(!says(line, ["rm", "-rf", "a"]));
  assert.ok(says("find . -name x | xargs rm -f", ["rm", "-f", "a", "b"]));
  assert.ok(!says("find . -name x | xargs rm -f", ["rm", "-rf", "a"]));
});

test("a program by its path is the program", () => {
  assert.ok(says("/usr/bin/git status", ["git", "status"]));
});

test("a variable that the line does not set is no part of it", () => {
  assert.ok(!says("git reset --hard", ["git", "reset", "--hard"], "/p", { GIT_DIR: "/q" }));
  assert.ok(says("GIT_DIR=/q git reset --hard", ["git", "reset", "--hard"], "/p", { GIT_DIR: "/q" }));
});

test("what a part reads is known where the line says it, and only one text can be meant", () => {
  const reads = (line: string): string | null =>
    textFor(partsOf(parseShell(line, { cwd: "/p" })), { argv: ["python3", "-"], cwd: "/p", variables: {} });
  assert.equal(reads("cd /p && python3 - <<'END'\nprint(1)\nEND"), "print(1)\n");
  assert.equal(reads("echo 'print(1)' | python3 -"), "print(1)\n");
  assert.equal(reads("python3 - <<< 'print(1)' && python3 - <<< 'print(1)'"), "print(1)");
  for (const line of [
    "python3 -",
    "python3 - < code.py",
    "curl -s example.org | python3 -",
    "python3 - <<END\n$CODE\nEND",
    "python3 - <<< 'print(1)'; python3 - <<< 'print(2)'",
    "python3 - <<< 'print(1)'; fetch | python3 -",
    "python3 -c 'print(1)'",
  ])
    assert.equal(reads(line), null, line);
});
