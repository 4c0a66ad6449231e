import * as l10n from "@vscode/l10n";
import type { RequestPermissionOutcome, StopReason } from "@agentclientprotocol/sdk";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { AgentDefinition } from "../acp/agents.ts";
import {
  type AgentEnd,
  type AgentHandlers,
  type AgentLink,
  AgentStartError,
  connectAgent,
} from "../acp/connection.ts";
import type { KnownUpdate } from "../acp/schema.ts";
import { type Call, Calls } from "../door/calls.ts";
import { Door } from "../door/door.ts";
import { FsDoorway } from "../doorways/fs/fs.ts";
import { ObservedDoorway } from "../doorways/observed/observed.ts";
import { PermissionDoorway } from "../doorways/permission/permission.ts";
import { TerminalDoorway } from "../doorways/terminal/terminal.ts";
import { InterlockError, messageOf, type Problem } from "../errors.ts";
import type { SessionEvent, SessionState } from "../events/event.ts";
import { privateFolder } from "../state/directory.ts";
import type { SessionHost, SessionPlace } from "./host.ts";
import { Messages } from "./messages.ts";
import { CommandOutputs } from "./outputs.ts";
import { EventStream } from "./stream.ts";
import { Transcript, transcriptFolder } from "./transcript.ts";

/** One agent at work: its process, its doorways, its calls and its events. It builds its parts and disposes them. */
export class Session {
  readonly id: string = randomUUID();
  readonly agent: AgentDefinition;
  readonly place: SessionPlace;
  readonly #host: SessionHost;
  readonly #stream = new EventStream(this.id);
  readonly #calls: Calls;
  readonly #messages: Messages;
  readonly #terminals: TerminalDoorway;
  readonly #fs: FsDoorway;
  readonly #observed: ObservedDoorway;
  readonly #permission: PermissionDoorway;
  readonly #transcript: Transcript;
  readonly #door: Door;
  readonly #outputs = new CommandOutputs();
  readonly #checks = new Set<Promise<void>>();
  readonly #closing: (() => void)[] = [];
  #state: SessionState = { name: "starting", waitsFor: "" };
  #link: AgentLink | undefined;
  #turn = 0;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(agent: AgentDefinition, place: SessionPlace, host: SessionHost) {
    this.agent = agent;
    this.place = place;
    this.#host = host;
    const { emit } = this.#stream;
    const turn = (): number => this.#turn;
    const notify = (problem: Problem): void => emit({ type: "notice", level: "warning", problem });
    this.#transcript = new Transcript(transcriptFolder(host.stateDirectory, place.root), this.id, notify);
    this.#closing.push(this.#stream.listen((event) => this.#transcript.append(event)));
    this.#calls = new Calls(emit, turn, (call) => this.#callEnded(call));
    this.#messages = new Messages(emit, turn);
    this.#door = new Door({
      session: this.id,
      calls: this.#calls,
      approvals: host.approvals,
      grants: host.grants,
      audit: place.audit,
      considering: (signal) => host.considering(place, signal),
      why: () => this.#messages.lastSentence(),
    });
    const door = this.#door;
    const onOutput = (call: string, text: string): void => {
      this.#outputs.append(call, text);
      emit({ type: "output", call, text });
    };
    const onEdited = (paths: readonly string[], call: string): void => {
      const check = this.#checkEdit(paths, call);
      this.#checks.add(check);
      void check.finally(() => this.#checks.delete(check));
    };
    this.#terminals = new TerminalDoorway({
      door,
      processes: host.processes,
      cwd: place.cwd,
      shell: host.shell,
      outputFolder: join(host.stateDirectory, "output", this.id),
      onOutput,
    });
    this.#fs = new FsDoorway({
      door,
      calls: this.#calls,
      files: host.files,
      onWritten: (path, call) => onEdited([path], call),
    });
    this.#observed = new ObservedDoorway({ calls: this.#calls, cwd: place.cwd, onEdited, onOutput });
    this.#permission = new PermissionDoorway({ door, observed: this.#observed, cwd: place.cwd });
    this.#closing.push(
      host.approvals.onChange((change) => {
        if (change.approval.session !== this.id) return;
        if (change.type === "opened") emit({ type: "approval.opened", approval: change.approval });
        else emit({ type: "approval.settled", approval: change.approval.id, settlement: change.settlement });
      }),
      place.gates.onReport((report) => emit({ type: "gate", report })),
    );
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Counts from 1; 0 before the first. */
  get turn(): number {
    return this.#turn;
  }

  listen(listener: (event: SessionEvent) => void): () => void {
    return this.#stream.listen(listener);
  }

  /** Starts the agent and opens its session. Failure is a state, not an exception. */
  async start(): Promise<void> {
    const { emit } = this.#stream;
    emit({
      type: "session.opened",
      agent: { id: this.agent.id, name: this.agent.name },
      cwd: this.place.cwd,
    });
    await this.#connect();
  }

  /** Starts the agent anew after it ended. What was said stays, but the agent does not remember it. */
  async restart(): Promise<void> {
    if (this.#closed || (this.#state.name !== "crashed" && this.#state.name !== "ended")) return;
    await this.#connect();
  }

  /** Sends a prompt and resolves when its turn has ended. Only a ready session takes one. */
  async prompt(text: string): Promise<StopReason | "failed"> {
    const link = this.#link;
    if (this.#state.name !== "ready" || link === undefined) {
      throw new InterlockError({
        code: "session.not-ready",
        message: l10n.t("The agent is not ready for a prompt."),
        next: l10n.t("Wait until its turn has ended, or restart it."),
      });
    }
    const { emit } = this.#stream;
    const turn = ++this.#turn;
    const started = Date.now();
    this.#messages.startTurn();
    emit({ type: "turn.started", turn, prompt: text });
    this.#become({ name: "working" });
    let stop: StopReason | "failed" = "failed";
    this.#running = (async () => {
      try {
        stop = (await link.prompt(text)).stopReason;
      } catch (error) {
        // Where the agent died its end is told by itself.
        if (this.#link === link) emit({ type: "notice", level: "error", problem: turnFailed(error) });
      }
      this.#host.approvals.settleSession(this.id, "cancelled");
      this.#calls.endAll();
      emit({ type: "turn.ended", turn, stop, ms: Date.now() - started });
      if (this.#link === link) this.#become({ name: "ready" });
    })();
    await this.#running;
    return stop;
  }

  /** Stops the turn. An agent that doesn't stop within the grace period is ended. */
  async cancel(graceMs?: number): Promise<void> {
    const link = this.#link;
    const running = this.#running;
    if (link === undefined || running === undefined || this.#state.name !== "working") return;
    this.#become({ name: "cancelling" });
    this.#host.approvals.settleSession(this.id, "cancelled");
    const stopped = await link.cancel(running, graceMs);
    if (stopped) return;
    await running.catch(() => {});
  }

  /** Resolves when the gates have said what they think of the edits so far. */
  async checked(): Promise<void> {
    while (this.#checks.size > 0) await Promise.all(this.#checks);
  }

  /** Ends the session with everything that it started. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const link = this.#link;
    this.#link = undefined;
    this.#host.approvals.settleSession(this.id, "session-ended");
    await Promise.allSettled([link?.close(), this.#terminals.dispose()]);
    await this.#running?.catch(() => {});
    this.#calls.endAll();
    this.#become({ name: "ended", reason: l10n.t("The session was closed.") });
    for (const undo of this.#closing) undo();
    await this.#transcript.close();
  }

  async #connect(): Promise<void> {
    const opened = await this.place.audit.open();
    if (!opened.ok) this.#stream.emit({ type: "notice", level: "error", problem: opened.error });
    await privateFolder(join(this.#host.stateDirectory, "output", this.id)).catch(() => {});
    this.#become({ name: "starting", waitsFor: l10n.t("starting {0}", this.agent.name) });
    try {
      const link = await connectAgent({
        agent: this.agent,
        cwd: this.place.cwd,
        processes: this.#host.processes,
        host: this.#host.environment,
        version: this.#host.version,
        handlers: this.#handlers(),
        onProgress: (waitsFor) => this.#become({ name: "starting", waitsFor }),
        ...(this.#host.startTimeoutMs === undefined ? {} : { startTimeoutMs: this.#host.startTimeoutMs }),
      });
      if (this.#closed) {
        await link.close();
        return;
      }
      this.#link = link;
      if (this.#host.baseline) this.place.gates.baseline();
      void link.ended.then((end) => this.#agentEnded(link, end));
      this.#become({ name: "ready" });
    } catch (error) {
      if (this.#closed) return;
      if (!(error instanceof AgentStartError)) throw error;
      const { code, message, next, stderr } = error;
      this.#become({ name: "crashed", problem: { code, message, next }, stderr });
    }
  }

  #handlers(): AgentHandlers {
    return {
      onUpdate: (update) => this.#update(update),
      requestPermission: (request, signal) => {
        this.#messages.interrupt();
        const { toolCall, options } = request;
        return this.#permission.answer(toolCall, options, signal) as Promise<RequestPermissionOutcome>;
      },
      readTextFile: (request, signal) => this.#fs.read(request, signal),
      writeTextFile: (request, signal) => this.#fs.write(request, signal),
      createTerminal: (request, signal) => this.#terminals.create(request, signal),
      terminalOutput: (id) => this.#terminals.output(id),
      waitForTerminal: (id) => this.#terminals.waitForExit(id),
      killTerminal: (id) => this.#terminals.kill(id),
      releaseTerminal: (id) => this.#terminals.release(id),
    };
  }

  #update(update: KnownUpdate): void {
    const { emit } = this.#stream;
    switch (update.sessionUpdate) {
      case "agent_message_chunk":
        return this.#messages.chunk("agent", update.content, update.messageId ?? null);
      case "agent_thought_chunk":
        return this.#messages.chunk("thought", update.content, update.messageId ?? null);
      case "user_message_chunk":
        // The person's own prompt, echoed: it is shown already.
        return;
      case "tool_call":
      case "tool_call_update":
        this.#messages.interrupt();
        this.#observed.report(update);
        return;
      case "plan":
        return emit({
          type: "plan",
          turn: this.#turn,
          entries: update.entries.map(({ content, status }) => ({ text: content, status })),
        });
      case "available_commands_update":
        return emit({
          type: "session.commands",
          commands: update.availableCommands.map(({ name, description, input }) => ({
            name,
            description,
            ...(input ? { hint: input.hint } : {}),
          })),
        });
      case "session_info_update":
        if (update.title) emit({ type: "session.title", title: update.title });
        return;
      case "usage_update": {
        const { used, size, cost } = update;
        return emit({ type: "session.usage", used, size, ...(cost ? { cost } : {}) });
      }
    }
  }

  #agentEnded(link: AgentLink, end: AgentEnd): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    this.#host.approvals.settleSession(this.id, "agent-gone");
    void this.#terminals.dispose();
    this.#calls.endAll();
    this.#become({ name: "crashed", problem: end.problem, stderr: end.stderr });
  }

  #become(state: SessionState): void {
    this.#state = state;
    this.#stream.emit({ type: "session.state", state });
  }

  #callEnded(call: Call): void {
    this.#host.grants.void(call.id);
    const output = this.#outputs.take(call.id);
    if (call.kind === "command" && call.command !== null && call.exit !== undefined) {
      this.place.gates.observe(call.command, call.exit, output);
    }
    if (call.status === "seen" || (call.status === "failed" && call.doorways.includes("observed"))) {
      void this.#door.recordObserved(call);
    }
  }

  /** After an edit: lint and types of what was touched, told in the row that caused it. */
  async #checkEdit(paths: readonly string[], call: string): Promise<void> {
    const gates = await this.place.gates.edited(paths);
    if (gates.length === 0 || this.#closed) return;
    this.#stream.emit({ type: "call", turn: this.#turn, call, patch: { gates } });
  }
}

function turnFailed(error: unknown): Problem {
  return {
    code: "agent.turn",
    message: l10n.t("The agent could not finish its turn: {0}", messageOf(error)),
    next: l10n.t("Send the prompt again, or restart the agent."),
  };
}
