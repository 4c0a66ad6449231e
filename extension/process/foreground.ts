import { execa } from "execa";
import { isatty } from "node:tty";
import { setTimeout as sleep } from "node:timers/promises";
import type { Exit } from "./processes.ts";
import { statOf } from "./shown.ts";

export interface ForegroundRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a terminal sends to the whole group: the program has had it. */
const FROM_TERMINAL = ["SIGINT", "SIGQUIT"] as const;
/** What is sent to this process alone, and meant for the program. */
const HANDED_ON = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const;
/** How soon a program that stopped itself gives the terminal back. */
const STOPPED_POLL_MS = 200;

/**
 * Runs a program where this one runs: on its terminal, with its input and outputs, in its process group. Signals reach it as if nobody
 * stood between. Never throws for what the program does.
 */
export async function runForeground({ command, args, cwd, env }: ForegroundRequest): Promise<Exit> {
  const child = execa(command, [...args], {
    cwd,
    env: { ...env },
    extendEnv: false,
    stdio: "inherit",
    reject: false,
    cleanup: false,
  });
  const onTerminal = [0, 1, 2].some((stream) => isatty(stream));
  const stopListening = handSignalsOn(onTerminal, (signal) => child.kill(signal));
  const over = new AbortController();
  if (onTerminal && child.pid !== undefined) void stopWith(child.pid, over.signal);
  try {
    const { exitCode = null, signal = null, code } = await child;
    return { code: exitCode, signal, ...(child.pid === undefined ? { failure: code ?? "EUNKNOWN" } : {}) };
  } finally {
    over.abort();
    stopListening();
  }
}

function handSignalsOn(onTerminal: boolean, send: (signal: NodeJS.Signals) => void): () => void {
  const handlers = [
    ...FROM_TERMINAL.map((signal) => [signal, () => (onTerminal ? undefined : send(signal))] as const),
    ...HANDED_ON.map((signal) => [signal, () => send(signal)] as const),
  ];
  for (const [signal, handle] of handlers) process.on(signal, handle);
  return () => {
    for (const [signal, handle] of handlers) process.off(signal, handle);
  };
}

/** A program that stops itself alone, as some do at Ctrl+Z, would leave the shell waiting: this one stops with it. */
async function stopWith(pid: number, over: AbortSignal): Promise<void> {
  if (process.platform !== "linux") return;
  while (!over.aborted) {
    await sleep(STOPPED_POLL_MS, undefined, { ref: false });
    if (!(await statOf(pid)).stopped || over.aborted) continue;
    process.kill(process.pid, "SIGSTOP");
    process.kill(pid, "SIGCONT");
  }
}
