import { execa } from "execa";
import { spawn } from "node:child_process";
import { PassThrough, type Readable, type Writable } from "node:stream";
import { systemCode } from "../errors.ts";
import type { Exit } from "./processes.ts";

export interface StartRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: "pipe" | "ignore";
  /** Whether it gets a process group, where there are groups: then its whole tree can be signalled. */
  readonly ownGroup: boolean;
}

/** A program that was started, or that couldn't be: it has no `pid` then, and ends at once. */
export interface Started {
  readonly pid: number | undefined;
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** It has ended itself; something that it left may hold its output open. */
  readonly left: Promise<Exit>;
  /** It has ended and nobody holds its output, or it couldn't be started. Never rejects. */
  readonly ended: Promise<Exit>;
}

/** Starts a program with pipes. Never throws. */
export function start(request: StartRequest): Started {
  return process.platform === "win32" ? startOnWindows(request) : startPlainly(request);
}

/**
 * By Node itself: of what execa does, nothing is needed here, and each start of it takes half a millisecond. A prompt waits for one
 * `git status` of ten.
 */
function startPlainly({ command, args, cwd, env, stdin, ownGroup }: StartRequest): Started {
  try {
    const child = spawn(command, [...args], {
      cwd,
      env: { ...env },
      stdio: [stdin, "pipe", "pipe"],
      detached: ownGroup,
    });
    const { pid, stdout, stderr } = child;
    const ended = new Promise<Exit>((resolve) => {
      child.once("close", (code, signal) => resolve({ code, signal }));
      // Later ones are of signals that didn't reach it.
      child.on("error", (error) => {
        if (pid === undefined) resolve(notStarted(error));
      });
    });
    // Without file descriptors left there are no streams.
    if (stdout === null || stderr === null) return withoutStreams(stdin, ended);
    // EPIPE: it ended without reading all of it; its exit says how.
    for (const stream of [child.stdin, stdout, stderr]) stream?.on("error", () => {});
    return { pid, stdin: child.stdin, stdout, stderr, left: exitOf(child), ended };
  } catch (error) {
    // Such as E2BIG: too many words for one program.
    return withoutStreams(stdin, Promise.resolve(notStarted(error)));
  }
}

/** By execa, which finds `NAME.cmd` and quotes as that wants it. A group of its own would open a console. */
function startOnWindows({ command, args, cwd, env, stdin }: StartRequest): Started {
  const child = execa(command, [...args], {
    cwd,
    env: { ...env },
    extendEnv: false,
    stdin,
    stdout: "pipe",
    stderr: "pipe",
    buffer: false,
    reject: false,
    cleanup: false,
    windowsHide: true,
  });
  const { pid, stdout, stderr } = child;
  const ended = child.then(({ exitCode = null, signal = null, code }): Exit => {
    return pid === undefined ? { code: null, signal, failure: code ?? UNKNOWN } : { code: exitCode, signal };
  });
  return { pid, stdin: child.stdin, stdout, stderr, left: exitOf(child), ended };
}

interface Exiting {
  once(event: "exit", listener: (code: number | null, signal: string | null) => void): unknown;
}

function exitOf(child: Exiting): Promise<Exit> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
}

const UNKNOWN = "EUNKNOWN";

function notStarted(error: unknown): Exit {
  return { code: null, signal: null, failure: systemCode(error) ?? UNKNOWN };
}

function withoutStreams(stdin: StartRequest["stdin"], ended: Promise<Exit>): Started {
  const input = stdin === "pipe" ? new PassThrough().resume() : null;
  const [stdout, stderr] = [new PassThrough().end(), new PassThrough().end()];
  return { pid: undefined, stdin: input, stdout, stderr, left: ended, ended };
}
