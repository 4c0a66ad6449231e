import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import type { CallPatch, SessionEvent } from "../../extension/events/event.ts";
import { ROOT } from "../../scripts/lib/paths.ts";
import { quoteAll } from "../../extension/shell/quote.ts";
import { makeRepository } from "../git/support.ts";
import { auditLines } from "../harness/audit.ts";
import { eventually, markedProcesses } from "../harness/processes.ts";
import { tempDir } from "../harness/temp.ts";

const CLI = join(ROOT, "dist", "cli.js");
const MARK = "EXEC_MARK";
/** Runs a program on a terminal of its own (util-linux). */
const SCRIPT = "/usr/bin/script";

interface Executed {
  readonly status: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Project {
  /** A repository in which `a.txt` has a change that is not committed. */
  readonly project: string;
  readonly base: string;
  readonly work: () => Promise<string>;
  readonly records: () => Promise<string[]>;
  readonly start: (words: readonly string[], options?: Options) => Started;
  readonly exec: (words: readonly string[], options?: Options) => Promise<Executed>;
}

interface Options {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Before `--`. */
  readonly args?: readonly string[];
}

interface Started {
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly pid: number;
  readonly ended: Promise<Executed>;
}

async function changedProject(t: TestContext): Promise<Project> {
  const base = await tempDir(t);
  const project = join(base, "project");
  await mkdir(project);
  makeRepository(project);
  await writeFile(join(project, "a.txt"), "mine\n");
  const start = (words: readonly string[], { input = "", env = {}, args = [] }: Options = {}): Started => {
    const child = spawn(process.execPath, [CLI, "exec", ...args, "--", ...words], {
      cwd: project,
      env: { ...process.env, INTERLOCK_STATE_DIR: join(base, "state"), XDG_RUNTIME_DIR: base, ...env },
    });
    t.after(() => void child.kill("SIGKILL"));
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    const ended = once(child, "close").then(([code, signal]): Executed => {
      return { status: (signal ?? code) as number | string | null, stdout, stderr };
    });
    return { kill: (signal) => void child.kill(signal), pid: child.pid ?? 0, ended };
  };
  return {
    project,
    base,
    work: () => readFile(join(project, "a.txt"), "utf8"),
    records: () => auditLines(project),
    start,
    exec: (words, options) => start(words, options).ended,
  };
}

const bash = (line: string): string[] => ["bash", "-c", line];

test("what would lose work is held, the rest runs, and what was refused is told when the terminal is free", async (t) => {
  const { exec, work, records } = await changedProject(t);
  const line = "git status --short; git reset --hard; echo held $?; git clean -n; exit 7";
  const { status, stdout, stderr } = await exec(bash(line));
  assert.equal(status, 7);
  assert.match(stdout, /^ M a\.txt\n(?:\?\? .*\n)?held 126\n/);
  assert.equal(await work(), "mine\n");
  assert.match(stderr, /nobody can be asked\. Discards uncommitted changes\.\n.*allowed in VS Code/);
  assert.match(stderr, /interlock: refused: git reset --hard\ninterlock: .*guarded terminal of VS Code.*\n$/);
  const decision = (await records()).find((each) => each.includes('"asked":"git reset --hard"'));
  assert.match(decision ?? "", /"doorway":"shim".*"answeredBy":"nobody","allowed":false/);
});

test("a command that asks is asked about itself, in its wrappers too; an agent's own start is not", async (t) => {
  const { exec, base, work } = await changedProject(t);
  for (const words of [
    ["git", "reset", "--hard"],
    ["env", "A=1", "git", "reset", "--hard"],
  ]) {
    const { status, stderr } = await exec(words);
    assert.equal(status, 126, stderr);
    assert.match(stderr, /interlock: refused: git reset --hard\n/);
  }
  assert.equal(await work(), "mine\n");
  // `npx` of an agent is how agents start; what it starts by itself is its own.
  const bin = join(base, "npx");
  await mkdir(bin);
  await writeFile(join(bin, "npx"), '#!/bin/sh\necho "started $*"\n', { mode: 0o755 });
  const env = { PATH: `${bin}:${process.env["PATH"] ?? ""}` };
  const agent = await exec(["npx", "-y", "@openai/codex@latest", "resume"], { env });
  assert.deepEqual([agent.status, agent.stdout], [0, "started -y @openai/codex@latest resume\n"]);
  const other = await exec(["npx", "-y", "something-else"], { env });
  assert.deepEqual([other.status, other.stdout], [126, ""]);
});

test("a command that its project sends elsewhere is sent there, and its input and exit status stay", async (t) => {
  const { exec, base, project } = await changedProject(t);
  await writeFile(join(project, "pyproject.toml"), '[project]\nname = "a"\nversion = "1"\n');
  await writeFile(
    join(project, "uv.lock"),
    'version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { virtual = "." }\n',
  );
  const bin = join(base, "bin");
  await mkdir(bin);
  const uv = '#!/bin/sh\n[ "$1" = run ] || exit 0\necho "uv $*"\ncat\nexit 7\n';
  await writeFile(join(bin, "uv"), uv, { mode: 0o755 });
  const env = { PATH: `${bin}:${process.env["PATH"] ?? ""}` };
  await writeFile(join(project, "x.py"), "print(1)\n");
  const ran = await exec(["python3", "x.py", "a b"], { env, input: "in\n" });
  assert.deepEqual([ran.status, ran.stdout], [7, "uv run --locked python3 x.py a b\nin\n"]);
  assert.equal(ran.stderr, "interlock: python3 x.py 'a b' -> uv run --locked python3 x.py 'a b'\n");
});

test("restore points are kept as it opens, and the alarm tells of what is lost by another way", async (t) => {
  const { exec, base } = await changedProject(t);
  const { stderr } = await exec(
    bash("env PATH=/usr/local/bin:/usr/bin:/bin sh -c 'git reset -q --hard'; sleep 2"),
  );
  assert.match(stderr, /interlock: .*a\.txt/);
  const [area = ""] = await readdir(join(base, "state", "restore"));
  assert.notEqual(area, "");
});

test("input, outputs and exit status are those of the command", async (t) => {
  const { exec } = await changedProject(t);
  const { status, stdout, stderr } = await exec(bash("cat; echo warned >&2; exit 42"), { input: "piped\n" });
  assert.deepEqual([status, stdout, stderr], [42, "piped\n", "warned\n"]);
  const much = await exec(bash("head -c 3000000 /dev/zero | tr '\\0' x"));
  assert.equal(much.stdout.length, 3_000_000);
});

test("a signal that ends the command ends Interlock in the same way", async (t) => {
  const { exec } = await changedProject(t);
  for (const signal of ["TERM", "INT", "KILL"]) {
    const { status } = await exec(bash(`kill -${signal} $$`));
    assert.equal(status, `SIG${signal}`);
  }
});

test("signals reach the command, which may do as it likes with them", async (t) => {
  const { start, base } = await changedProject(t);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1"] as const) {
    const up = join(base, `up-${signal}`);
    const trap = `trap 'echo got; exit 3' ${signal.slice(3)}; touch ${up}; while :; do sleep 0.1; done`;
    const started = start(bash(trap));
    await eventually("it runs", async () => (await readdir(base)).includes(`up-${signal}`));
    started.kill(signal);
    const { status, stdout } = await started.ended;
    assert.deepEqual([signal, status, stdout], [signal, 3, "got\n"]);
  }
});

test("what it left is ended with it", async (t) => {
  const { exec } = await changedProject(t);
  const value = `left-${process.pid}-${Date.now()}`;
  await exec(bash("setsid sleep 1000 >/dev/null 2>&1 & sleep 0.2"), { env: { [MARK]: value } });
  assert.deepEqual(await markedProcesses(MARK, value), []);
});

test("with the host gone nothing that asks runs any more, and what it started ends", async (t) => {
  const { start, base, work } = await changedProject(t);
  const value = `gone-${process.pid}-${Date.now()}`;
  const said = join(base, "said");
  const line = `trap '' TERM; touch ${base}/up; while [ ! -e ${base}/go ]; do sleep 0.02; done; git reset --hard 2> ${said}; sleep 1000`;
  const started = start(bash(line), { env: { [MARK]: value } });
  await eventually("it runs", async () => (await readdir(base)).includes("up"));
  started.kill("SIGKILL");
  await writeFile(join(base, "go"), "");
  await started.ended;
  await eventually("every process is gone", async () => (await markedProcesses(MARK, value)).length === 0);
  assert.equal(await work(), "mine\n");
});

test("inside of a guarded session another exec loosens nothing, and starts no second host", async (t) => {
  const { exec, work } = await changedProject(t);
  const inner = `"${process.execPath}" "${CLI}" exec --mode trusting -- bash -c 'git reset --hard; exit 5'; echo in $?`;
  const { stdout, stderr } = await exec(bash(inner));
  assert.equal(stdout, "in 5\n");
  assert.match(stderr, /^interlock: the session around this one guards it already\.\n/);
  assert.equal(await work(), "mine\n");
});

test("what can't be started says so, with the status that shells have for it", async (t) => {
  const { exec, project } = await changedProject(t);
  await writeFile(join(project, "plain"), "no program\n");
  const missing = await exec(["nosuch-program"]);
  assert.deepEqual([missing.status, missing.stderr], [127, "interlock: nosuch-program was not found.\n"]);
  assert.equal((await exec(["./plain"])).status, 126);
  const unarmed = await exec(["true"], { env: { XDG_RUNTIME_DIR: "/dev/null" } });
  assert.equal(unarmed.status, 125);
  assert.match(unarmed.stderr, /would not be guarded/);
});

test("it is called by its program, or as the person says", async (t) => {
  const { exec, base } = await changedProject(t);
  await exec(["true"]);
  await exec(["true"], { args: ["--name", "nightly"] });
  const folder = join(base, "state", "transcripts");
  const [project = ""] = await readdir(folder);
  const names = await readdir(join(folder, project));
  const texts = await Promise.all(
    names
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => readFile(join(folder, project, name), "utf8")),
  );
  const opened = texts.map(
    (text) => JSON.parse(text.split("\n")[0] ?? "{}") as { agent: { name: string }; terminal: true },
  );
  assert.deepEqual(opened.map(({ agent }) => agent.name).sort(), ["nightly", "true"]);
  assert.ok(opened.every(({ terminal }) => terminal));
});

/** A terminal, to which `typed` is sent once the command says that it is up. */
async function onTerminal(t: TestContext, line: string, typed: string): Promise<string> {
  const { project, base } = await changedProject(t);
  const program = `exec ${quoteAll([process.execPath, CLI, "exec", "--", ...bash(line)])}`;
  const child = spawn(SCRIPT, ["-qec", program, "/dev/null"], {
    cwd: project,
    env: {
      ...process.env,
      SHELL: "/bin/sh",
      INTERLOCK_STATE_DIR: join(base, "state"),
      XDG_RUNTIME_DIR: base,
    },
  });
  t.after(() => void child.kill("SIGKILL"));
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (!said.includes("up\r\n") && (said + text).includes("up\r\n")) child.stdin.write(typed);
    said += text;
  });
  const [status] = await once(child, "close");
  return `${said}status ${status}`;
}

const hasTerminal = existsSync(SCRIPT) || "util-linux's script is not installed";

test(
  "a program on a terminal has it, and reads what is typed",
  { skip: hasTerminal !== true && hasTerminal },
  async (t) => {
    const line = "test -t 0 && test -t 1 && test -t 2 && echo up; read -r word; echo read $word";
    const said = await onTerminal(t, line, "hello\n");
    assert.match(said, /read hello\r\nstatus 0$/);
  },
);

test("Ctrl+C is the command's own, once", { skip: hasTerminal !== true && hasTerminal }, async (t) => {
  const line =
    "n=0; trap 'n=$((n+1))' INT; echo up; until [ $n -gt 0 ]; do sleep 0.1; done; sleep 1; echo got $n; exit 3";
  const said = await onTerminal(t, line, "\x03");
  assert.match(said, /got 1\r\nstatus 3$/);
});

/** What stands for Claude Code: runs its hooks as they are in the settings that it is given, around one command. */
const AGENT = `#!/usr/bin/env node
const { spawnSync } = require("node:child_process");
const words = process.argv.slice(2);
const at = words.indexOf("--settings");
const { hooks } = JSON.parse(words[at + 1]);
const hook = (event, more = {}) => {
  const input = { hook_event_name: event, tool_name: "Bash", tool_input: { command: line }, tool_use_id: "t" + line.length, cwd: process.cwd(), ...more };
  const [{ command }] = hooks[event][0].hooks;
  return JSON.parse(spawnSync("sh", ["-c", command], { input: JSON.stringify(input), encoding: "utf8" }).stdout);
};
let line;
for (line of words.slice(at + 2)) {
  const denied = hook("PreToolUse").hookSpecificOutput?.permissionDecisionReason;
  console.log(line, denied ?? "passes");
  if (denied !== undefined) continue;
  const { status } = spawnSync("sh", ["-c", line]);
  hook(status === 0 ? "PostToolUse" : "PostToolUseFailure");
}
`;

async function withAgents(base: string): Promise<NodeJS.ProcessEnv> {
  const bin = join(base, "agents");
  await mkdir(bin);
  await writeFile(join(bin, "claude"), AGENT, { mode: 0o755 });
  await writeFile(join(bin, "codex"), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
  return { PATH: `${bin}:${process.env["PATH"] ?? ""}` };
}

test("Claude Code is started with a hook, which says no before its shell does, and tells how its calls end", async (t) => {
  const { exec, base, work } = await changedProject(t);
  const env = await withAgents(base);
  const { stdout, stderr } = await exec(["claude", "echo 'git'", "git reset --hard", "exit 3"], { env });
  assert.match(
    stderr,
    /^interlock: claude is started with a hook that asks before its commands \(--settings\)\.\n/,
  );
  assert.match(
    stdout,
    /^echo 'git' passes\ngit reset --hard interlock: This needs a person's yes.*\nexit 3 passes\n$/,
  );
  assert.equal(await work(), "mine\n");
  const calls = await callsOf(base);
  assert.deepEqual(calls, [
    ["echo 'git'", ["hook"], "done"],
    ["git reset --hard", ["hook"], "refused"],
    ["exit 3", ["hook"], "failed"],
  ]);
});

test("Codex gets its hook as configuration of the call; a person's own words are left alone", async (t) => {
  const { exec, base } = await changedProject(t);
  const env = await withAgents(base);
  const codex = await exec(["codex", "resume"], { env });
  assert.match(
    codex.stdout,
    /^-c\nallow_login_shell=false\n-c\nhooks=\{PreToolUse=.*,PostToolUse=.*,state=.*\}\nresume\n$/,
  );
  const own = await exec(["codex", "-c", "hooks.PreToolUse=[]"], { env });
  assert.equal(own.stdout, "-c\nhooks.PreToolUse=[]\n");
  assert.match(own.stderr, /codex is started without a hook, for -c hooks is among your own words/);
  const elsewhere = await exec(bash("PATH=${PATH#*:} command -v claude; command -v claude"), { env });
  assert.match(elsewhere.stdout, /agents\/claude\n.*\/bin\/claude\n$/);
});

/** Each call of the only session: what was asked, by which doorways it was seen, and what became of it. */
async function callsOf(base: string): Promise<(readonly [string, readonly string[], string])[]> {
  const folder = join(base, "state", "transcripts");
  const [project = ""] = await readdir(folder);
  const name = (await readdir(join(folder, project))).find((each) => each.endsWith(".jsonl")) ?? "";
  const lines = (await readFile(join(folder, project, name), "utf8"))
    .split("\n")
    .filter((each) => each !== "");
  const calls = new Map<string, CallPatch>();
  for (const line of lines) {
    const event = JSON.parse(line) as SessionEvent;
    if (event.type === "call") calls.set(event.call, { ...calls.get(event.call), ...event.patch });
  }
  return [...calls.values()].map(({ asked = "", doorways = [], status = "" }) => [asked, doorways, status]);
}
