#!/usr/bin/env node
// The one entry of every npm script: `node scripts/run.mjs TASK [args]`. It runs on Node 20, brings node_modules in
// line with the lock, and hands over to scripts/TASK.ts on a Node that can run TypeScript as it is.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = 20;

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  console.error(
    `Interlock needs Node ${OLDEST_NODE} or newer, and this is ${process.version}. Install a newer Node.`,
  );
  process.exit(1);
}
const { installDependencies } = await import("./boot/dependencies.mjs");
const { nodeForTask } = await import("./boot/node.mjs");
const { printFailure } = await import("./boot/stop.mjs");

const [task = "", ...args] = process.argv.slice(2);
const script = fileURLToPath(new URL(`./${task}.ts`, import.meta.url));

/** @param {string} node */
function handOver(node) {
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", script, ...args], { stdio: "inherit" });
  // A terminal sends Ctrl+C to the whole group: the task decides what it means, and this process waits for it.
  process.on("SIGINT", () => {});
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"]))
    process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? "SIGTERM"]));
}

try {
  if (!/^[a-z]+$/.test(task) || !existsSync(script)) {
    console.error(`There is no task "${task}". See "scripts" in package.json.`);
    process.exit(1);
  }
  await installDependencies();
  handOver(await nodeForTask(task));
} catch (error) {
  printFailure(error);
  process.exit(1);
}
