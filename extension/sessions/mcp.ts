import type { McpServerStdio } from "@agentclientprotocol/sdk";
import * as l10n from "@vscode/l10n";
import { rm } from "node:fs/promises";
import type { AgentDefinition } from "../acp/agents.ts";
import { type During, McpDoorway } from "../doorways/mcp/mcp.ts";
import { type OwnTool, SERVER_NAME } from "../doorways/mcp/ownTools.ts";
import { Progress } from "../doorways/mcp/progress.ts";
import { RelaySocket } from "../doorways/mcp/socket.ts";
import type { ToolAnswer } from "../doorways/mcp/tool.ts";
import type { Calls } from "../door/calls.ts";
import type { Commands } from "../doorways/terminal/commands.ts";
import { messageOf, type Problem } from "../errors.ts";
import type { EventBody } from "../events/event.ts";
import type { Runtime } from "../process/runtime.ts";
import { makeRuntimeFolder } from "../state/runtimeFolder.ts";
import type { GateKeeper, SessionHost, SessionPlace } from "./host.ts";
import { Baseline } from "./tools/checks.ts";
import type { ToolParts } from "./tools/parts.ts";
import { sessionTools } from "./tools/tools.ts";

/** How the server of Interlock's own tools is made. */
export interface McpSettings {
  /** Where folders for sockets are made: short, and the person's alone. */
  readonly parent: string;
  /** The program that agents start. */
  readonly relay: Runtime;
}

export interface McpServerParts extends Pick<ToolParts, "trees" | "consider" | "onResults"> {
  readonly session: string;
  readonly host: SessionHost;
  readonly place: SessionPlace;
  readonly commands: Commands;
  readonly calls: Calls;
  /** Makes turns of the calls of an agent that isn't prompted here. */
  readonly during?: During | undefined;
  readonly emit: (event: EventBody) => void;
  readonly onProblem: (problem: Problem) => void;
}

/** The server of Interlock's own tools for the agents of one session, and the socket by which the running one reaches it. */
export class McpServer {
  readonly #parts: McpServerParts;
  readonly #doorway: McpDoorway;
  readonly #stopListening: () => void;
  #socket: RelaySocket | undefined;
  #folder: string | undefined;
  /** The one that the editor starts, with its way here. */
  #relay: Promise<Runtime | null> | undefined;
  #reached = false;

  constructor(parts: McpServerParts) {
    this.#parts = parts;
    const { session, host, place, commands, calls, during } = parts;
    const baseline = new Baseline(parts.trees);
    this.#stopListening = heedBaseline(baseline, place.gates, host.baseline);
    const points = async () => {
      const all = await Promise.all(parts.trees.roots.map((root) => host.restorePoints.list(root)));
      const own = all.flat().filter((point) => point.session === session);
      return own.toSorted((one, other) => one.time - other.time);
    };
    const { toolchain } = host;
    this.#doorway = new McpDoorway({
      version: host.version,
      commands,
      calls,
      cwd: place.cwd,
      during,
      tools: sessionTools({ ...parts, toolchain, points }, baseline),
      onReached: (client) => this.#tellReached(client),
    });
  }

  /** True while the agent is connected to it. */
  get isConnected(): boolean {
    return this.#doorway.isConnected;
  }

  /**
   * What an agent that is about to start is handed: a server of its own, or none where nobody wants it or the system can't. Tools are
   * for a model to call.
   */
  async forAgent({ free }: AgentDefinition): Promise<readonly McpServerStdio[]> {
    const relay = free === true ? null : await this.#offer();
    if (relay === null) return [];
    const { command, args, env } = relay;
    const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
    return [{ name: SERVER_NAME, command, args: [...args], env: variables }];
  }

  /** The same for the editor, which starts it when it needs it, and as often: null where nobody wants it or the system can't. */
  forEditor(): Promise<Runtime | null> {
    this.#relay ??= this.#offer();
    return this.#relay;
  }

  /** A call that needs no server, since who calls is in the same process. `client`: what it calls itself. */
  async call(name: OwnTool, args: unknown, signal: AbortSignal, client: string): Promise<ToolAnswer> {
    if (!this.#reached) this.#tellReached(client);
    return this.#doorway.call({ name, args, signal, progress: new Progress(undefined, () => {}) });
  }

  /** Listens, and returns what is to be started to get here. */
  async #offer(): Promise<Runtime | null> {
    await this.disconnect();
    const { host, place, emit, onProblem } = this.#parts;
    const settings = host.mcp(place);
    if (settings === null) return null;
    try {
      this.#folder = await makeRuntimeFolder(settings.parent);
      this.#socket = await RelaySocket.open(this.#folder, (lines, socket) =>
        this.#doorway.serve(lines, socket),
      );
    } catch (error) {
      await this.disconnect();
      onProblem(notOffered(error));
      return null;
    }
    emit({ type: "session.tools", state: "offered" });
    const { address, token } = this.#socket;
    const env = { ...settings.relay.env, INTERLOCK_MCP_ADDRESS: address, INTERLOCK_MCP_TOKEN: token };
    return { ...settings.relay, env };
  }

  #tellReached(client: string | null): void {
    this.#reached = true;
    this.#parts.emit({ type: "session.tools", state: "reached", ...(client === null ? {} : { client }) });
  }

  /** Once everything that the agent started has ended. */
  async close(): Promise<void> {
    this.#stopListening();
    await this.disconnect();
  }

  /** The agent is gone: what came by its server is given up, and nothing more does. */
  async disconnect(): Promise<void> {
    const [socket, folder] = [this.#socket, this.#folder];
    this.#socket = undefined;
    this.#folder = undefined;
    await socket?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** What stood when the session began is not new. `begins`: the gates look at the project by themselves as it opens. */
function heedBaseline(baseline: Baseline, gates: GateKeeper, begins: boolean): () => void {
  const heed = (): void => {
    for (const { gate, state } of gates.reports()) {
      const looked = state === "passed" || state === "failed";
      if (gate !== "tests" && looked) baseline.begin(gate, gates.findings());
    }
  };
  heed();
  return begins ? gates.onReport(heed) : () => {};
}

function notOffered(error: unknown): Problem {
  return {
    code: "mcp.not-offered",
    message: l10n.t("Interlock's own tools can't be offered to the agent here: {0}", messageOf(error)),
    next: l10n.t("What it runs by other ways is asked about all the same."),
  };
}
