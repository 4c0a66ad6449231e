import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { ROOT } from "../../scripts/lib/paths.ts";
import { makeRepository } from "../git/support.ts";
import { eventually, markedProcesses } from "../harness/processes.ts";
import { tempDir } from "../harness/temp.ts";

const CLI = join(ROOT, "dist", "cli.js");
const MARK = "EXEC_MARK";

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
  readonly records: () => Promise<string>;
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
    records: async () => {
      const folder = join(project, "agent-audit");
      const names = (await readdir(folder)).filter((name) => name.endsWith(".log"));
      return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("");
    },
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
  const decisions = (await records()).split("\n").filter((each) => each.includes('"asked":"git reset --hard"'));
  assert.match(decisions[0] ?? "", /"doorway":"shim".*"answeredBy":"nobody","allowed":false/);
});

test("restore points are kept as it opens, and the alarm tells of what is lost by another way", async (t) => {
  const { exec, base } = await changedProject(t);
  const { stderr } = await exec(bash("$(PATH=/usr/bin:/bin command -v env) PATH=/usr/bin:/bin git reset -q --hard; sleep 2"));
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
    names.filter((name) => name.endsWith(".jsonl")).map((name) => readFile(join(folder, project, name), "utf8")),
  );
  const opened = texts.map((text) => JSON.parse(text.split("\n")[0] ?? "{}") as { agent: { name: string }; terminal: true });
  assert.deepEqual(opened.map(({ agent }) => agent.name).sort(), ["nightly", "true"]);
  assert.ok(opened.every(({ terminal }) => terminal));
});
