import assert from "node:assert/strict";
import { test } from "node:test";
import { judged } from "./support/judged.ts";

// What the guard does not see is written down like what it sees: docs/threat-model.md names these tests.

test("neither: what a project's own program does inside passes", () => {
  for (const line of ["npm test", "pytest -q", "python3 tools/anything.py", "make", "cargo run"])
    assert.equal(judged(line).verdict, "allow", line);
});

test("neither: a module of the project that stands in for the library's is taken for that one", () => {
  assert.equal(judged("python3 -c 'import json; print(json.dumps(1))'").verdict, "allow");
});

test("held: a program by its absolute path is the program", () => {
  for (const line of ["/usr/bin/git reset --hard", "/bin/rm -rf src", "\\rm -rf src", "command rm -rf src"])
    assert.equal(judged(line).verdict, "ask", line);
});

test("held: Interlock's own command line only looks", () => {
  for (const line of [
    "interlock check -- ls",
    "interlock route -- ls",
    "interlock doctor",
    "interlock restore list",
    "interlock restore show 3",
    "interlock policy show",
    "interlock agents list",
  ])
    assert.equal(judged(line).verdict, "allow", line);
  for (const line of [
    "interlock restore apply 3",
    "interlock restore diff 3",
    "interlock policy validate",
    "interlock exec list",
    "interlock policy init",
    "interlock run --agent x y",
    "interlock x",
  ])
    assert.equal(judged(line).verdict, "deny", line);
});

test("held: a shell whose language isn't read asks, whatever it is told", () => {
  for (const shell of ["fish", "pwsh", "powershell", "cmd", "nu", "tcsh"])
    assert.deepEqual(
      [judged(`${shell} -c ls`).verdict, judged(`${shell} -c ls`).ask],
      ["ask", "unclear"],
      shell,
    );
});

test("held: a line for another shell than bash asks, and zsh's own constructs do", () => {
  const asks = (line: string, shell: string): boolean => judged(line, { shell }).verdict === "ask";
  for (const shell of ["fish", "pwsh.exe", "cmd.exe", "C:/x/powershell.exe"])
    assert.ok(asks("ls", shell), shell);
  for (const line of ["ls *(e:'rm a':)", "repeat 3 ls", "cat =(ls)", "ls **/a", "print ${(f)x}", "noglob ls"])
    assert.ok(asks(line, "/bin/zsh"), line);
  assert.ok(!asks("git status && ls src | head", "zsh"));
});
