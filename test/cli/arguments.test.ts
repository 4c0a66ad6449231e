import assert from "node:assert/strict";
import { test } from "node:test";

import { readArguments } from "../../extension/cli/arguments.ts";

function said(...words: string[]): string {
  const read = readArguments(words);
  assert.ok(!read.ok, words.join(" "));
  assert.equal(read.error.code, "cli.usage");
  assert.equal(read.error.next, "See “interlock --help”.");
  return read.error.message;
}

test("an option that doesn't exist is named with the nearest one, in our own words", () => {
  assert.equal(said("doctor", "--jsn"), "“--jsn” is no option of “doctor”. Did you mean “--json”?");
  assert.equal(
    said("check", "--expl", "--", "ls"),
    "“--expl” is no option of “check”. Did you mean “--explain”?",
  );
  assert.equal(said("run", "--agnet=x", "hi"), "“--agnet” is no option of “run”. Did you mean “--agent”?");
});

test("where none is near, those that the command takes are named", () => {
  const own = "It takes: --cwd, --help, --json, --mode, --swap, --version.";
  assert.equal(said("doctor", "--frobnicate"), `“--frobnicate” is no option of “doctor”. ${own}`);
  assert.equal(said("doctor", "-x"), `“-x” is no option of “doctor”. ${own}`);
  assert.equal(said("doctor", "--stdin"), `“--stdin” is no option of “doctor”. ${own}`);
});

test("a value that is missing, or one too many, is named", () => {
  assert.equal(said("run", "hi"), "Name an agent, as in “--agent builtin”.");
  assert.equal(said("run", "--agent"), "“--agent” wants a value behind it.");
  assert.equal(said("run", "--agent", "--json", "hi"), "“--agent” wants a value behind it.");
  assert.equal(said("doctor", "--json=yes"), "“--json” takes no value.");
});

test("a command that doesn't exist is named with the nearest one", () => {
  assert.equal(said("docter"), "There is no command “docter”. Did you mean “doctor”?");
  assert.equal(
    said("frobnicate"),
    "There is no command “frobnicate”. There are: check, route, run, exec, doctor, tools, agents, restore, worktrees, policy.",
  );
});

test("what stands behind two dashes is left alone", () => {
  const read = readArguments(["check", "--json", "--", "rm", "-rf", "--jsn"]);
  assert.ok(read.ok && read.value !== "help" && read.value !== "version");
  assert.ok(read.value.command === "check" && read.value.json);
  assert.deepEqual(read.value.words, ["rm", "-rf", "--jsn"]);
});

test("exec takes its command behind the dashes, with options of the command's own", () => {
  const read = readArguments(["exec", "--name", "nightly", "--", "claude", "--name", "x"]);
  assert.ok(read.ok && typeof read.value === "object" && read.value.command === "exec");
  assert.deepEqual([read.value.name, read.value.words], ["nightly", ["claude", "--name", "x"]]);
  assert.equal(said("exec", "claude"), "Name the command behind “--”.");
  assert.equal(said("exec", "--"), "Name the command behind “--”.");
});

test("agents verify takes one agent, and agents list none", () => {
  const read = readArguments(["agents", "verify", "codex", "--json"]);
  assert.ok(read.ok && typeof read.value === "object" && read.value.command === "agents");
  assert.deepEqual([read.value.action, read.value.id], ["verify", "codex"]);
  assert.equal(said("agents", "verify"), "Name one agent by its id, as in “agents verify codex”.");
  assert.equal(said("agents", "verify", "a", "b"), "Name one agent by its id, as in “agents verify codex”.");
  assert.equal(said("agents", "list", "codex"), "“agents list” takes no words of its own.");
});
