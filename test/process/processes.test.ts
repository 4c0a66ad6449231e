import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { Processes, type ManagedProcess, type RunResult } from "../../extension/process/processes.ts";
import { eventually, isAlive } from "../harness/processes.ts";
import { tempDir } from "../harness/temp.ts";
import { processes } from "../sessions/support/session.ts";

function shell(line: string, cwd: string, by: Pick<Processes, "spawn"> = processes): ManagedProcess {
  return by.spawn({ command: "sh", args: ["-c", line], cwd, stdin: "ignore" });
}

test("each process of a tree is asked once to end", async (t) => {
  const folder = await tempDir(t);
  const program = `trap 'echo asked >> asked; sleep 0.2; exit' TERM; echo up > up; while :; do sleep 0.02; done`;
  const child = shell(`(${program}) & wait`, folder);
  await eventually("it runs", () => readFile(join(folder, "up")).then(Boolean, () => false));
  await child.end();
  assert.equal(await readFile(join(folder, "asked"), "utf8"), "asked\n");
});

test("what left its group, and outlived the program that started it, is asked first, too", async (t) => {
  const folder = await tempDir(t);
  const program = `trap 'sleep 0.2; echo saved > saved; exit' TERM; echo up > up; while :; do sleep 0.02; done`;
  const child = shell(`setsid sh -c "${program}" >/dev/null 2>&1 &`, folder);
  assert.equal((await child.exited).code, 0);
  await eventually("it runs", () => readFile(join(folder, "up")).then(Boolean, () => false));
  await child.end();
  assert.equal(await readFile(join(folder, "saved"), "utf8"), "saved\n");
});

test("a host that closes ends what ended programs left, and starts nothing any more", async (t) => {
  const folder = await tempDir(t);
  const host = new Processes(process.env, { command: "cat", args: [], env: {} });
  const daemon = "trap 'echo saved > saved; exit' TERM; echo up > up; while :; do sleep 0.02; done";
  await shell(`setsid sh -c "${daemon}" >/dev/null 2>&1 &`, folder, host).exited;
  await eventually("it runs", () => readFile(join(folder, "up")).then(Boolean, () => false));
  await host.dispose();
  assert.equal(await readFile(join(folder, "saved"), "utf8"), "saved\n");
  assert.throws(() => shell("true", folder, host), /nothing starts any more/);
});

test("a short program in the host's own group is ended with what it started, in time and with the host", async (t) => {
  const folder = await tempDir(t);
  const line = "sleep 1000 & echo $! > started; wait";
  const started = async (): Promise<number> => Number(await readFile(join(folder, "started"), "utf8"));
  const request = { command: "sh", args: ["-c", line], cwd: folder, inHostGroup: true };
  const late = await processes.run({ ...request, timeoutMs: 300, maxBytes: 1_000 });
  assert.deepEqual([late.timedOut, late.signal], [true, "SIGTERM"]);
  await eventually("what it started is gone", async () => !(await isAlive(await started())));

  const host = spawn(
    process.execPath,
    ["--input-type=module", "--eval", HOST, source("processes"), source("supervisor"), "in host's group"],
    { cwd: folder, stdio: ["ignore", "pipe", "inherit"] },
  );
  t.after(() => host.kill("SIGKILL"));
  const [said] = (await once(host.stdout.setEncoding("utf8"), "data")) as [string];
  host.kill("SIGKILL");
  await eventually("what the host ran is gone", async () => !(await isAlive(Number(said))));
});

test("a supervisor that was killed is replaced, and the next one knows what runs", async (t) => {
  const folder = await tempDir(t);
  const host = spawn(
    process.execPath,
    ["--input-type=module", "--eval", HOST, source("processes"), source("supervisor")],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  t.after(() => host.kill("SIGKILL"));
  const [line] = (await once(host.stdout.setEncoding("utf8"), "data")) as [string];
  const program = Number(line);
  t.after(() => isAlive(program).then((lives) => lives && process.kill(program, "SIGKILL")));
  const first = await supervisorOf(host.pid ?? 0, program);
  process.kill(first, "SIGKILL");
  await eventually("there is another", async () => {
    const next = await supervisorOf(host.pid ?? 0, program);
    return next !== -1 && next !== first;
  });
  host.kill("SIGKILL");
  await eventually("what it ran is gone", async () => !(await isAlive(program)));
});

test("a supervisor that always ends at once is not started without end, and programs run still", async (t) => {
  const folder = await tempDir(t);
  const supervisor = { command: "sh", args: ["-c", 'echo x >> "$0"', join(folder, "starts")], env: {} };
  const host = new Processes(process.env, supervisor);
  t.after(() => host.dispose());
  const child = shell("sleep 1000", folder, host);
  const starts = (): Promise<string> => readFile(join(folder, "starts"), "utf8").catch(() => "");
  await eventually("it was tried", async () => (await starts()).length === 10);
  assert.equal((await shell("sleep 0.5", folder, host).exited).code, 0);
  assert.equal(await starts(), "x\n".repeat(5));
  await child.end();
});

test("what keeps a program from starting is told by its end", async (t) => {
  const cwd = await tempDir(t);
  const run = (command: string, args: readonly string[], folder = cwd): Promise<RunResult> =>
    processes.run({ command, args, cwd: folder, timeoutMs: 5_000, maxBytes: 1_000 });
  assert.equal((await run("no-such-program", [])).failure, "ENOENT");
  assert.equal((await run("true", [], join(cwd, "gone"))).failure, "ENOENT");
  assert.equal((await run("true", ["x".repeat(4_000_000)])).failure, "E2BIG");
  assert.deepEqual(await run("sh", ["-c", "echo said; exit 3"]).then(({ code, stdout }) => [code, stdout]), [
    3,
    "said\n",
  ]);
  assert.equal((await run("sh", ["-c", "kill -9 $$"])).signal, "SIGKILL");
});

test("a program that ends without reading what it is sent harms nobody", async (t) => {
  const cwd = await tempDir(t);
  const child = processes.spawn({ command: "true", args: [], cwd, stdin: "pipe" });
  for (let count = 0; count < 50; count++) child.stdin?.write(Buffer.alloc(100_000));
  child.stdout.resume();
  child.stderr.resume();
  assert.equal((await child.exited).code, 0);
});

function source(name: string): string {
  return fileURLToPath(new URL(`../../extension/process/${name}.ts`, import.meta.url));
}

const HOST = `
  const { Processes } = await import(process.argv[1]);
  const processes = new Processes(process.env, { command: process.execPath, args: [process.argv[2]], env: {} });
  const inHostGroup = process.argv[3] !== undefined;
  const child = processes.spawn({ command: "sleep", args: ["1000"], cwd: ".", stdin: "ignore", inHostGroup });
  console.log(child.pid);
`;

/** The host's child beside the program that it runs; -1 where there is none. */
async function supervisorOf(host: number, program: number): Promise<number> {
  const children = await readFile(`/proc/${host}/task/${host}/children`, "utf8");
  return (
    children
      .trim()
      .split(" ")
      .map(Number)
      .find((pid) => pid > 0 && pid !== program) ?? -1
  );
}

test("an output that something left holds open is not taken for all of it", async (t) => {
  const cwd = await tempDir(t);
  const run = (line: string): Promise<RunResult> =>
    processes.run({ command: "sh", args: ["-c", line], cwd, timeoutMs: 5_000, maxBytes: 1_000 });
  const held = await run("sleep 3 & echo said");
  assert.deepEqual([held.code, held.stdout, held.truncated], [0, "said\n", true]);
  const whole = await run("echo said");
  assert.deepEqual([whole.code, whole.stdout, whole.truncated], [0, "said\n", false]);
});
