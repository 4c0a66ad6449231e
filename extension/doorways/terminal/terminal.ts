import * as l10n from "@vscode/l10n";
import type {
  CreateTerminalRequest,
  TerminalOutputResponse,
  WaitForTerminalExitResponse,
} from "@agentclientprotocol/sdk";
import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { CommandAct, DoorRequest } from "../../door/act.ts";
import type { Admission, Door, Outcome } from "../../door/door.ts";
import { InterlockError } from "../../errors.ts";
import { OutputTail } from "../../process/output.ts";
import type { ManagedProcess, Processes, SpawnRequest } from "../../process/processes.ts";
import type { Exit } from "../../process/start.ts";
import { quoteAll } from "../../shell/quote.ts";
import { LiveOutput } from "./liveOutput.ts";
import { OutputBudget } from "./outputBudget.ts";

/** Bytes of output kept for the agent where it names no limit, and at most. */
const DEFAULT_OUTPUT_BYTES = 1024 * 1024;
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
/** Bytes of output kept for all terminals of a session: four of the largest, or all that an agent forgets to release. */
const SESSION_OUTPUT_BYTES = 32 * 1024 * 1024;
/** Commands of one session that run at the same time. Chosen: more than any build starts, less than a machine bears. */
const MAX_RUNNING = 100;
/** What a POSIX shell answers when there is no such program. */
const NOT_FOUND = 127;
const CLOSING: Promise<Exit> = Promise.resolve({ code: null, signal: null, failure: "ECANCELED" });

interface Terminal {
  readonly turn: number;
  readonly tail: OutputTail;
  /** Resolves when its output is told, too. */
  readonly exited: Promise<Exit>;
  exit: Exit | undefined;
  /** Ends the whole tree. */
  readonly end: () => Promise<void>;
  /** The person, or the end of the session, ended it. */
  stopped: boolean;
  /** Resolves when its call has ended. */
  told: Promise<void>;
  /** Resolves when its end is recorded. */
  over: Promise<unknown>;
}

export interface TerminalParts {
  readonly door: Door;
  readonly processes: Pick<Processes, "spawn">;
  /** The session's folder: where a command runs that names none. */
  readonly cwd: string;
  /** The shell that runs lines. */
  readonly shell: string;
  /** Folder for the output of long commands. */
  readonly outputFolder: string;
  readonly onOutput: (call: string, text: string) => void;
  readonly turn: () => number;
  /** Aborts when the person stops the turn. */
  readonly stopped: () => AbortSignal;
}

/** The `terminal/*` doorway: Interlock runs the command itself. */
export class TerminalDoorway {
  readonly #parts: TerminalParts;
  readonly #terminals = new Map<string, Terminal>();
  /** Those that still run, also after the agent released them. */
  readonly #running = new Set<Terminal>();
  readonly #budget = new OutputBudget(SESSION_OUTPUT_BYTES);
  #count = 0;

  constructor(parts: TerminalParts) {
    this.#parts = parts;
  }

  async create(params: CreateTerminalRequest, signal: AbortSignal): Promise<{ terminalId: string }> {
    const act = await this.#act(params);
    if (this.#running.size >= MAX_RUNNING) throw tooMany();
    const request: DoorRequest = { doorway: "terminal", act, signal, carriesReason: true };
    const admitted = await this.#parts.door.decide(request);
    if (!admitted.ok) throw new InterlockError(admitted.error);
    const limit = Math.min(params.outputByteLimit ?? DEFAULT_OUTPUT_BYTES, MAX_OUTPUT_BYTES);
    const terminal = this.#start(act, admitted.value, limit);
    this.#running.add(terminal);
    const execute = async (): Promise<Outcome> => {
      const { code, signal } = await terminal.exited;
      this.#running.delete(terminal);
      return { exit: code, signal, failed: code !== 0, stopped: terminal.stopped };
    };
    terminal.told = new Promise((resolve) => {
      terminal.over = this.#parts.door.run(request, admitted.value, execute, resolve);
      terminal.over.then(
        () => resolve(),
        () => resolve(),
      );
    });
    const terminalId = `t${++this.#count}`;
    this.#terminals.set(terminalId, terminal);
    return { terminalId };
  }

  output(id: string): TerminalOutputResponse {
    const { tail, exit } = this.#get(id);
    return {
      output: tail.text(),
      truncated: tail.truncated,
      ...(exit === undefined ? {} : { exitStatus: { exitCode: exit.code, signal: exit.signal } }),
    };
  }

  async waitForExit(id: string): Promise<WaitForTerminalExitResponse> {
    const { exited, told } = this.#get(id);
    const exit = await exited;
    // The agent goes on at once: what it does next is judged by what this command has made.
    await told;
    return { exitCode: exit.code, signal: exit.signal };
  }

  /** Ends the whole tree; output and exit status stay readable. */
  async kill(id: string): Promise<void> {
    await this.#end(this.#get(id), this.#parts.stopped().aborted);
  }

  async release(id: string): Promise<void> {
    const terminal = this.#get(id);
    this.#terminals.delete(id);
    this.#budget.forget(terminal.tail);
    await this.#end(terminal, this.#parts.stopped().aborted);
  }

  /** The person stopped a turn: what was started in it ends, also what its commands left. Resolves when that is recorded. */
  async endTurn(turn: number): Promise<void> {
    await this.#endAll(this.#all().filter((terminal) => terminal.turn === turn));
  }

  /** Ends every command, and what commands left behind. Resolves when that is recorded. */
  async dispose(): Promise<void> {
    const all = this.#all();
    this.#terminals.clear();
    await this.#endAll(all);
  }

  #all(): readonly Terminal[] {
    return [...new Set([...this.#terminals.values(), ...this.#running])];
  }

  async #endAll(terminals: readonly Terminal[]): Promise<void> {
    await Promise.allSettled(
      terminals.map(async (terminal) => {
        await this.#end(terminal, true);
        await terminal.over;
      }),
    );
  }

  async #end(terminal: Terminal, stopped: boolean): Promise<void> {
    if (terminal.exit === undefined) terminal.stopped ||= stopped;
    await terminal.end();
  }

  async #act(params: CreateTerminalRequest): Promise<CommandAct> {
    const asked = params.cwd ?? this.#parts.cwd;
    // Links are followed first: what a command touches is judged by where it really is.
    const cwd = isAbsolute(asked) ? await realpath(asked).catch(() => null) : null;
    const folder = cwd === null ? null : await stat(cwd).catch(() => null);
    if (cwd === null || folder === null || !folder.isDirectory()) {
      throw new InterlockError({
        code: "terminal.folder",
        message: l10n.t("There is no folder “{0}” to run in.", asked),
        next: l10n.t("Name an absolute path of an existing folder."),
      });
    }
    const args = params.args ?? [];
    const env = Object.fromEntries((params.env ?? []).map(({ name, value }) => [name, value]));
    // Agents send a program with arguments, or a whole line in `command`: only the latter needs a shell.
    const isLine = args.length === 0 && /[^\w@%+=:,./-]/.test(params.command);
    const argv = isLine ? null : [params.command, ...args];
    return { kind: "command", line: argv === null ? params.command : quoteAll(argv), argv, cwd, env };
  }

  /** Starts what was admitted. What can't be started has ended, and says why in its output. */
  #start(act: CommandAct, admission: Admission, limit: number): Terminal {
    const { shell, outputFolder, onOutput, turn } = this.#parts;
    const { call, considered } = admission;
    const direct = act.argv !== null && considered.route === null;
    const [command = shell, ...args] = direct
      ? (act.argv ?? [])
      : [shell, "-c", considered.route?.to ?? act.line];
    const tail = new OutputTail(limit);
    this.#budget.add(tail);
    const live = new LiveOutput(join(outputFolder, `${call.id}.log`), (text) => onOutput(call.id, text));
    const process = this.#spawn({ command, args, cwd: act.cwd, env: act.env, stdin: "ignore" });
    for (const stream of [process?.stdout, process?.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#budget.push(tail, chunk);
        // A command that prints faster than the disk takes it waits for the disk.
        if (!live.push(chunk)) {
          stream.pause();
          void live.drained().then(() => stream.resume());
        }
      });
    }
    const exited = (process?.exited ?? CLOSING).then(async (exit) => {
      if (exit.failure !== undefined) {
        const why = Buffer.from(`interlock: ${command}: ${exit.failure}\n`);
        this.#budget.push(tail, why);
        live.push(why);
      }
      this.#budget.finish(tail);
      await live.end();
      terminal.exit = exit.failure === undefined ? exit : { ...exit, code: NOT_FOUND };
      return terminal.exit;
    });
    const end = async (): Promise<void> => process?.end();
    const terminal: Terminal = {
      turn: turn(),
      tail,
      exited,
      exit: undefined,
      end,
      stopped: false,
      told: Promise.resolve(),
      over: exited,
    };
    return terminal;
  }

  /** Nothing starts any more while the host is closing. */
  #spawn(request: SpawnRequest): ManagedProcess | undefined {
    try {
      return this.#parts.processes.spawn(request);
    } catch {
      return undefined;
    }
  }

  #get(id: string): Terminal {
    const terminal = this.#terminals.get(id);
    if (terminal !== undefined) return terminal;
    throw new InterlockError({
      code: "terminal.unknown",
      message: l10n.t("There is no terminal “{0}”.", id),
      next: l10n.t("It was released, or never created."),
    });
  }
}

function tooMany(): InterlockError {
  return new InterlockError({
    code: "terminal.too-many",
    message: l10n.t("{0} of your commands run already.", MAX_RUNNING),
    next: l10n.t("Wait until some have ended, or end them."),
  });
}
