import type { ChildProcess, SpawnOptions } from "node:child_process";
import { PassThrough, type Readable, type Writable } from "node:stream";
import spawn from "cross-spawn";
import { systemCode } from "../errors.ts";

export interface Exit {
  /** Null after a signal. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Set when the program couldn't be started: the system's code, such as `ENOENT`. */
  readonly failure?: string;
}

export interface Started {
  /** Undefined when it couldn't be started. */
  readonly pid: number | undefined;
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The program ended, though others may still hold its output open. */
  readonly ended: Promise<Exit>;
  /** It ended, and its output too. */
  readonly closed: Promise<Exit>;
}

/** Starts one program with an array of arguments. What keeps it from starting is told by its exit, never thrown. */
export function start(command: string, args: readonly string[], options: SpawnOptions): Started {
  let child: ChildProcess;
  try {
    child = spawn(command, [...args], { ...options, windowsHide: true });
  } catch (error) {
    return neverStarted(systemCode(error));
  }
  const failed = new Promise<Exit>((resolve) => {
    child.on("error", (error) => {
      // Later errors, such as of a signal that couldn't be sent, are no end.
      if (child.pid === undefined) resolve(failure(systemCode(error)));
    });
  });
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    // EPIPE and its like: how it ended says all of it.
    stream?.on("error", () => {});
  }
  const on = (event: "exit" | "close"): Promise<Exit> =>
    Promise.race([
      failed,
      new Promise<Exit>((resolve) => child.once(event, (code, signal) => resolve({ code, signal }))),
    ]);
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout ?? nothing(),
    stderr: child.stderr ?? nothing(),
    ended: on("exit"),
    closed: on("close"),
  };
}

function neverStarted(code: string | undefined): Started {
  const exit = Promise.resolve(failure(code));
  return { pid: undefined, stdin: null, stdout: nothing(), stderr: nothing(), ended: exit, closed: exit };
}

function failure(code = "EUNKNOWN"): Exit {
  return { code: null, signal: null, failure: code };
}

function nothing(): Readable {
  return new PassThrough().end();
}
