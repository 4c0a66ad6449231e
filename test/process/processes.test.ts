import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { Processes, type ManagedProcess } from "../../extension/process/processes.ts";
import { eventually } from "../harness/processes.ts";
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
