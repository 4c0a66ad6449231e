import { stat } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import type { Problem } from "../errors.ts";
import type { ManagedProcess, Processes } from "../process/processes.ts";
import type { Exit } from "../process/start.ts";
import { agentEnvironment, type AgentDefinition } from "./agents.ts";
import { LastLines } from "./lastLines.ts";
import { noFolder, notStarted, stopped } from "./problems.ts";

/** How an agent's process ended, with its last words. */
export interface AgentEnd {
  readonly problem: Problem;
  readonly stderr: readonly string[];
}

export interface AgentStart {
  readonly agent: AgentDefinition;
  readonly cwd: string;
  readonly processes: Pick<Processes, "spawn">;
  /** Where `${env:NAME}` of its definition is looked up. */
  readonly host: NodeJS.ProcessEnv;
}

/** The process of an agent: what it says besides the protocol, and how it ends. */
export class AgentProcess {
  /** Resolves when the process is gone with all that it started, however that came. */
  readonly ended: Promise<AgentEnd>;
  readonly #start: AgentStart;
  readonly #process: ManagedProcess;
  readonly #stderr = new LastLines();
  readonly #junk = new LastLines();
  #why: Problem | undefined;

  constructor(start: AgentStart) {
    const { agent, cwd, processes, host } = start;
    this.#start = start;
    this.#process = processes.spawn({
      command: agent.command,
      args: agent.args,
      cwd,
      env: agentEnvironment(agent, host),
      stdin: "pipe",
    });
    this.#process.stderr.setEncoding("utf8");
    this.#process.stderr.on("data", (text: string) => this.#stderr.push(text));
    this.ended = this.#process.exited.then(async (exit) => {
      const end = await this.#endOf(exit);
      // What it started does not outlive it.
      await this.#process.end();
      return end;
    });
  }

  /** Its stdin and stdout; null where it could not be started. */
  get streams(): { readonly stdin: Writable; readonly stdout: Readable } | null {
    const { pid, stdin, stdout } = this.#process;
    return pid === undefined || stdin === null ? null : { stdin, stdout };
  }

  /** A line of its stdout that is no message. */
  noteJunk(line: string): void {
    this.#junk.push(`${line}\n`);
  }

  firstJunk(): string | undefined {
    return this.#junk.lines()[0];
  }

  /** What it said last on stderr, or, where it never did, what it printed instead of messages. */
  lastWords(): readonly string[] {
    const lines = this.#stderr.lines();
    return lines.length > 0 ? lines : this.#junk.lines();
  }

  /** Ends it with everything that it started. `why`: what a person is told, unless it ended by itself before. */
  async end(graceMs?: number, why?: Problem): Promise<void> {
    this.#why ??= why;
    this.#process.stdin?.end();
    await this.#process.end(graceMs);
  }

  async #endOf(exit: Exit): Promise<AgentEnd> {
    const { agent, cwd } = this.#start;
    const stderr = this.lastWords();
    if (exit.failure === undefined)
      return { problem: this.#why ?? stopped(agent, exit, stderr.length > 0), stderr };
    // The system says the same of a missing folder as of a missing program.
    const there = await stat(cwd).catch(() => null);
    return { problem: there === null ? noFolder(cwd) : notStarted(agent, exit.failure), stderr };
  }
}
