import { performance } from "node:perf_hooks";
import type { AskedCommand, Commands, RunningCommand } from "../terminal/commands.ts";
import { type OwnTool, ownToolKey } from "./ownTools.ts";
import type { Progress } from "./progress.ts";
import type { Ran, ToolRun, ToolUse } from "./tool.ts";

/** Bytes of output kept where a tool names no limit: what an agent reads of it is far less. */
const OUTPUT_BYTES = 256 * 1024;
/** Output that a program reads, or an agent, has no colours. */
const PLAIN = { NO_COLOR: "1", FORCE_COLOR: null, CLICOLOR_FORCE: null };
/** Where agents put their own id of the call into an MCP request. */
const CALL_ID = /tool_?(?:use|call)_?id$/i;

export interface UseParts {
  readonly commands: Pick<Commands, "act" | "start" | "end" | "release">;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly call: { readonly name: OwnTool; readonly args: unknown };
  /** What the agent's request carries beside its arguments. */
  readonly meta: Readonly<Record<string, unknown>>;
  /** A command is about to be asked for: from then on it stands for the call. */
  readonly onStart: () => void;
}

/** The agent's own name of a call, by what its request carries. */
export function callIdOf(meta: Readonly<Record<string, unknown>>): string | undefined {
  const told = Object.entries(meta).find(([name, value]) => CALL_ID.test(name) && typeof value === "string");
  return told?.[1] as string | undefined;
}

/** What one call of a tool has at hand. The first command that it runs is the call that the agent tells of by itself. */
export function toolUse({ commands, signal, progress, call, meta, onStart }: UseParts): ToolUse {
  const reported = { alias: ownToolKey(call.name, call.args), toolCallId: callIdOf(meta) };
  let first = true;
  const start = async (asked: AskedCommand, options: ToolRun): Promise<RunningCommand> => {
    onStart();
    const act = await commands.act(asked);
    const { asAsked = false, limit = OUTPUT_BYTES, environment = {}, onChunk } = options;
    const joins = first ? reported : {};
    first = false;
    progress.say("asking; a person may have to answer");
    const request = { doorway: "mcp", act, asAsked, signal, carriesReason: true, ...joins } as const;
    return commands.start(
      { ...request, canEdit: onChunk === undefined },
      {
        limit,
        environment: { ...PLAIN, ...environment },
        quiet: onChunk !== undefined,
        tellsRoute: true,
        onChunk: onChunk ?? ((_, chunk) => progress.output(chunk.toString("utf8"))),
      },
    );
  };
  const run = async (asked: AskedCommand, options: ToolRun = {}): Promise<Ran> => {
    const running = await start(asked, options);
    const started = performance.now();
    progress.say("running");
    let timedOut = false;
    const end = (): void => void commands.end(running, true);
    const late = (): void => {
      timedOut = true;
      void commands.end(running);
    };
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(late, options.timeoutMs);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    const { code, signal: ended } = await running.exited;
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    // The agent goes on at once: what it does next is judged by what this command has made.
    await running.told;
    const ran: Ran = {
      call: running.call,
      turn: running.turn,
      instead: running.notice === "" ? null : running.line,
      notice: running.notice,
      exit: code,
      signal: ended,
      output: running.tail.text(),
      truncated: running.tail.truncated,
      timedOut,
      stopped: running.stopped,
      ms: Math.round(performance.now() - started),
    };
    await commands.release(running);
    return ran;
  };
  return { signal, run };
}
