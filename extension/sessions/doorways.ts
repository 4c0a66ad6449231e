import type { McpServerStdio } from "@agentclientprotocol/sdk";
import type { Grants } from "../approvals/grants.ts";
import { agentEnvironment, type AgentDefinition } from "../acp/agents.ts";
import type { AgentHandlers } from "../acp/connection.ts";
import { type Call, type Calls, seesEnd } from "../door/calls.ts";
import type { Door } from "../door/door.ts";
import { FsDoorway } from "../doorways/fs/fs.ts";
import type { During } from "../doorways/mcp/mcp.ts";
import { ObservedDoorway } from "../doorways/observed/observed.ts";
import { PermissionDoorway } from "../doorways/permission/permission.ts";
import { Commands } from "../doorways/terminal/commands.ts";
import { TerminalDoorway } from "../doorways/terminal/terminal.ts";
import type { Problem } from "../errors.ts";
import type { EventBody, FileDiff } from "../events/event.ts";
import type { FollowUps } from "./followUps.ts";
import type { Gestures } from "./gestures.ts";
import { Requests } from "./handlers.ts";
import type { SessionHost, SessionPlace } from "./host.ts";
import { type AgentSetup, type TerminalTree, Inside } from "./inside.ts";
import { McpServer } from "./mcp.ts";
import { LockDesk, type LockDeskParts } from "./lockDesk.ts";
import { SwapDesk } from "./swapDesk.ts";
import type { Messages } from "./messages.ts";
import { Checks, type ChecksParts } from "./checks.ts";
import type { Protection } from "./protection.ts";
import { outputFolder } from "./transcript.ts";
import type { Trees } from "./trees.ts";
import { Updates } from "./updates.ts";

export interface DoorwaysParts {
  readonly session: string;
  readonly host: SessionHost;
  readonly place: SessionPlace;
  /** Set where the agent runs in a terminal. */
  readonly terminal: TerminalTree | undefined;
  readonly door: Door;
  readonly calls: Calls;
  readonly messages: Messages;
  /** What an answer about a project changes. */
  readonly deciding: Pick<LockDeskParts, "ground"> & {
    readonly gestures: Gestures;
    readonly grants: Grants;
    readonly followUps: FollowUps;
  };
  /** The folder of the transcript, beside which outputs lie. */
  readonly transcripts: string;
  readonly emit: (event: EventBody) => void;
  readonly turn: () => number;
  /** Aborts when the person stops the turn. */
  readonly stopped: () => AbortSignal;
  readonly protection: Pick<Protection, "edited">;
  readonly trees: Pick<Trees, "gates" | "roots">;
  readonly during: During | undefined;
  /** Nothing can be said to the agent any more. */
  readonly onClosed: () => void;
  readonly onNotice: (problem: Problem) => void;
}

/** The ways by which the acts of one session's agent reach the door, or are seen. */
export class Doorways {
  /** What Interlock itself runs for the agent. */
  readonly commands: Commands;
  readonly terminals: TerminalDoorway;
  readonly locks: LockDesk;
  readonly swaps: SwapDesk;
  /** Interlock's own tools. */
  readonly mcp: McpServer;
  readonly fs: FsDoorway;
  /** What the calls give the gates to do. */
  readonly checks: Checks;
  /** What the agent may ask of its host, and what it tells. */
  readonly handlers: AgentHandlers;
  readonly #parts: DoorwaysParts;
  readonly #requests = new Requests();
  #inside: Inside | undefined;

  constructor(parts: DoorwaysParts) {
    const { session, host, place, door, calls, messages, emit, turn, stopped } = parts;
    const { cwd } = place;
    const { processes, files, shell, approvals } = host;
    this.#parts = parts;
    const onResults: ChecksParts["onResults"] = (call, inTurn, gates) =>
      emit({ type: "call", turn: inTurn, call, patch: { gates } });
    this.checks = new Checks({
      gates: () => parts.trees.gates,
      touchedBy: (call) => door.touchedBy(call),
      onResults,
    });
    const onOutput = (call: string, text: string): void => {
      this.checks.output(call, text);
      emit({ type: "output", call, text });
    };
    const onEdited = (paths: readonly string[], call: string): void => {
      parts.protection.edited(paths);
      this.checks.edited(paths, call, turn());
    };
    const folder = outputFolder(parts.transcripts, session);
    this.commands = new Commands({
      door,
      processes,
      cwd,
      shell,
      turn,
      stopped,
      onOutput,
      outputFolder: folder,
    });
    const asking = {
      ...parts.deciding,
      session,
      host,
      why: () => messages.lastSentence(),
      show: (call: string, diffs: readonly FileDiff[]) =>
        emit({ type: "call", turn: turn(), call, patch: { diffs } }),
      onProblem: parts.onNotice,
    };
    this.locks = new LockDesk({ ...asking, run: (request) => this.commands.complete(request) });
    this.swaps = new SwapDesk({ ...asking, stopped });
    this.terminals = new TerminalDoorway(this.commands);
    this.fs = new FsDoorway({ door, calls, files, onWritten: (path, call) => onEdited([path], call) });
    const onGaveUp = (call: string): void => approvals.giveUp(session, call);
    const observed = new ObservedDoorway({ calls, cwd, onEdited, onOutput, onGaveUp });
    this.mcp = new McpServer({
      ...parts,
      commands: this.commands,
      consider: (act, signal) => door.wouldBecome(act, signal),
      onResults,
      onProblem: parts.onNotice,
    });
    const ownTools = (): boolean => this.mcp.isConnected;
    this.handlers = this.#requests.handlers({
      updates: new Updates({ messages, observed, emit, turn }),
      messages,
      permission: new PermissionDoorway({ door, observed, cwd, files, stopped, ownTools }),
      fs: this.fs,
      terminals: this.terminals,
      onClosed: parts.onClosed,
      onNotice: parts.onNotice,
    });
  }

  /**
   * Arms an agent that is about to start: programs that ask stand first on its PATH, and a hook asks before its commands.
   */
  async arm(agent: AgentDefinition): Promise<AgentSetup> {
    const { host, place, door, calls, terminal, stopped, emit } = this.#parts;
    const { environment, processes } = host;
    await this.#inside?.close();
    const variables = agentEnvironment(agent, environment);
    const { cwd } = place;
    const parts = { agent, door, calls, terminal, stopped, processes, host: environment, variables, cwd };
    this.#inside = await Inside.open(host.inside(place), parts);
    const { setup, armed } = this.#inside;
    if (armed.shims || armed.hook) emit({ type: "session.inside", ...armed });
    return setup;
  }

  /** The server of Interlock's own tools, as an agent that is about to start is handed it. */
  tools(agent: AgentDefinition): Promise<readonly McpServerStdio[]> {
    return this.mcp.forAgent(agent);
  }

  /** Resolves when each request of the agent is answered. */
  answered(): Promise<void> {
    return this.#requests.answered();
  }

  /** The agent is gone: ends what it left. */
  async leave(): Promise<void> {
    this.terminals.forget();
    await Promise.allSettled([this.mcp.disconnect(), this.commands.dispose(), this.answered()]);
  }

  /** A call is over: what it was allowed is void, and what it may have written is looked at. */
  ended(call: Call): void {
    const { door } = this.#parts;
    void door.ended(call);
    const { status, doorways } = call;
    const happened = status === "done" || status === "failed" || status === "seen";
    if (call.kind !== "read" && !doorways.includes("fs")) this.fs.forget();
    // What a call's program did is looked at when the call is over.
    if (call.within === undefined) this.checks.ended(call, happened);
    // What Interlock ran it has recorded itself; of the rest it knows what the agent said.
    if (!seesEnd(call) && happened) void door.recordSeen(call);
  }

  /** Once everything that the agent started has ended. */
  async close(): Promise<void> {
    await Promise.all([this.#inside?.close(), this.mcp.close()]);
  }
}
