import * as l10n from "@vscode/l10n";
import type {
  CreateTerminalRequest,
  TerminalOutputResponse,
  WaitForTerminalExitResponse,
} from "@agentclientprotocol/sdk";
import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Act, DoorRequest } from "../../door/act.ts";
import type { Admission, Door } from "../../door/door.ts";
import { InterlockError } from "../../errors.ts";
import { OutputTail } from "../../process/output.ts";
import type { Exit, ManagedProcess, Processes } from "../../process/processes.ts";
import { quoteAll } from "../../shell/quote.ts";
import { LiveOutput } from "./liveOutput.ts";

/** Bytes of output kept for the agent where it names no limit, and at most. */
const DEFAULT_OUTPUT_BYTES = 1024 * 1024;
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
/** What a POSIX shell answers when there is no such program. */
const NOT_FOUND = 127;

interface Terminal {
  readonly process: ManagedProcess;
  readonly tail: OutputTail;
  readonly exited: Promise<Exit>;
  exit: Exit | undefined;
}

export interface TerminalParts {
  readonly door: Door;
  readonly processes: Processes;
  /** The session's folder: where a command runs that names none. */
  readonly cwd: string;
  /** The shell that runs lines. */
  readonly shell: string;
  /** Folder for the output of long commands. */
  readonly outputFolder: string;
  readonly onOutput: (call: string, text: string) => void;
}

/** The `terminal/*` doorway: Interlock runs the command itself. */
export class TerminalDoorway {
  readonly #parts: TerminalParts;
  readonly #terminals = new Map<string, Terminal>();
  #count = 0;

  constructor(parts: TerminalParts) {
    this.#parts = parts;
  }

  async create(params: CreateTerminalRequest, signal: AbortSignal): Promise<{ terminalId: string }> {
    const act = await this.#act(params);
    const request: DoorRequest = { doorway: "terminal", act, signal };
    const admitted = await this.#parts.door.decide(request);
    if (!admitted.ok) throw new InterlockError(admitted.error);
    const limit = Math.min(params.outputByteLimit ?? DEFAULT_OUTPUT_BYTES, MAX_OUTPUT_BYTES);
    const id = `t${++this.#count}`;
    await new Promise<void>((started) => {
      void this.#parts.door.run(request, admitted.value, async () => {
        const terminal = this.#start(act, admitted.value, limit);
        this.#terminals.set(id, terminal);
        started();
        const exit = await terminal.exited;
        return { exit: exit.code, signal: exit.signal, failed: exit.code !== 0 };
      });
    });
    return { terminalId: id };
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
    const exit = await this.#get(id).exited;
    return { exitCode: exit.code, signal: exit.signal };
  }

  /** Ends the whole tree; output and exit status stay readable. */
  async kill(id: string): Promise<void> {
    await this.#get(id).process.end();
  }

  async release(id: string): Promise<void> {
    const terminal = this.#get(id);
    this.#terminals.delete(id);
    await terminal.process.end();
  }

  /** Ends every command that still runs. */
  async dispose(): Promise<void> {
    const all = [...this.#terminals.values()];
    this.#terminals.clear();
    await Promise.allSettled(all.map((terminal) => terminal.process.end()));
  }

  async #act(params: CreateTerminalRequest): Promise<Extract<Act, { kind: "command" }>> {
    const cwd = params.cwd ?? this.#parts.cwd;
    const folder = isAbsolute(cwd) ? await stat(cwd).catch(() => null) : null;
    if (folder === null || !folder.isDirectory()) {
      throw new InterlockError({
        code: "terminal.folder",
        message: l10n.t("There is no folder “{0}” to run in.", cwd),
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

  #start(act: Extract<Act, { kind: "command" }>, admission: Admission, limit: number): Terminal {
    const { processes, shell, outputFolder, onOutput } = this.#parts;
    const { call, run, considered } = admission;
    const direct = act.argv !== null && considered.route === null;
    const [command = shell, ...args] = direct ? (act.argv ?? []) : [shell, "-c", run];
    const process = processes.spawn({ command, args, cwd: act.cwd, env: act.env, stdin: "ignore" });
    const tail = new OutputTail(limit);
    const live = new LiveOutput(join(outputFolder, `${call.id}.log`), (text) => onOutput(call.id, text));
    const push = (chunk: Buffer): void => {
      tail.push(chunk);
      live.push(chunk);
    };
    process.stdout.on("data", push);
    process.stderr.on("data", push);
    const terminal: Terminal = {
      process,
      tail,
      exit: undefined,
      exited: process.exited.then(async (exit) => {
        const missing = exit.failure !== undefined;
        if (missing) push(Buffer.from(`interlock: ${command}: ${exit.failure}\n`));
        await live.end();
        terminal.exit = missing ? { ...exit, code: NOT_FOUND } : exit;
        return terminal.exit;
      }),
    };
    return terminal;
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
