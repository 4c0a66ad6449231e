import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ROOT } from "../../scripts/lib/paths.ts";
import type { SessionEvent } from "../../extension/events/event.ts";
import type { Script } from "../agents/script.ts";
import { scriptedAgent, type ScriptedAgent } from "../agents/start.ts";
import { markedProcesses } from "../harness/processes.ts";
import { type Owner, tempDir } from "../harness/temp.ts";

/** What the build made of extension/cli. */
const CLI = join(ROOT, "dist", "cli.js");
/** Not one of Interlock's own variables: those are kept from agents. */
const MARK = "RUN_MARK";

export interface Run {
  readonly child: ChildProcess;
  readonly agent: ScriptedAgent;
  readonly project: string;
  /** The parent of project and state. */
  readonly base: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly events: () => SessionEvent[];
  /** Resolves when standard output holds this. */
  readonly until: (text: string) => Promise<void>;
  /** How it ended: its exit code, or the signal. */
  readonly ended: Promise<number | string | null>;
  /** Processes that the agent, or what it ran, left. The agent's environment is marked; commands inherit it by `env`. */
  readonly left: () => Promise<number[]>;
  /** For `env` of a terminal: marks the command. */
  readonly mark: { readonly name: string; readonly value: string };
}

export interface RunOptions {
  readonly args?: readonly string[];
  readonly prompt?: string;
  readonly agents?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What the project is like before the run. */
  readonly prepare?: (project: string) => unknown;
  /** A group of its own, so that a signal to it is like one from a terminal. */
  readonly detached?: boolean;
}

/** Starts `interlock run` with a scripted agent. `${mark}` in the script stands for the mark's value. */
export async function startRun(t: Owner, script: Script, options: RunOptions = {}): Promise<Run> {
  const base = await tempDir(t);
  const project = join(base, "project");
  await mkdir(project);
  await options.prepare?.(project);
  const mark = { name: MARK, value: randomUUID() };
  const marked = JSON.parse(JSON.stringify(script).replaceAll("${mark}", mark.value)) as Script;
  const agent = scriptedAgent(base, marked);
  const file = join(base, "agents.json");
  const { command, args } = agent;
  const definition = { id: "scripted", name: "Scripted", command, args, env: { [mark.name]: mark.value } };
  await writeFile(file, options.agents ?? JSON.stringify([definition]));
  const words = [CLI, "run", "--agent", "scripted", "--agents", file, "--cwd", project];
  const child = spawn(process.execPath, [...words, ...(options.args ?? []), options.prompt ?? "go"], {
    cwd: base,
    env: { ...process.env, INTERLOCK_STATE_DIR: join(base, "state"), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: options.detached ?? false,
  });
  t.after(() => void child.kill("SIGKILL"));
  let [stdout, stderr] = ["", ""];
  const listeners = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = once(child, "close").then(([code, signal]) => (signal ?? code) as number | string | null);
  return {
    child,
    agent,
    project,
    base,
    mark,
    stdout: () => stdout,
    stderr: () => stderr,
    events: () =>
      stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as SessionEvent),
    until: (text) =>
      Promise.race([
        new Promise<void>((resolve) => {
          const look = (): void => {
            if (stdout.includes(text)) resolve();
          };
          listeners.add(look);
          look();
        }),
        ended.then(() => {
          throw new Error(`It ended before it said “${text}”:\n${stdout}\n${stderr}`);
        }),
      ]),
    ended,
    left: () => markedProcesses(mark.name, mark.value),
  };
}
