import * as l10n from "@vscode/l10n";
import type {
  ClientConnection,
  CreateTerminalRequest,
  CreateTerminalResponse,
  PromptResponse,
  ReadTextFileRequest,
  ReadTextFileResponse,
  RequestPermissionOutcome,
  TerminalOutputResponse,
  WaitForTerminalExitResponse,
  WriteTextFileRequest,
} from "@agentclientprotocol/sdk";
import { setTimeout as sleep } from "node:timers/promises";
import { InterlockError, messageOf, type Problem } from "../errors.ts";
import type { ManagedProcess, Processes } from "../process/processes.ts";
import { agentEnvironment, type AgentDefinition } from "./agents.ts";
import { type KnownUpdate, permissionRequest, type PermissionRequest, readUpdate } from "./schema.ts";
import { messageStream } from "./stream.ts";

/** Agents took 0.7 to 11 s to answer `initialize`: a minute is patience, more is a hang. */
export const START_TIMEOUT_MS = 60_000;
/** After `session/cancel` the agent may finish what it writes; then its process ends. */
export const CANCEL_GRACE_MS = 5_000;
/** A connection that breaks is mostly the process ending: so long its exit is waited for. */
const CLOSED_SETTLE_MS = 200;
/** Lines of stderr kept for a crash report. */
const STDERR_LINES = 40;
const STDERR_LINE_CHARACTERS = 500;

/** What an agent may ask of its host. Each is a doorway, or leads to one. */
export interface AgentHandlers {
  readonly onUpdate: (update: KnownUpdate) => void;
  readonly requestPermission: (
    request: PermissionRequest,
    signal: AbortSignal,
  ) => Promise<RequestPermissionOutcome>;
  readonly readTextFile: (request: ReadTextFileRequest, signal: AbortSignal) => Promise<ReadTextFileResponse>;
  readonly writeTextFile: (request: WriteTextFileRequest, signal: AbortSignal) => Promise<void>;
  readonly createTerminal: (
    request: CreateTerminalRequest,
    signal: AbortSignal,
  ) => Promise<CreateTerminalResponse>;
  readonly terminalOutput: (terminalId: string) => TerminalOutputResponse;
  readonly waitForTerminal: (terminalId: string) => Promise<WaitForTerminalExitResponse>;
  readonly killTerminal: (terminalId: string) => Promise<void>;
  readonly releaseTerminal: (terminalId: string) => Promise<void>;
}

export interface ConnectOptions {
  readonly agent: AgentDefinition;
  readonly cwd: string;
  readonly processes: Processes;
  readonly host: NodeJS.ProcessEnv;
  readonly version: string;
  readonly handlers: AgentHandlers;
  readonly startTimeoutMs?: number;
  /** What it waits for, in words for a person. */
  readonly onProgress: (waitsFor: string) => void;
}

/** How an agent's process ended while it was connected. */
export interface AgentEnd {
  readonly problem: Problem;
  readonly stderr: readonly string[];
}

/** An agent that could not be started, with its last words. */
export class AgentStartError extends InterlockError {
  readonly stderr: readonly string[];

  constructor(end: AgentEnd, options?: { cause?: unknown }) {
    super(end.problem, options);
    this.stderr = end.stderr;
  }
}

/** One agent process with one session. */
export class AgentLink {
  readonly sessionId: string;
  /** Resolves when the process is gone, however that came. */
  readonly ended: Promise<AgentEnd>;
  readonly #connection: ClientConnection;
  readonly #process: ManagedProcess;

  constructor(
    connection: ClientConnection,
    process: ManagedProcess,
    sessionId: string,
    ended: Promise<AgentEnd>,
  ) {
    this.#connection = connection;
    this.#process = process;
    this.sessionId = sessionId;
    this.ended = ended;
  }

  prompt(text: string): Promise<PromptResponse> {
    return this.#connection.agent.request("session/prompt", {
      sessionId: this.sessionId,
      prompt: [{ type: "text", text }],
    });
  }

  /**
   * Asks the agent to stop its turn. False when it did not within the grace period: then its process was ended,
   * with everything that it had started.
   */
  async cancel(turn: Promise<unknown>, graceMs: number = CANCEL_GRACE_MS): Promise<boolean> {
    await this.#connection.agent.notify("session/cancel", { sessionId: this.sessionId }).catch(() => {});
    const settled = turn.then(
      () => true,
      () => true,
    );
    if (await Promise.race([settled, sleep(graceMs, false, { ref: false })])) return true;
    await this.close(0);
    return false;
  }

  async close(graceMs?: number): Promise<void> {
    this.#connection.close();
    this.#process.stdin?.end();
    await this.#process.end(graceMs);
  }
}

/** Starts an agent and opens its session. Throws an `AgentStartError` that says what to do. */
export async function connectAgent(options: ConnectOptions): Promise<AgentLink> {
  const { agent, cwd, processes, handlers, onProgress } = options;
  // The protocol layer is 145 kB: it is loaded when the first agent starts.
  const { client, PROTOCOL_VERSION, RequestError } = await import("@agentclientprotocol/sdk");
  onProgress(l10n.t("starting {0}", agent.name));
  const process = processes.spawn({
    command: agent.command,
    args: agent.args,
    cwd,
    env: agentEnvironment(agent, options.host),
    stdin: "pipe",
  });
  const stderr = new LastLines();
  process.stderr.setEncoding("utf8");
  process.stderr.on("data", (text: string) => stderr.push(text));
  const junk = new LastLines();
  const ended = watchEnd(agent, process, stderr, junk);
  if (process.stdin === null || process.pid === undefined) {
    throw new AgentStartError(await ended);
  }
  const stream = messageStream(process.stdin, process.stdout, { onJunk: (line) => junk.push(`${line}\n`) });
  const refuse = (problem: Problem): Error =>
    new RequestError(HELD_BACK, `interlock: ${problem.message} ${problem.next}`, { code: problem.code });
  const connection = register(client({ name: "interlock" }), handlers, refuse).connect(stream);
  const started = openSession(connection, cwd, options.version, PROTOCOL_VERSION, () =>
    onProgress(l10n.t("opening a session")),
  );
  try {
    const timeoutMs = options.startTimeoutMs ?? START_TIMEOUT_MS;
    const first = await Promise.race([
      started,
      ended.then((end) => end),
      sleep(timeoutMs, "late" as const, { ref: false }),
    ]);
    if (first === "late") throw new InterlockError(tooSlow(agent, timeoutMs, junk));
    if (typeof first !== "string") throw new AgentStartError(first);
    return new AgentLink(connection, process, first, ended);
  } catch (error) {
    const gone = error instanceof AgentStartError ? error : null;
    // Where the process ended, its end says more than the broken connection.
    const end = gone ?? (await Promise.race([ended, sleep(CLOSED_SETTLE_MS, null)]));
    connection.close();
    await process.end(0);
    if (gone !== null) throw gone;
    if (end !== null) throw new AgentStartError(end as AgentEnd, { cause: error });
    const problem = error instanceof InterlockError ? error : startProblem(agent, error);
    throw new AgentStartError({ problem, stderr: stderr.lines() }, { cause: error });
  }
}

async function openSession(
  connection: ClientConnection,
  cwd: string,
  version: string,
  protocolVersion: number,
  onReady: () => void,
): Promise<string> {
  const answer = await connection.agent.request("initialize", {
    protocolVersion,
    clientInfo: { name: "interlock", title: "Interlock", version },
    clientCapabilities: { fs: { readTextFile: true, writeTextFile: true }, terminal: true },
  });
  if (answer.protocolVersion !== protocolVersion) {
    throw new InterlockError({
      code: "agent.protocol",
      message: l10n.t("The agent speaks version {0} of the protocol.", answer.protocolVersion),
      next: l10n.t("Install a version of it that speaks ACP version {0}.", protocolVersion),
    });
  }
  onReady();
  const session = await connection.agent.request("session/new", { cwd, mcpServers: [] });
  return session.sessionId;
}

type App = ReturnType<(typeof import("@agentclientprotocol/sdk"))["client"]>;

/** The error code of what Interlock did not let through: from the range that JSON-RPC leaves to servers. */
const HELD_BACK = -32_010;

function register(app: App, handlers: AgentHandlers, refuse: (problem: Problem) => Error): App {
  /** An agent reads a refusal as an error with a sentence and a remedy. */
  const told = async <Value>(work: Promise<Value>): Promise<Value> => {
    try {
      return await work;
    } catch (error) {
      throw error instanceof InterlockError ? refuse(error) : error;
    }
  };
  return (
    app
      // Handlers start in order and are not awaited: this one is synchronous, so updates stay in order.
      .onNotification(
        "session/update",
        (params: unknown) => params,
        ({ params }) => {
          const update = readUpdate(params);
          if (update !== null) handlers.onUpdate(update);
        },
      )
      .onRequest("session/request_permission", permissionRequest, async ({ params, signal }) => ({
        outcome: await handlers.requestPermission(params, signal),
      }))
      .onRequest("fs/read_text_file", ({ params, signal }) => told(handlers.readTextFile(params, signal)))
      .onRequest("fs/write_text_file", async ({ params, signal }) => {
        await told(handlers.writeTextFile(params, signal));
        return {};
      })
      .onRequest("terminal/create", ({ params, signal }) => told(handlers.createTerminal(params, signal)))
      .onRequest("terminal/output", ({ params }) =>
        told(Promise.resolve(params).then(({ terminalId }) => handlers.terminalOutput(terminalId))),
      )
      .onRequest("terminal/wait_for_exit", ({ params }) => told(handlers.waitForTerminal(params.terminalId)))
      .onRequest("terminal/kill", async ({ params }) => {
        await handlers.killTerminal(params.terminalId);
        return {};
      })
      .onRequest("terminal/release", async ({ params }) => {
        await handlers.releaseTerminal(params.terminalId);
        return {};
      })
  );
}

/** The end of a stream of text, as lines. */
class LastLines {
  #lines: string[] = [];
  #open = "";

  push(text: string): void {
    const parts = (this.#open + text).split(/\r?\n/);
    this.#open = (parts.pop() ?? "").slice(-STDERR_LINE_CHARACTERS);
    this.#lines = [...this.#lines, ...parts.map((line) => line.slice(0, STDERR_LINE_CHARACTERS))].slice(
      -STDERR_LINES,
    );
  }

  lines(): readonly string[] {
    return [...this.#lines, this.#open].filter((line) => line.trim() !== "").slice(-STDERR_LINES);
  }
}

async function watchEnd(
  agent: AgentDefinition,
  process: ManagedProcess,
  stderr: LastLines,
  junk: LastLines,
): Promise<AgentEnd> {
  const exit = await process.exited;
  const said = stderr.lines().length > 0 ? stderr.lines() : junk.lines();
  if (exit.failure !== undefined) {
    const missing = exit.failure === "ENOENT";
    return {
      problem: {
        code: "agent.start.missing",
        message: missing
          ? l10n.t("{0} could not be started: “{1}” was not found.", agent.name, agent.command)
          : l10n.t("{0} could not be started: {1}.", agent.name, exit.failure),
        next: l10n.t("Install it, or correct its command in the setting “interlock.agents”."),
      },
      stderr: said,
    };
  }
  const how =
    exit.signal === null ? l10n.t("exit code {0}", exit.code ?? 0) : l10n.t("signal {0}", exit.signal);
  return {
    problem: {
      code: "agent.ended",
      message: l10n.t("{0} stopped ({1}).", agent.name, how),
      next: l10n.t("Restart it. What it said last is shown below."),
    },
    stderr: said,
  };
}

function tooSlow(agent: AgentDefinition, timeoutMs: number, junk: LastLines): Problem {
  const [line] = junk.lines();
  return {
    code: "agent.start.timeout",
    message: l10n.t("{0} did not answer within {1} seconds.", agent.name, Math.round(timeoutMs / 1_000)),
    next:
      line === undefined
        ? l10n.t("Check that its command starts an agent that speaks ACP, and restart it.")
        : l10n.t(
            "It printed something else than ACP messages: “{0}”. Check its command.",
            line.slice(0, 200),
          ),
  };
}

/** The code with which an agent says that a person must sign in first. */
const AUTH_REQUIRED = -32_000;

function startProblem(agent: AgentDefinition, error: unknown): Problem {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code === AUTH_REQUIRED) {
    return {
      code: "agent.auth",
      message: l10n.t("{0} wants you to sign in first.", agent.name),
      next: l10n.t("Sign in with the agent's own program in a terminal, then restart it."),
    };
  }
  return {
    code: "agent.start.failed",
    message: l10n.t("{0} could not open a session: {1}", agent.name, messageOf(error)),
    next: l10n.t("Restart it, or choose another agent."),
  };
}
