import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { builtinAgent } from "../../extension/builtin/agent.ts";
import { folderWith } from "./support/files.ts";
import { TestHost, type HostOptions } from "./support/host.ts";

async function open(t: TestContext, options: Omit<HostOptions, "cwd"> & { readonly cwd?: string } = {}) {
  const cwd = options.cwd ?? folderWith(t, {});
  const host = await TestHost.open(builtinAgent("1.2.3", options.env), { ...options, cwd });
  t.after(() => host.close());
  return host;
}

/** Stands for a program whose exit code is known. */
const PROJECT = {
  "package.json": JSON.stringify({ scripts: { test: "exit 3" } }),
  "pyproject.toml": "",
};

test("it introduces itself, and announces its commands once the session is known", async (t) => {
  const host = await open(t);
  const hello = await host.agent.request("initialize", { protocolVersion: 1 });
  assert.deepEqual(hello.agentInfo, { name: "interlock-builtin", title: "Built-in", version: "1.2.3" });
  const [announced] = host.updates;
  assert.ok(announced?.sessionUpdate === "available_commands_update");
  assert.deepEqual(
    announced.availableCommands.map(({ name, input }) => [name, input?.hint]),
    [
      ["check", undefined],
      ["lint", undefined],
      ["fix", undefined],
      ["types", undefined],
      ["test", undefined],
      ["install", undefined],
      ["add", "PACKAGE"],
      ["run", "COMMAND"],
    ],
  );
});

test("plain words are answered with what it can do, and how to get an agent with a model", async (t) => {
  const host = await open(t);
  assert.equal(await host.prompt("Please write me a parser"), "end_turn");
  assert.equal(
    host.told,
    [
      "says: I'm the built-in helper. I do chores, without an account and without a model:",
      "",
      "- `/check`: Run lint, types and tests",
      "- `/lint`: Run the linters",
      "- `/fix`: Correct lint problems and misspelled names",
      "- `/types`: Run the type checkers",
      "- `/test`: Run the tests",
      "- `/install`: Install what the project needs",
      "- `/add PACKAGE`: Add a package to the project",
      "- `/run COMMAND`: Run one command",
      "",
      "For work in your own words, add an agent with a model: by *Add an agent* in the panel, or in `agents.json` for the terminal.",
    ].join("\n"),
  );
});

test("a slash that doesn't exist, lacks its word or has one too many is explained", async (t) => {
  const host = await open(t);
  await host.prompt("/tset");
  assert.match(host.told, /^says: There is no `\/tset`. These exist:\n\n- `\/check`/);
  await host.prompt("/run");
  assert.equal(host.told, "says: Say which command, as in `/run git status`.");
  await host.prompt("/test tests/test_a.py");
  assert.equal(
    host.told,
    "says: `/test` takes nothing after it. One command of your own runs with `/run COMMAND`.",
  );
  await host.prompt("/check");
  assert.match(host.told, /^says: I found nothing to do that with\./);
  assert.deepEqual(host.lines, []);
});

test("a command is one tool call, from the first word of it to its exit code", async (t) => {
  const host = await open(t);
  assert.equal(await host.prompt("/run echo hello there"), "end_turn");
  assert.equal(
    host.told,
    [
      'call-1 execute pending echo hello there {"command":"echo hello there","cwd":"~"}',
      "call-1 in_progress <terminal-1>",
      'call-1 completed {"exitCode":0,"signal":null}',
      "says: `echo hello there` succeeded.",
    ].join("\n"),
  );
  assert.deepEqual(host.asked[0]?.args, ["hello", "there"]);
  assert.equal(host.terminals.size, 0, "the terminal was released");
});

test("a line that needs a shell is handed over as it was typed", async (t) => {
  const host = await open(t);
  await host.prompt("/run  echo 'a  b' | grep -c a && exit 4");
  assert.deepEqual(host.asked[0]?.command, "echo 'a  b' | grep -c a && exit 4");
  assert.equal(host.asked[0]?.args, undefined);
  assert.match(host.told, /call-1 failed \{"exitCode":4,"signal":null\}/);
  assert.match(host.told, /failed \(exit code 4\)\.$/);
});

test("several commands are a plan that advances, and one that fails doesn't stop the next", async (t) => {
  const cwd = folderWith(t, PROJECT);
  const host = await open(t, {
    cwd,
    onCommand: (line) => (line === "pytest" ? { refused: "no" } : undefined),
  });
  await host.prompt("/test");
  assert.equal(
    host.told,
    [
      "plan: [in_progress] Tests: pytest, [pending] Tests: npm test",
      'call-1 execute pending pytest {"command":"pytest","cwd":"~"}',
      'call-1 failed "no."',
      "plan: [completed] Tests: pytest, [in_progress] Tests: npm test",
      'call-2 execute pending npm test {"command":"npm test","cwd":"~"}',
      "call-2 in_progress <terminal-1>",
      'call-2 failed {"exitCode":3,"signal":null}',
      "plan: [completed] Tests: pytest, [completed] Tests: npm test",
      "says: 0 of 2 succeeded.",
      "",
      "- Tests: `pytest` was not run. no.",
      "- Tests: `npm test` failed (exit code 3).",
      "",
      "I won't try again on my own.",
    ].join("\n"),
  );
});

test("a refused command is told in the host's words and not tried again", async (t) => {
  const reason = "It would throw away uncommitted work in 2 files.";
  const host = await open(t, { onCommand: () => ({ refused: reason }) });
  assert.equal(await host.prompt("/run git reset --hard"), "end_turn");
  assert.equal(
    host.told,
    [
      'call-1 execute pending git reset --hard {"command":"git reset --hard","cwd":"~"}',
      `call-1 failed "${reason}"`,
      `says: \`git reset --hard\` was not run. ${reason}`,
      "",
      "I won't try again on my own.",
    ].join("\n"),
  );
  assert.equal(host.asked.length, 1);
});

test("a failed lint names /fix, a failed test does not", async (t) => {
  const cwd = folderWith(t, { "pyproject.toml": "", "bin/README": "" });
  for (const [program, prompt] of [
    ["ruff", "/lint"],
    ["pytest", "/test"],
  ] as const) {
    writeFileSync(join(cwd, "bin", program), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const host = await open(t, { cwd, env: { ...process.env, PATH: join(cwd, "bin") } });
    await host.prompt(prompt);
    assert.match(host.told, /failed \(exit code 1\)\./);
    assert.equal(host.told.includes("`/fix` corrects what can be corrected safely."), program === "ruff");
  }
});

test("a program that isn't there is a sentence, whether the host or the shell says so", async (t) => {
  const host = await open(t, { env: { ...process.env, PATH: "/nowhere" } });
  await host.prompt("/run frobnicate now");
  assert.match(host.told, /`frobnicate now` was started, but how it ended is unknown\. .*ENOENT/);
  await host.prompt("/run frobnicate; exit $?");
  assert.match(host.told, /failed: there is no such program here\. `\/install` may bring it\.$/);
});

for (const [prompt, program, before] of [
  ["/test", "pytest", "`pytest` failed: there is no such program here."],
  ["/install", "pip", "`pip install -e .` failed: there is no such program here."],
] as const) {
  test(`where uv is missing, ${prompt} says so, and how to install it`, async (t) => {
    const cwd = folderWith(t, { "pyproject.toml": "", "uv.lock": "", "bin/uv": "" });
    writeFileSync(join(cwd, program), "#!/bin/sh\nexit 127\n", { mode: 0o755 });
    const without = await open(t, { cwd, env: { PATH: cwd, HOME: cwd } });
    await without.prompt(prompt);
    const why =
      "This project's lock belongs to `uv`, which is not on this machine, so its commands ran without it. " +
      "Install it with `pipx install uv` (or see https://docs.astral.sh/uv), and try again.";
    assert.ok(without.told.endsWith(`says: ${before}\n\n${why}`), without.told);
    const having = await open(t, { cwd, env: { PATH: `${cwd}:${join(cwd, "bin")}`, HOME: cwd } });
    await having.prompt(prompt);
    assert.ok(having.told.endsWith(`says: ${before} \`/install\` may bring it.`), having.told);
  });
}

test("where uv is missing, /fix says so once", async (t) => {
  const cwd = folderWith(t, { "pyproject.toml": "", "uv.lock": "" });
  for (const program of ["ty", "ruff"])
    writeFileSync(join(cwd, program), "#!/bin/sh\nexit 127\n", { mode: 0o755 });
  const host = await open(t, { cwd, env: { PATH: cwd, HOME: cwd } });
  await host.prompt("/fix");
  assert.equal(host.told.split("Install it with `pipx install uv`").length, 2, host.told);
  assert.doesNotMatch(host.told, /may bring it/);
});

test("/check names what it left out", async (t) => {
  const cwd = folderWith(t, { "package.json": '{"scripts": {"test": "true"}}' });
  const host = await open(t, { cwd });
  await host.prompt("/check");
  assert.match(
    host.told,
    /`npm test` succeeded\.\n\nNot checked:\n\n- Python: no pyproject\.toml.*\n- Lint: neither .*\n- Types: no tsconfig\.json$/,
  );
});

test("stopping ends the running program, closes the call and answers cancelled", async (t) => {
  const host = await open(t);
  const answer = host.prompt("/run sleep 60");
  await host.until((update) => update.sessionUpdate === "tool_call_update");
  const running = host.terminals.get("terminal-1");
  await host.cancel();
  assert.equal(await answer, "cancelled");
  assert.deepEqual(await running?.ended, { exitCode: null, signal: "SIGKILL" });
  assert.equal(host.terminals.size, 0);
  assert.match(host.told, /call-1 failed "Stopped\."$/);
});

test("stopping while the host still asks a person ends the turn at once", async (t) => {
  const host = await open(t, { onCommand: () => "hold" });
  const answer = host.prompt("/run git clean -fd");
  await host.until((update) => update.sessionUpdate === "tool_call");
  await host.cancel();
  assert.equal(await answer, "cancelled");
  assert.match(host.told, /call-1 failed "Stopped\."$/);
});

test("stopping one of several commands starts no other", async (t) => {
  const cwd = folderWith(t, {
    "package.json": '{"scripts": {"test": "sleep 60"}}',
    "web/package.json": '{"scripts": {"test": "x"}}',
  });
  const host = await open(t, { cwd });
  const answer = host.prompt("/test");
  await host.until((update) => update.sessionUpdate === "tool_call_update");
  await host.cancel();
  assert.equal(await answer, "cancelled");
  assert.equal(host.asked.length, 1);
});

test("a second prompt of a running turn is refused, and sessions don't stop each other", async (t) => {
  const host = await open(t);
  const running = host.prompt("/run sleep 60");
  await host.until((update) => update.sessionUpdate === "tool_call_update");
  await assert.rejects(host.prompt("/run echo"), /still going on/);
  const other = await host.agent.request("session/new", { cwd: "/", mcpServers: [] });
  const prompt = [{ type: "text" as const, text: "/run true" }];
  const done = await host.agent.request("session/prompt", { sessionId: other.sessionId, prompt });
  assert.deepEqual(done, { stopReason: "end_turn" });
  assert.equal(host.asked.at(-1)?.cwd, "/");
  await host.cancel();
  assert.equal(await running, "cancelled");
});

test("a prompt for a session that doesn't exist is an error, not a crash", async (t) => {
  const host = await open(t);
  await assert.rejects(host.agent.request("session/prompt", { sessionId: "none", prompt: [] }));
  assert.equal(await host.prompt("/run true"), "end_turn");
});

test("a host without terminals or files is told what that means", async (t) => {
  const cwd = folderWith(t, PROJECT);
  const bare = await open(t, { cwd, capabilities: {} });
  await bare.prompt("/test");
  assert.equal(bare.told, "says: I can't run commands here: this host offers agents no terminal.");
  const readOnly = await open(t, { cwd, capabilities: { terminal: true, fs: { readTextFile: true } } });
  await readOnly.prompt("/fix");
  assert.equal(
    readOnly.told,
    "says: I can't fix files here: this host doesn't let agents read and write them.",
  );
});
