import * as l10n from "@vscode/l10n";
import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { CommandAct, DoorRequest } from "../../door/act.ts";
import type { Admission, Door, Outcome } from "../../door/door.ts";
import { InterlockError } from "../../errors.ts";
import { OutputTail } from "../../process/output.ts";
import type { Exit, ManagedProcess, Processes, SpawnRequest } from "../../process/processes.ts";
import { quoteAll } from "../../shell/quote.ts";
import { LiveOutput } from "./liveOutput.ts";
import { OutputBudget } from "./outputBudget.ts";

/** Bytes of output kept for all commands of a session: four of the largest, or all that an agent forgets to release. */
const SESSION_OUTPUT_BYTES = 32 * 1024 * 1024;
/** Commands of one session that run at the same time. Chosen: more than any build starts, less than a machine bears. */
const MAX_RUNNING = 100;
/** Bytes of output that are kept of a command whose end alone matters. */
const COMPLETE_BYTES = 16 * 1024;
/** What a POSIX shell answers when there is no such program. */
const NOT_FOUND = 127;
const CLOSING: Promise<Exit> = Promise.resolve({ code: null, signal: null, failure: "ECANCELED" });

/** A command as an agent asks for it. */
export interface AskedCommand {
  /** A program, or a whole line where there are no arguments. */
  readonly command: string;
  readonly args?: readonly string[];
  /** The session's folder where it is left out. */
  readonly cwd?: string | null;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a command is run beside what the agent said. */
export interface RunOptions {
  /** Bytes of output that are kept. */
  readonly limit: number;
  /** Variables of Interlock's own, such as those that keep colours out of an output that is read. */
  readonly environment?: Readonly<Record<string, string | null>>;
  /** True where its output is for a program, and no person reads it as it comes. */
  readonly quiet?: boolean;
  /** True where the output is all that the agent reads: then a line of it says what ran instead. */
  readonly tellsRoute?: boolean;
  readonly onChunk?: (stream: "stdout" | "stderr", chunk: Buffer) => void;
}

/** A command that was let through, and runs or has ended. */
export interface RunningCommand {
  /** The call that it is. */
  readonly call: string;
  readonly turn: number;
  readonly asked: string;
  /** The line that ran: what was asked, its route, or what a person put in its place. */
  readonly line: string;
  /** The command that a person put in place of the one that was asked; null where it ran as the agent asked. */
  readonly instead: string | null;
  /** What the agent reads before the output: what ran in place of what it asked. */
  readonly notice: string;
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

export interface CommandsParts {
  readonly door: Pick<Door, "decide" | "run">;
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

/** The commands of one session that Interlock itself runs, for whichever doorway: asked at the door, started, and ended. */
export class Commands {
  readonly #parts: CommandsParts;
  /** Those that were not released, and those that still run. */
  readonly #kept = new Set<RunningCommand>();
  readonly #running = new Set<RunningCommand>();
  readonly #budget = new OutputBudget(SESSION_OUTPUT_BYTES);

  constructor(parts: CommandsParts) {
    this.#parts = parts;
  }

  /** A command as the door takes it. Throws an `InterlockError` where its folder isn't there. */
  async act({ command, args = [], cwd: named, env = {} }: AskedCommand): Promise<CommandAct> {
    const asked = named ?? this.#parts.cwd;
    // Links are followed first: what a command touches is judged by where it really is.
    const cwd = isAbsolute(asked) ? await realpath(asked).catch(() => null) : null;
    const folder = cwd === null ? null : await stat(cwd).catch(() => null);
    if (cwd === null || folder === null || !folder.isDirectory()) throw noFolder(asked);
    // Agents send a program with arguments, or a whole line in `command`: only the latter needs a shell.
    const isLine = args.length === 0 && /[^\w@%+=:,./-]/.test(command);
    const argv = isLine ? null : [command, ...args];
    return { kind: "command", line: argv === null ? command : quoteAll(argv), argv, cwd, env };
  }

  /** Asks the door, and starts what it lets through. Throws an `InterlockError` that says why not. */
  async start(
    request: DoorRequest & { readonly act: CommandAct },
    options: RunOptions,
  ): Promise<RunningCommand> {
    if (this.#running.size >= MAX_RUNNING) throw tooMany();
    const admitted = await this.#parts.door.decide(request);
    if (!admitted.ok) throw new InterlockError(admitted.error);
    const command = this.#spawnAdmitted(request.act, admitted.value, options);
    this.#kept.add(command);
    this.#running.add(command);
    const execute = async (): Promise<Outcome> => {
      const { code, signal } = await command.exited;
      this.#running.delete(command);
      return { exit: code, signal, failed: code !== 0, stopped: command.stopped };
    };
    command.told = new Promise((resolve) => {
      command.over = this.#parts.door.run(request, admitted.value, execute, resolve);
      command.over.then(
        () => resolve(),
        () => resolve(),
      );
    });
    return command;
  }

  /** Runs a command of Interlock's own to its end. Throws like `start`. */
  async complete(
    request: DoorRequest & { readonly act: CommandAct },
  ): Promise<{ readonly exit: number | null; readonly output: string }> {
    const command = await this.start(request, { limit: COMPLETE_BYTES });
    const { code } = await command.exited;
    const output = outputOf(command);
    await command.told;
    await this.release(command);
    return { exit: code, output };
  }

  /** Ends the whole tree; output and exit status stay readable. */
  async end(command: RunningCommand, stopped = this.#parts.stopped().aborted): Promise<void> {
    if (command.exit === undefined) command.stopped ||= stopped;
    await command.end();
  }

  /** Nobody reads it any more: ends it, with what it left. */
  async release(command: RunningCommand): Promise<void> {
    this.#kept.delete(command);
    this.#budget.forget(command.tail);
    await this.end(command);
  }

  /** The person stopped a turn: what was started in it ends, also what its commands left. Resolves when that is recorded. */
  async endTurn(turn: number): Promise<void> {
    await this.#endAll(this.#all().filter((command) => command.turn === turn));
  }

  /** Ends every command, and what commands left behind. Resolves when that is recorded. */
  async dispose(): Promise<void> {
    const all = this.#all();
    this.#kept.clear();
    await this.#endAll(all);
  }

  #all(): readonly RunningCommand[] {
    return [...new Set([...this.#kept, ...this.#running])];
  }

  async #endAll(commands: readonly RunningCommand[]): Promise<void> {
    await Promise.allSettled(
      commands.map(async (command) => {
        await this.end(command, true);
        await command.over;
      }),
    );
  }

  /** Starts what was admitted. What can't be started has ended, and says why in its output. */
  #spawnAdmitted(
    asked: CommandAct,
    { call, considered }: Admission,
    { limit, environment = {}, quiet = false, tellsRoute = false, onChunk }: RunOptions,
  ): RunningCommand {
    const { shell, outputFolder, onOutput, turn } = this.#parts;
    const act = considered.act.kind === "command" ? considered.act : asked;
    const routed = tellsRoute && considered.told !== null ? `interlock: ${considered.told}\n` : "";
    const instead = act === asked ? null : act.line;
    const notice = instead === null ? routed : changedNotice(instead);
    const line = considered.route?.to ?? act.line;
    const direct = act.argv !== null && considered.route === null;
    const [command = shell, ...args] = direct ? (act.argv ?? []) : [shell, "-c", line];
    const tail = new OutputTail(Math.max(0, limit - Buffer.byteLength(notice)));
    this.#budget.add(tail);
    const log = join(outputFolder, `${call.id}.log`);
    const live = quiet ? null : new LiveOutput(log, (text) => onOutput(call.id, text));
    const env = { ...environment, ...considered.environment, ...act.env };
    const process = this.#spawn({ command, args, cwd: act.cwd, env, stdin: "ignore" });
    for (const name of ["stdout", "stderr"] as const) {
      const stream = process?.[name];
      stream?.on("data", (chunk: Buffer) => {
        this.#budget.push(tail, chunk);
        onChunk?.(name, chunk);
        // A command that prints faster than the disk takes it waits for the disk.
        if (live?.push(chunk) === false) {
          stream.pause();
          void live.drained().then(() => stream.resume());
        }
      });
    }
    const exited = (process?.exited ?? CLOSING).then(async (exit) => {
      if (exit.failure !== undefined) {
        const why = Buffer.from(`interlock: ${command}: ${exit.failure}\n`);
        this.#budget.push(tail, why);
        live?.push(why);
      }
      this.#budget.finish(tail);
      await live?.end();
      running.exit = exit.failure === undefined ? exit : { ...exit, code: NOT_FOUND };
      return running.exit;
    });
    const end = async (): Promise<void> => process?.end();
    const running: RunningCommand = {
      call: call.id,
      asked: asked.line,
      turn: turn(),
      line,
      instead,
      notice,
      tail,
      exited,
      exit: undefined,
      end,
      stopped: false,
      told: Promise.resolve(),
      over: exited,
    };
    return running;
  }

  /** Nothing starts any more while the host is closing. */
  #spawn(request: SpawnRequest): ManagedProcess | undefined {
    try {
      return this.#parts.processes.spawn(request);
    } catch {
      return undefined;
    }
  }
}

/** The output that is kept; what a person put in the command's place is said apart, since its beginning may be dropped. */
export function outputOf({ notice, tail }: RunningCommand): string {
  return notice + tail.text();
}

function changedNotice(line: string): string {
  return `interlock: ${l10n.t("The person changed your command. This ran instead: {0}", line)}\n`;
}

function noFolder(asked: string): InterlockError {
  return new InterlockError({
    code: "terminal.folder",
    message: l10n.t("There is no folder “{0}” to run in.", asked),
    next: l10n.t("Name an absolute path of an existing folder."),
  });
}

function tooMany(): InterlockError {
  return new InterlockError({
    code: "terminal.too-many",
    message: l10n.t("{0} of your commands run already.", MAX_RUNNING),
    next: l10n.t("Wait until some have ended, or end them."),
  });
}
