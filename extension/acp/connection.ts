import * as l10n from "@vscode/l10n";
import type {
  ClientApp,
  ClientConnection,
  CreateTerminalRequest,
  CreateTerminalResponse,
  McpServerStdio,
  PromptResponse,
  ReadTextFileRequest,
  ReadTextFileResponse,
  RequestPermissionOutcome,
  TerminalOutputResponse,
  WaitForTerminalExitResponse,
  WriteTextFileRequest,
} from "@agentclientprotocol/sdk";
import { setTimeout as sleep } from "node:timers/promises";
import { InterlockError, type Problem } from "../errors.ts";
import { didNotStop, disconnected, otherVersion, refusedSession, tooLarge, tooSlow } from "./problems.ts";
import { type AgentEnd, AgentProcess, type AgentStart } from "./process.ts";
import { type KnownUpdate, permissionRequest, type PermissionRequest, readUpdate } from "./schema.ts";
import { MAX_MESSAGE_BYTES, messageStream } from "./stream.ts";

/** Agents took 0.7 to 11 s to answer `initialize`: a minute is patience, more is a hang. */
const START_TIMEOUT_MS = 60_000;
/** After `session/cancel` the agent may finish what it writes; then its process ends. */
const CANCEL_GRACE_MS = 5_000;
/** Characters of a program's name, and of its version. */
const MAX_PROGRAM = 100;
/** A connection that breaks is mostly the process ending, which says more: on a busy machine that is seen later. */
const CLOSED_SETTLE_MS = 2_000;

/** What an agent may ask of its host. Each is a doorway, or leads to one. */
export interface AgentHandlers {
  /** `child`: the agent's own session, where the update is of another one than the one that was opened. */
  readonly onUpdate: (update: KnownUpdate, child: string | null) => void;
  /** Nothing can be said to the agent any more: told before its requests are cancelled for that reason. */
  readonly onClosed: () => void;
  /** Something that a person should know, and that ends nothing. */
  readonly onNotice: (problem: Problem) => void;
  readonly requestPermission: (
    request: PermissionRequest,
    child: string | null,
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

export interface ConnectOptions extends AgentStart {
  readonly version: string;
  readonly handlers: AgentHandlers;
  /** What the agent is to start for its session. */
  readonly mcpServers: readonly McpServerStdio[];
  /** `_meta` of the request that opens its session. */
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly startTimeoutMs?: number;
  /** What it waits for, in words for a person. */
  readonly onProgress: (waitsFor: string) => void;
  /** What the agent says that it is, where it does. */
  readonly onTold: (program: AgentProgram) => void;
  /** Nobody waits for the agent any more: it is ended. */
  readonly signal: AbortSignal;
}

/** What an agent's program calls itself. */
export interface AgentProgram {
  readonly name: string;
  readonly version: string;
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
  readonly #agent: AgentStart["agent"];
  readonly #connection: ClientConnection;
  readonly #process: AgentProcess;

  constructor(
    agent: AgentStart["agent"],
    connection: ClientConnection,
    process: AgentProcess,
    sessionId: string,
  ) {
    this.#agent = agent;
    this.#connection = connection;
    this.#process = process;
    this.sessionId = sessionId;
    this.ended = process.ended;
    // A child that it left behind may hold its output open.
    void this.ended.then(() => connection.close());
    void this.#watch();
  }

  /** True once nothing can be said to the agent any more; its end follows. */
  get isClosed(): boolean {
    return this.#connection.signal.aborted;
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
    // Not awaited: an agent that reads nothing any more never takes it.
    void this.#connection.agent.notify("session/cancel", { sessionId: this.sessionId }).catch(() => {});
    const settled = turn.then(
      () => true,
      () => true,
    );
    if (await inTime(settled, graceMs, false)) return true;
    await this.close(0, didNotStop(this.#agent, graceMs));
    return false;
  }

  /** Ends the agent. `why`: what a person is told of it. */
  async close(graceMs?: number, why?: Problem): Promise<void> {
    const ending = this.#process.end(graceMs, why);
    this.#connection.close();
    await ending;
  }

  /** A process that can't be talked to is of no use, and must not stay. */
  async #watch(): Promise<void> {
    await this.#connection.closed;
    const problem = problemOf(this.#connection.signal.reason);
    if (problem !== null) return this.#process.end(0, problem);
    const ended = await inTime(this.ended, CLOSED_SETTLE_MS, null);
    if (ended === null) await this.#process.end(undefined, disconnected(this.#agent));
  }
}

/** Starts an agent and opens its session. Throws an `AgentStartError` that says what to do. */
export async function connectAgent(options: ConnectOptions): Promise<AgentLink> {
  const { agent, handlers } = options;
  // The protocol layer is 145 kB: it is loaded when the first agent starts.
  const { client, PROTOCOL_VERSION, RequestError } = await import("@agentclientprotocol/sdk");
  const process = new AgentProcess(options);
  const { streams } = process;
  if (streams === null) throw new AgentStartError(await process.ended);
  const names = new SessionNames();
  const stream = messageStream(streams.stdin, streams.stdout, {
    onUpdate: (params) => {
      const read = readUpdate(params);
      if (read !== null) handlers.onUpdate(read.update, names.childOf(read.session));
    },
    onJunk: (line) => process.noteJunk(line),
    onTooLarge: (isUpdate) => {
      const problem = tooLarge(agent, MAX_MESSAGE_BYTES, !isUpdate);
      if (!isUpdate) return new InterlockError(problem);
      handlers.onNotice(problem);
      return undefined;
    },
  });
  const refuse = (problem: Problem): Error =>
    new RequestError(HELD_BACK, `interlock: ${problem.message} ${problem.next}`, { code: problem.code });
  const connection = register(client({ name: "interlock" }), handlers, names, refuse).connect(stream);
  connection.signal.addEventListener("abort", handlers.onClosed, { once: true });
  try {
    const sessionId = await startInTime(options, process, openSession(connection, options, PROTOCOL_VERSION));
    names.own = sessionId;
    return new AgentLink(agent, connection, process, sessionId);
  } catch (error) {
    // Where the agent answered, its answer says most; where the connection broke, the end of its process does.
    const broken = connection.signal.aborted && !(error instanceof InterlockError);
    const end = broken ? await inTime(process.ended, CLOSED_SETTLE_MS, null) : null;
    connection.close();
    await process.end(0);
    if (error instanceof AgentStartError) throw error;
    const problem = problemOf(error) ?? (broken ? disconnected(agent) : refusedSession(agent, error));
    throw new AgentStartError(end ?? { problem, stderr: process.lastWords() }, { cause: error });
  }
}

function problemOf(error: unknown): Problem | null {
  if (!(error instanceof InterlockError)) return null;
  const { code, message, next } = error;
  return { code, message, next };
}

/** The session, unless the agent ends, takes too long, or nobody waits for it any more. */
async function startInTime(
  { agent, startTimeoutMs = START_TIMEOUT_MS, signal }: ConnectOptions,
  process: AgentProcess,
  session: Promise<string>,
): Promise<string> {
  const opened = session.then((id) => ({ id }));
  const first = await inTime(Promise.race([opened, process.ended, aborted(signal)]), startTimeoutMs, "late");
  if (first === "late") throw new InterlockError(tooSlow(agent, startTimeoutMs, process.firstJunk()));
  if (first === "aborted") {
    const message = l10n.t("{0} was not needed any more.", agent.name);
    throw new InterlockError({ code: "agent.start.cancelled", message, next: l10n.t("Start it again.") });
  }
  if ("problem" in first) throw new AgentStartError(first);
  return first.id;
}

async function openSession(
  connection: ClientConnection,
  { agent, cwd, version, mcpServers, meta, onProgress, onTold }: ConnectOptions,
  protocolVersion: number,
): Promise<string> {
  const answer = await connection.agent.request("initialize", {
    protocolVersion,
    clientInfo: { name: "interlock", title: "Interlock", version },
    clientCapabilities: { fs: { readTextFile: true, writeTextFile: true }, terminal: true },
  });
  // What an agent answers is not checked by the protocol layer.
  if (answer?.protocolVersion !== protocolVersion) {
    throw new InterlockError(otherVersion(agent, answer?.protocolVersion, protocolVersion));
  }
  const program = programIn(answer.agentInfo);
  if (program !== null) onTold(program);
  onProgress(l10n.t("opening a session"));
  const session = await connection.agent.request("session/new", {
    cwd,
    mcpServers: [...mcpServers],
    ...(meta === undefined ? {} : { _meta: { ...meta } }),
  });
  if (typeof session?.sessionId !== "string") throw new Error(l10n.t("it named none"));
  return session.sessionId;
}

function programIn(info: unknown): AgentProgram | null {
  const { name, version } = (info ?? {}) as { readonly name?: unknown; readonly version?: unknown };
  if (typeof name !== "string" || typeof version !== "string" || version === "") return null;
  return { name: name.slice(0, MAX_PROGRAM), version: version.slice(0, MAX_PROGRAM) };
}

/** Tells the agent's other sessions, such as those of its own helpers, from the one that was opened. */
class SessionNames {
  own: string | undefined;

  /** Null for the session itself. Some agents speak of it before they say its name. */
  childOf(session: string): string | null {
    return this.own === undefined || session === this.own ? null : session;
  }
}

/** The error code of what Interlock did not let through: from the range that JSON-RPC leaves to servers. */
const HELD_BACK = -32_010;

function register(
  app: ClientApp,
  handlers: AgentHandlers,
  names: SessionNames,
  refuse: (problem: Problem) => Error,
): ClientApp {
  /** An agent reads a refusal as an error with a sentence and a remedy. */
  const told = async <Value>(work: Promise<Value>): Promise<Value> => {
    try {
      return await work;
    } catch (error) {
      throw error instanceof InterlockError ? refuse(error) : error;
    }
  };
  return app
    .onRequest("session/request_permission", permissionRequest, async ({ params, signal }) => ({
      outcome: await told(handlers.requestPermission(params, names.childOf(params.sessionId), signal)),
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
      await told(handlers.killTerminal(params.terminalId));
      return {};
    })
    .onRequest("terminal/release", async ({ params }) => {
      await told(handlers.releaseTerminal(params.terminalId));
      return {};
    });
}

/** What a promise comes to, or `late` where it takes longer. */
async function inTime<Value, const Late>(
  work: Promise<Value>,
  ms: number,
  late: Late,
): Promise<Value | Late> {
  const timer = new AbortController();
  try {
    return await Promise.race([work, sleep(ms, late, { ref: false, signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

function aborted(signal: AbortSignal): Promise<"aborted"> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("aborted");
    else signal.addEventListener("abort", () => resolve("aborted"), { once: true });
  });
}
