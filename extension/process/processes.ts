import { execa } from "execa";
import { randomUUID } from "node:crypto";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { setImmediate as nextRead, setTimeout as sleep } from "node:timers/promises";
import { childEnvironment, withVariables } from "./environment.ts";
import {
  END_GRACE_MS,
  endGroup,
  GROUP_MARKER,
  groupLives,
  hasTerminal,
  isFoundByMarker,
  markedProcesses,
} from "./group.ts";
import { OutputTail } from "./output.ts";
import { helperRuntime, type Runtime } from "./runtime.ts";
import { start } from "./start.ts";

export interface SpawnRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to what the allow-list lets through; null takes a variable away. */
  readonly env?: Readonly<Record<string, string | null>>;
  readonly stdin: "pipe" | "ignore";
  /**
   * It is short, somebody waits for it, and it may share the host's process group where its tree is found by the marker all the same.
   * On a busy Linux a new session waits for its first turn: a `git status` took a third longer (sched(7), autogroup). Not for many at
   * once: they would have the host's share of the processor between them.
   */
  readonly inHostGroup?: boolean;
}

export interface Exit {
  /** Null after a signal. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Set when the program couldn't be started: the system's code, such as `ENOENT`. */
  readonly failure?: string;
}

/** A program of ours and everything that it starts. */
export interface ManagedProcess {
  /** Undefined when it couldn't be started; `exited` then says why. */
  readonly pid: number | undefined;
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<Exit>;
  /** Ends the whole tree, also what stayed behind after the program itself ended. */
  end(graceMs?: number): Promise<void>;
}

export interface RunRequest extends Omit<SpawnRequest, "stdin"> {
  /** Milliseconds until the tree is ended. */
  readonly timeoutMs: number;
  /** Bytes of stdout and of stderr that are kept: the end of each. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** What it reads on standard input; nothing where it is left out. */
  readonly input?: Buffer;
  /** `latin1` keeps every byte of stdout as one character: names of files need not be UTF-8. */
  readonly encoding?: "utf8" | "latin1";
}

export interface RunResult extends Exit {
  readonly stdout: string;
  readonly stderr: string;
  /** True when `stdout` lost its beginning, or may lack its end: something that the program left holds it open. */
  readonly truncated: boolean;
  readonly timedOut: boolean;
  /** Milliseconds. */
  readonly ms: number;
}

/** How long the output of a program that ended must be silent before it counts as all of it, and at most. */
const SILENCE_MS = 200;
const MAX_SETTLE_MS = 10_000;

/**
 * Resolves when the output of a program that ended is read. That is waited for only while something comes: a child that it left
 * behind, such as a server in the background, may hold the output open for as long as it lives.
 */
async function settled(exit: Exit, streams: readonly Readable[]): Promise<Exit> {
  const came = (): number =>
    streams.reduce((sum, stream) => sum + (stream instanceof Socket ? stream.bytesRead : 0), 0);
  // What came is read by somebody who may have to wait for a disk.
  const waits = (): boolean => streams.some((stream) => !stream.destroyed && stream.readableLength > 0);
  let before = came();
  for (let waited = 0; waited < MAX_SETTLE_MS; waited += SILENCE_MS) {
    await sleep(SILENCE_MS, undefined, { ref: false });
    // After a time in which nothing was read, timers come before what has arrived meanwhile.
    await nextRead();
    const now = came();
    if (now === before && !waits()) break;
    before = now;
  }
  return exit;
}

/** How long after a program's end it is seen whether it left something: one look for all that end meanwhile. */
const LOOK_AFTER_MS = 1_000;

/** What marks the processes that something else starts, such as a terminal of the editor's: they end with the host. */
export interface Claim {
  readonly variables: Readonly<Record<string, string>>;
  /** Ends all that carry the mark, as far as the system shows them. */
  end(graceMs?: number): Promise<void>;
}

/** A program that runs, or that ended and may have left something. */
interface Tree {
  readonly end: () => Promise<void>;
  /** Null where it has none of its own, or once that is empty: its id may be another's from then on. */
  group: number | null;
  over: boolean;
}

/** A supervisor that ends within this many milliseconds never worked, such as one without its file. */
const QUICK_END_MS = 1_000;
/** After so many of them in a row it would be only a loop that starts programs; then one is tried at times. */
const MAX_QUICK_ENDS = 5;
const BACK_OFF_MS = 60_000;

interface Supervisor {
  readonly stdin: Writable;
}

/** Starts every process of a host, each as a group of its own, and sees to it that none outlives the host. */
export class Processes {
  /** What children may see of the host's: asked once, for a git that takes milliseconds would wait for it each time. */
  readonly #environment: Readonly<Record<string, string>>;
  readonly #supervisorRuntime: Runtime;
  /** Whether what is in no group of its own can be ended, and Ctrl+C on a terminal doesn't end it. */
  readonly #sharesGroup = isFoundByMarker() && !hasTerminal();
  /** By marker. */
  readonly #live = new Map<string, Tree>();
  #look: NodeJS.Timeout | undefined;
  #supervisor: Supervisor | undefined;
  #quickEnds = 0;
  #disposed = false;

  constructor(host: NodeJS.ProcessEnv, supervisor: Runtime = helperRuntime("supervisor")) {
    this.#environment = childEnvironment(host);
    this.#supervisorRuntime = supervisor;
  }

  spawn(request: SpawnRequest): ManagedProcess {
    if (this.#disposed) throw new Error("The host is closing: nothing starts any more.");
    const marker = randomUUID();
    const supervisor = this.#supervise();
    const ownGroup = request.inHostGroup !== true || !this.#sharesGroup;
    const child = start({
      command: request.command,
      args: request.args,
      cwd: request.cwd,
      env: { ...withVariables(this.#environment, request.env ?? {}), [GROUP_MARKER]: marker },
      stdin: request.stdin,
      ownGroup,
    });
    const { pid } = child;
    const exited = Promise.race([
      child.ended,
      child.left.then((exit) => settled(exit, [child.stdout, child.stderr])),
    ]);
    const managed: ManagedProcess = {
      pid,
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      exited,
      end: (graceMs) => this.#end(marker, graceMs, exited),
    };
    if (pid !== undefined) {
      const tree: Tree = { end: () => managed.end(), group: ownGroup ? pid : null, over: false };
      this.#live.set(marker, tree);
      supervisor.stdin.write(lineOf(marker, tree));
      void exited.then(() => {
        tree.over = true;
        // Whoever waits for the program goes on first.
        setImmediate(() => this.#leaveGroup(marker, tree));
      });
    }
    return managed;
  }

  /** Marks what something else will start: it is ended with the host, however that dies. */
  claim(): Claim {
    const marker = randomUUID();
    const end = (graceMs?: number): Promise<void> => this.#end(marker, graceMs);
    const tree: Tree = { end, group: null, over: false };
    this.#live.set(marker, tree);
    this.#supervise().stdin.write(lineOf(marker, tree));
    return { variables: { [GROUP_MARKER]: marker }, end };
  }

  /** Runs a program to its end and keeps the end of its output. Never throws for what the program does. */
  async run(request: RunRequest): Promise<RunResult> {
    const started = performance.now();
    const { input } = request;
    const child = this.spawn({ ...request, stdin: input === undefined ? "ignore" : "pipe" });
    child.stdin?.on("error", () => {
      // EPIPE: it ended without reading all of it; its exit says how.
    });
    child.stdin?.end(input);
    const stdout = new OutputTail(request.maxBytes);
    const stderr = new OutputTail(request.maxBytes);
    let whole = false;
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stdout.once("end", () => {
      whole = true;
    });
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    let timedOut = false;
    const stop = (): void => void child.end(0);
    const timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, request.timeoutMs);
    request.signal?.addEventListener("abort", stop, { once: true });
    if (request.signal?.aborted) stop();
    const exit = await child.exited;
    clearTimeout(timer);
    request.signal?.removeEventListener("abort", stop);
    return {
      ...exit,
      stdout: stdout.text(request.encoding),
      stderr: stderr.text(),
      truncated: stdout.truncated || !whole,
      timedOut,
      ms: Math.round(performance.now() - started),
    };
  }

  /** Ends everything that is left, and then the supervisor. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#forgetEmpty();
    await Promise.allSettled([...this.#live.values()].map(({ end }) => end()));
    this.#supervisor?.stdin.end();
  }

  async #end(marker: string, graceMs = END_GRACE_MS, exited?: Promise<unknown>): Promise<void> {
    const tree = this.#live.get(marker);
    if (tree === undefined) return;
    await endGroup(tree.group, marker, graceMs);
    await exited;
    this.#forget(marker);
  }

  #supervise(): Supervisor {
    if (this.#supervisor !== undefined) return this.#supervisor;
    const { command, args, env } = this.#supervisorRuntime;
    const started = performance.now();
    const supervisor = execa(command, [...args], {
      env: { ...this.#environment, ...env },
      extendEnv: false,
      stdin: "pipe",
      stdout: "ignore",
      stderr: "ignore",
      reject: false,
      // Not in the host's group: a signal to that group must not end it first.
      detached: true,
      cleanup: false,
      windowsHide: true,
    });
    const handle: Supervisor = { stdin: supervisor.stdin };
    handle.stdin.on("error", () => {
      // EPIPE: it is gone; what follows its end starts another one.
    });
    void supervisor.then(() => {
      this.#quickEnds = performance.now() - started < QUICK_END_MS ? this.#quickEnds + 1 : 0;
      if (this.#quickEnds < MAX_QUICK_ENDS) this.#replace(handle);
      // Until then the one that ended stays in its place: what is written to it is dropped.
      else setTimeout(() => this.#replace(handle), BACK_OFF_MS).unref();
    });
    this.#supervisor = handle;
    return handle;
  }

  /** The next supervisor is told all that runs. */
  #replace(ended: Supervisor): void {
    if (this.#supervisor !== ended) return;
    this.#supervisor = undefined;
    if (this.#disposed || this.#live.size === 0) return;
    const next = this.#supervise();
    for (const [marker, tree] of this.#live) next.stdin.write(lineOf(marker, tree));
  }

  /** A group outlives its leader while a child of it lives, and what left it (a daemon) outlives the group. */
  #leaveGroup(marker: string, tree: Tree): void {
    if (!tree.over || !this.#live.has(marker)) return;
    if (tree.group !== null) {
      if (groupLives(tree.group)) return;
      tree.group = null;
      this.#supervisor?.stdin.write(lineOf(marker, tree));
    }
    this.#look ??= setTimeout(() => void this.#forgetEmpty(), LOOK_AFTER_MS).unref();
  }

  async #forgetEmpty(): Promise<void> {
    for (const [marker, tree] of this.#live) this.#leaveGroup(marker, tree);
    clearTimeout(this.#look);
    this.#look = undefined;
    const empty = [...this.#live].filter(([, { group, over }]) => group === null && over);
    const left = new Set((await markedProcesses()).map(({ marker }) => marker));
    for (const [marker] of empty) if (!left.has(marker)) this.#forget(marker);
  }

  #forget(marker: string): void {
    if (this.#live.delete(marker)) this.#supervisor?.stdin.write(`-${marker}\n`);
  }
}

function lineOf(marker: string, { group }: Tree): string {
  return `+${marker}${group === null ? "" : ` ${group}`}\n`;
}
