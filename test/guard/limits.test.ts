import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "../../extension/guard/analyse.ts";
import type { CodeAnswer, CodeQuery } from "../../extension/guard/code/lookup.ts";
import { judge } from "../../extension/guard/judge.ts";
import { parseShell } from "../../extension/shell/parse.ts";
import { AROUND, CWD, judged } from "./support/judged.ts";

// What the guard does not see is written down like what it sees: docs/threat-model.md names these tests.

test("neither: what a project's own program does inside passes", () => {
  for (const line of ["npm test", "pytest -q", "python3 tools/anything.py", "make", "cargo run"])
    assert.equal(judged(line).verdict, "allow", line);
});

/** The verdict on a line where the project has a file. */
function beside(path: string, text: string, line: string): string {
  const look = ({ paths }: CodeQuery): CodeAnswer =>
    paths.includes(`${CWD}/${path}`) ? { path: `${CWD}/${path}`, text, hash: "" } : "missing";
  const script = parseShell(line, { cwd: CWD, home: "/home/me" });
  return judge(analyse(script, { ...AROUND, look }), new Map(), "careful").verdict;
}

test("held: a module of the project that stands in for the library's is read as part of the program", () => {
  const line = "python3 -c 'import json; print(json.dumps(1))'";
  const [removes, harmless] = ['import os\nos.remove("a")\n', "def dumps(x):\n    return x\n"];
  for (const path of ["json.py", "json/__init__.py"]) {
    assert.equal(beside(path, removes, line), "ask", path);
    assert.equal(beside(path, harmless, line), "allow", path);
  }
  assert.equal(beside("lib/json.py", removes, line), "allow");
  assert.equal(beside("lib/json.py", removes, `export PYTHONPATH=lib; ${line}`), "ask");
});

test("held: what Python runs before a program, where its path leads into the project", () => {
  const line = "PYTHONPATH=lib python3 -c 'print(1)'";
  assert.equal(beside("lib/sitecustomize.py", "print(1)", line), "ask");
  assert.equal(beside("lib/usercustomize/__init__.py", "print(1)", line), "ask");
  assert.equal(beside("lib/other.py", "print(1)", line), "allow");
});

test("held: throw-away files lie where TMPDIR leads", () => {
  const removes = "python3 -c 'import os, tempfile; os.remove(tempfile.gettempdir() + \"/a\")'";
  const verdict = (before: string): string => judged(before + removes).verdict;
  assert.equal(verdict(""), "allow");
  assert.equal(verdict("TMPDIR=/tmp/x "), "allow");
  for (const before of ["TMPDIR=. ", "export TMPDIR=$PWD; ", "env TMPDIR=src ", "TMPDIR=$ELSEWHERE "])
    assert.equal(verdict(before), "ask", before);
});

test("held: a list that anything may have been put into, under whatever name", () => {
  const removes = (before: string): string =>
    judged(`python3 -c 'import os\na = ["/tmp/a"]\n${before}\nfor f in a: os.remove(f)'`).verdict;
  for (const before of ["", "print(len(a), a[0])", "b = a", "def show(l): print(l)\nshow(a)"])
    assert.equal(removes(before), "allow", before);
  for (const before of ["b = a\nb.append(x)", "def more(l): l.append(x)\nmore(a)", "g().h(a)", "c.d = a"])
    assert.equal(removes(before), "ask", before);
});

test("held: a program by its absolute path is the program", () => {
  for (const line of ["/usr/bin/git reset --hard", "/bin/rm -rf src", "\\rm -rf src", "command rm -rf src"])
    assert.equal(judged(line).verdict, "ask", line);
});

// Not in the tables: `find` and `xargs` around them would fill the placeholder first.
test("held: what parallel puts into one command is what that command is", () => {
  for (const line of ["-m git push {}", "-X git push {}", "--xargs git push {}", "-km 'git push {}; ls'"])
    assert.equal(judged(`parallel ${line} ::: origin +main`).verdict, "deny", line);
});

test("held: Interlock's own command line only looks", () => {
  for (const line of [
    "interlock check -- ls",
    "interlock route -- ls",
    "interlock doctor",
    "interlock restore list",
    "interlock restore show 3",
    "interlock policy show",
    "interlock tools list",
    "interlock --version",
  ])
    assert.equal(judged(line).verdict, "allow", line);
  for (const line of [
    "interlock restore apply 3",
    "interlock restore diff 3",
    "interlock policy validate",
    "interlock exec list",
    "interlock policy init",
    "interlock run --agent x y",
    "interlock tools get ruff --yes",
    "interlock tools remove ruff",
    "interlock tools list-all",
    "interlock tools $X",
    "interlock ${X}check",
    "interlock agents list",
    "interlock worktree show x",
    "interlock list",
    "interlock show",
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
