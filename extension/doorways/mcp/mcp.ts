import type { Socket } from "node:net";
import * as z from "zod/mini";
import type { Calls } from "../../door/calls.ts";
import { InterlockError, messageOf } from "../../errors.ts";
import type { Line } from "../../process/lines.ts";
import type { Commands } from "../terminal/commands.ts";
import { type OwnTool, ownToolKey, SERVER_NAME } from "./ownTools.ts";
import { Progress } from "./progress.ts";
import { INVALID_PARAMS, METHOD_NOT_FOUND, Rpc, RpcError, type RpcRequest } from "./rpc.ts";
import { callIdOf, toolUse } from "./use.ts";
import type { Tool, ToolAnswer } from "./tool.ts";

/** Versions of the Model Context Protocol that say the same of all that is used here, the newest first. */
const VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"] as const;

const INSTRUCTIONS = [
  "Commands that you run here go through the project's own toolchain: `pytest`, `pip install` or `npm test` become what its lock means (uv, bun and the like), and the answer names what ran.",
  "What could lose unsaved work, changes dependencies or reaches outside of the project is held until the person answers; a refusal says why, and what to do instead.",
  "To ask, just call: `run` waits for the person's answer, and `policy_explain` tells beforehand what would become of a command.",
].join(" ");

const Client = z.object({ name: z.string(), version: z.optional(z.string()) });
const Initialize = z.looseObject({ protocolVersion: z.string(), clientInfo: z.optional(Client) });
const Call = z.looseObject({
  name: z.string(),
  arguments: z.optional(z.record(z.string(), z.unknown())),
  _meta: z.optional(z.record(z.string(), z.unknown())),
});

export interface McpParts {
  readonly version: string;
  readonly tools: readonly (Tool & { readonly name: OwnTool })[];
  readonly commands: Pick<Commands, "act" | "start" | "end" | "release">;
  readonly calls: Pick<Calls, "isTold" | "sight" | "update">;
  readonly cwd: string;
  /** Goes around each call that starts programs, where no prompt begins a turn for them; its signal ends the call, too. */
  readonly during?: During | undefined;
  /** A client has said `initialize`: `name` is what it calls itself. */
  readonly onReached: (name: string | null) => void;
}

export type During = <T>(call: (stopped: AbortSignal) => Promise<T>) => Promise<T>;

/** One call of a tool, as whoever brings it knows it. */
export interface ToolCall {
  readonly name: string;
  readonly args: unknown;
  readonly signal: AbortSignal;
  /** What the agent's request carries beside its arguments. */
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly progress: Progress;
}

/** The `mcp` doorway: tools that an agent calls, whose commands Interlock runs. */
export class McpDoorway {
  readonly #parts: McpParts;
  readonly #clients = new Set<Rpc>();

  constructor(parts: McpParts) {
    this.#parts = parts;
  }

  /** True while a client of this session is connected. */
  get isConnected(): boolean {
    return this.#clients.size > 0;
  }

  /** Answers one client until it is gone. */
  async serve(lines: AsyncIterable<Line>, socket: Socket): Promise<void> {
    const rpc: Rpc = new Rpc(socket, (request) => this.#answer(request, rpc));
    await rpc.serve(lines);
    this.#clients.delete(rpc);
  }

  /** Calls a tool. What was held back, or could not be done, is an answer too. Throws where there is no such tool. */
  async call({ name, args, signal, meta = {}, progress }: ToolCall): Promise<ToolAnswer> {
    const { tools, commands, during } = this.#parts;
    const tool = tools.find((each) => each.name === name);
    if (tool === undefined) throw new RpcError(INVALID_PARAMS, `there is no tool ${name.slice(0, 100)}`);
    let started = false;
    const onStart = (): void => void (started = true);
    const use = { commands, progress, call: { name: tool.name, args }, meta, onStart };
    const call = (ends: AbortSignal): Promise<ToolAnswer> =>
      tool.call(args, toolUse({ ...use, signal: ends }));
    try {
      if (during !== undefined && tool.runs)
        return await during((stopped) => call(AbortSignal.any([signal, stopped])));
      const answer = await call(signal);
      if (!started) void this.#tell(tool.name, args, meta, answer);
      return answer;
    } catch (error) {
      return refusal(error);
    } finally {
      progress.end();
    }
  }

  async #answer({ method, params, signal }: RpcRequest, rpc: Rpc): Promise<object> {
    switch (method) {
      case "initialize":
        return this.#initialize(params, rpc);
      case "ping":
        return {};
      case "tools/list":
        return { tools: this.#parts.tools.map(listed) };
      case "tools/call":
        return this.#call(params, signal, rpc);
      default:
        throw new RpcError(METHOD_NOT_FOUND, `there is no method ${method.slice(0, 100)}`);
    }
  }

  /** A call that started nothing has no row but the agent's own, and no record: it did nothing. */
  async #tell(
    name: OwnTool,
    args: unknown,
    meta: Readonly<Record<string, unknown>>,
    { failed }: ToolAnswer,
  ): Promise<void> {
    const { calls, cwd } = this.#parts;
    const toolCallId = callIdOf(meta);
    const key = ownToolKey(name, args);
    if (!(await calls.isTold(toolCallId, key))) return;
    const title = `${SERVER_NAME} ${name}`;
    const call = calls.sight({ doorway: "mcp", toolCallId, kind: "tool", title, key, cwd });
    call.inDoor = false;
    calls.update(call, { status: failed === true ? "failed" : "done" });
  }

  #initialize(params: unknown, rpc: Rpc): object {
    const read = Initialize.safeParse(params);
    if (!read.success) throw new RpcError(INVALID_PARAMS, "initialize names no protocolVersion");
    const { protocolVersion, clientInfo } = read.data;
    this.#clients.add(rpc);
    const { name, version } = clientInfo ?? {};
    this.#parts.onReached(name === undefined ? null : [name, version].join(" ").trim().slice(0, 100));
    return {
      protocolVersion: VERSIONS.find((each) => each === protocolVersion) ?? VERSIONS[0],
      capabilities: { tools: {} },
      serverInfo: { name: SERVER_NAME, title: "Interlock", version: this.#parts.version },
      instructions: INSTRUCTIONS,
    };
  }

  async #call(params: unknown, signal: AbortSignal, rpc: Rpc): Promise<object> {
    const read = Call.safeParse(params);
    if (!read.success) throw new RpcError(INVALID_PARAMS, "tools/call names no tool");
    const { name, arguments: args = {}, _meta: meta = {} } = read.data;
    const progress = new Progress(meta["progressToken"], (told) =>
      rpc.notify("notifications/progress", told),
    );
    return result(await this.call({ name, args, signal, meta, progress }));
  }
}

function listed({ name, description, input, readOnly }: Tool): object {
  return { name, description, inputSchema: input, annotations: { readOnlyHint: readOnly } };
}

function result({ text, data, failed }: ToolAnswer): object {
  const content = [{ type: "text", text }];
  return { content, structuredContent: data, ...(failed === true ? { isError: true } : {}) };
}

/** What was held back, or could not be done, in words that the agent can act on. */
function refusal(error: unknown): ToolAnswer {
  const { code, message, next } =
    error instanceof InterlockError ? error : { code: "failed", message: messageOf(error), next: "" };
  const text = `interlock: ${message} ${next}`.trim();
  return { text, data: { error: code, message, next }, failed: true };
}
