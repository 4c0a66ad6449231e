import { spawn, type ChildProcess } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { client, methods, RequestError } from "@agentclientprotocol/sdk";
import type {
  AgentApp,
  ClientCapabilities,
  ClientConnection,
  CreateTerminalRequest,
  SessionUpdate,
  StopReason,
  Stream,
} from "@agentclientprotocol/sdk";

import { tell } from "./transcript.ts";

const EVERYTHING: ClientCapabilities = { terminal: true, fs: { readTextFile: true, writeTextFile: true } };
const WAIT_MS = 20_000;

export interface HostOptions {
  readonly cwd: string;
  readonly capabilities?: ClientCapabilities;
  readonly env?: NodeJS.ProcessEnv;
  /** A reason refuses the command; `hold` never answers. */
  readonly onCommand?: (line: string) => "hold" | { readonly refused: string } | undefined;
  /** A text is read instead of what lies on the disk. */
  readonly onRead?: (path: string) => string | undefined;
  readonly onWrite?: (path: string) => { readonly refused: string } | undefined;
}

interface Terminal {
  readonly child: ChildProcess;
  readonly ended: Promise<{ exitCode: number | null; signal: string | null }>;
  output: string;
}

/** The least that a host can be: it runs what it is asked to, with real programs, and remembers what it was told. */
export class TestHost {
  readonly updates: SessionUpdate[] = [];
  /** Every command line it was asked to run, in order. */
  readonly asked: CreateTerminalRequest[] = [];
  readonly written: string[] = [];
  /** Terminals that were not released. */
  readonly terminals = new Map<string, Terminal>();
  readonly #options: HostOptions;
  readonly #connection: ClientConnection;
  #opened = 0;
  sessionId = "";

  constructor(agent: AgentApp | Stream, options: HostOptions) {
    this.#options = options;
    const app = client({ name: "test-host" })
      .onNotification(methods.client.session.update, ({ params }) => {
        this.updates.push(params.update);
      })
      .onRequest(methods.client.terminal.create, async ({ params }) => this.#create(params))
      .onRequest(
        methods.client.terminal.waitForExit,
        async ({ params }) => this.#terminal(params.terminalId).ended,
      )
      .onRequest(methods.client.terminal.output, ({ params }) => {
        const { output } = this.#terminal(params.terminalId);
        return { output, truncated: false };
      })
      .onRequest(methods.client.terminal.kill, ({ params }) => {
        this.#terminal(params.terminalId).child.kill("SIGKILL");
      })
      .onRequest(methods.client.terminal.release, ({ params }) => {
        this.#terminal(params.terminalId).child.kill("SIGKILL");
        this.terminals.delete(params.terminalId);
      })
      .onRequest(methods.client.fs.readTextFile, async ({ params: { path } }) => ({
        content: options.onRead?.(path) ?? (await readFile(path, "utf8")),
      }))
      .onRequest(methods.client.fs.writeTextFile, async ({ params: { path, content } }) => {
        const refused = options.onWrite?.(path);
        if (refused) {
          throw new RequestError(-32_000, refused.refused);
        }
        this.written.push(path);
        await writeFile(path, content);
      });
    // The two overloads differ only in what the other end is.
    this.#connection = "readable" in agent ? app.connect(agent) : app.connect(agent);
  }

  /** Says hello and opens a session. */
  static async open(agent: AgentApp | Stream, options: HostOptions): Promise<TestHost> {
    const host = new TestHost(agent, options);
    await host.#connection.agent.request("initialize", {
      protocolVersion: 1,
      clientCapabilities: options.capabilities ?? EVERYTHING,
    });
    const opened = await host.#connection.agent.request("session/new", { cwd: options.cwd, mcpServers: [] });
    host.sessionId = opened.sessionId;
    await host.until((update) => update.sessionUpdate === "available_commands_update");
    return host;
  }

  get agent(): ClientConnection["agent"] {
    return this.#connection.agent;
  }

  get lines(): readonly string[] {
    return this.asked.map(({ command, args = [] }) => [command, ...args].join(" "));
  }

  /** What it was told, as text to compare with. */
  get told(): string {
    return tell(this.updates, this.#options.cwd);
  }

  async prompt(text: string): Promise<StopReason> {
    this.updates.length = 0;
    const answer = await this.agent.request("session/prompt", {
      sessionId: this.sessionId,
      prompt: [{ type: "text", text }],
    });
    return answer.stopReason;
  }

  async cancel(): Promise<void> {
    await this.agent.notify("session/cancel", { sessionId: this.sessionId });
  }

  /** Waits for an update that came or comes. */
  async until(wanted: (update: SessionUpdate) => boolean): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while (!this.updates.some(wanted)) {
      if (Date.now() > deadline) {
        throw new Error(`Waited in vain. Told so far:\n${this.told}`);
      }
      await sleep(5);
    }
  }

  close(): void {
    for (const { child } of this.terminals.values()) {
      child.kill("SIGKILL");
    }
    this.#connection.close();
  }

  async #create(request: CreateTerminalRequest): Promise<{ terminalId: string }> {
    this.asked.push(request);
    const { command, args, cwd } = request;
    const verdict = this.#options.onCommand?.([command, ...(args ?? [])].join(" "));
    if (verdict === "hold") {
      await new Promise(() => {});
    } else if (verdict) {
      throw new RequestError(-32_000, verdict.refused);
    }
    // Without arguments the command is a line for a shell, as hosts understand it.
    const child = spawn(command, args ?? [], {
      ...(typeof cwd === "string" && { cwd }),
      env: this.#options.env ?? process.env,
      shell: args === undefined,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#opened += 1;
    const terminalId = `terminal-${this.#opened}`;
    const ended = new Promise<{ exitCode: number | null; signal: string | null }>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (exitCode, signal) => resolve({ exitCode, signal }));
    });
    ended.catch(() => {});
    const terminal: Terminal = { child, ended, output: "" };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        terminal.output += text;
      });
    }
    this.terminals.set(terminalId, terminal);
    return { terminalId };
  }

  #terminal(id: string): Terminal {
    const terminal = this.terminals.get(id);
    if (!terminal) {
      throw RequestError.resourceNotFound(id);
    }
    return terminal;
  }
}
