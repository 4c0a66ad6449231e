import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess, SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { Stop } from "../boot/stop.mjs";

/** What is kept of a program's output: enough to say why it failed. */
const KEPT_CHARACTERS = 1_000_000;
/** How long a group may take to end by itself. */
const GRACE_MS = 3_000;

export interface Outcome {
  /** The exit code; null when it was ended by a signal or could not be started. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end. Failing to start is an outcome too: code null, and the reason in stderr. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout = (stdout + text).slice(-KEPT_CHARACTERS);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-KEPT_CHARACTERS);
  });
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: null, stdout, stderr: error.message }));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs a program that has to succeed, and returns its standard output. */
export async function mustRun(
  command: string,
  args: readonly string[],
  next: string,
  options: RunOptions = {},
): Promise<string> {
  const outcome = await run(command, args, options);
  if (outcome.code === 0) return outcome.stdout;
  const said = `${outcome.stdout}\n${outcome.stderr}`.trim().split("\n").slice(-15).join("\n");
  throw new Stop(`\`${[command, ...args].join(" ").slice(0, 300)}\` failed.`, next, said);
}

/** Runs a program whose output a person watches, and returns its exit code. `onText` sees standard output too. */
export async function runVisibly(
  command: string,
  args: readonly string[],
  onText?: (text: string) => void,
): Promise<number | null> {
  const child = startGroup(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    process.stdout.write(text);
    onText?.(text);
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  await endGroup(child);
  return code;
}

const groups = new Set<ChildProcess>();
let watching = false;

function signalGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): boolean {
  if (child.pid === undefined) return false;
  try {
    if (process.platform === "win32") execFileSync("taskkill", ["/pid", String(child.pid), "/T", "/F"]);
    else process.kill(-child.pid, signal);
    return true;
  } catch {
    return false;
  }
}

function watchOwnEnd(): void {
  if (watching) return;
  watching = true;
  process.on("exit", () => {
    for (const child of groups) signalGroup(child, "SIGKILL");
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // Whoever handles the signal says what it means; only where nobody does is it the end.
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(1);
    });
  }
}

/** Starts a program as a group of its own, which ends with this process however that ends short of SIGKILL. */
export function startGroup(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  watchOwnEnd();
  const child = spawn(command, args, {
    ...options,
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  groups.add(child);
  child.on("error", () => groups.delete(child));
  return child;
}

/** Ends a group: asks first, and kills what is left after a moment. */
export async function endGroup(child: ChildProcess): Promise<void> {
  const ended =
    child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, "exit");
  if (signalGroup(child, "SIGTERM")) {
    const settled = new AbortController();
    await Promise.race([
      ended,
      sleep(GRACE_MS, undefined, { signal: settled.signal }).catch(() => undefined),
    ]);
    settled.abort();
  }
  // The leader may be gone while its children ignore the request.
  signalGroup(child, "SIGKILL");
  groups.delete(child);
}
