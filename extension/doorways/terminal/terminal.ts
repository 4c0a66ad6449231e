import * as l10n from "@vscode/l10n";
import type {
  CreateTerminalRequest,
  TerminalOutputResponse,
  WaitForTerminalExitResponse,
} from "@agentclientprotocol/sdk";
import { InterlockError } from "../../errors.ts";
import { type Commands, outputOf, type RunningCommand } from "./commands.ts";

/** Bytes of output kept for the agent where it names no limit, and at most. */
const DEFAULT_OUTPUT_BYTES = 1024 * 1024;
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

/** The `terminal/*` doorway: Interlock runs the command itself. */
export class TerminalDoorway {
  readonly #commands: Commands;
  readonly #terminals = new Map<string, RunningCommand>();
  #count = 0;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  async create(params: CreateTerminalRequest, signal: AbortSignal): Promise<{ terminalId: string }> {
    const { command, args = [], cwd = null } = params;
    const env = Object.fromEntries((params.env ?? []).map(({ name, value }) => [name, value]));
    const act = await this.#commands.act({ command, args, cwd, env });
    const limit = Math.min(params.outputByteLimit ?? DEFAULT_OUTPUT_BYTES, MAX_OUTPUT_BYTES);
    const request = { doorway: "terminal", act, signal, carriesReason: true, canEdit: true } as const;
    const terminal = await this.#commands.start(request, { limit, tellsRoute: true });
    const terminalId = `t${++this.#count}`;
    this.#terminals.set(terminalId, terminal);
    return { terminalId };
  }

  output(id: string): TerminalOutputResponse {
    const terminal = this.#get(id);
    const { instead, tail, exit } = terminal;
    return {
      output: outputOf(terminal),
      truncated: tail.truncated,
      ...(exit === undefined ? {} : { exitStatus: { exitCode: exit.code, signal: exit.signal } }),
      ...(instead === null ? {} : { _meta: { [RAN_INSTEAD]: instead } }),
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
    await this.#commands.end(this.#get(id));
  }

  async release(id: string): Promise<void> {
    const terminal = this.#get(id);
    this.#terminals.delete(id);
    await this.#commands.release(terminal);
  }

  /** The agent is gone: nobody asks for its terminals any more. */
  forget(): void {
    this.#terminals.clear();
  }

  #get(id: string): RunningCommand {
    const terminal = this.#terminals.get(id);
    if (terminal !== undefined) return terminal;
    throw new InterlockError({
      code: "terminal.unknown",
      message: l10n.t("There is no terminal “{0}”.", id),
      next: l10n.t("It was released, or never created."),
    });
  }
}

/** The key under which agents that look for it find the command that ran in place of theirs. */
const RAN_INSTEAD = "interlock/ranInstead";
