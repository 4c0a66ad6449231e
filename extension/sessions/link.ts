import type { AgentDefinition } from "../acp/agents.ts";
import { connectAgent } from "../acp/connection.ts";
import type { Doorways } from "./doorways.ts";
import type { SessionHost, SessionPlace } from "./host.ts";
import type { SessionLink } from "./sessionLink.ts";
import { TerminalAgent } from "./terminal.ts";

export interface LinkParts {
  readonly agent: AgentDefinition;
  readonly place: SessionPlace;
  readonly host: SessionHost;
  readonly doorways: Doorways;
  /** What stands for it where the editor prompts it. */
  readonly editor: SessionLink | undefined;
  /** Somebody else starts it, in a terminal. */
  readonly inTerminal: boolean;
  /** What it waits for, in words for a person. */
  readonly onProgress: (waitsFor: string) => void;
  /** Nobody waits for the agent any more. */
  readonly signal: AbortSignal;
}

/** Arms a session's agent, and starts it unless somebody else does. Throws an `InterlockError` that says what to do. */
export async function linkAgent(parts: LinkParts): Promise<SessionLink> {
  const { agent, place, host, doorways, editor, inTerminal, onProgress, signal } = parts;
  if (editor !== undefined) return editor;
  const { version, processes, startTimeoutMs } = host;
  const setup = await doorways.arm(agent);
  if (inTerminal) return new TerminalAgent(setup, processes.claim());
  return connectAgent({
    agent,
    cwd: place.cwd,
    processes,
    ...setup,
    mcpServers: await doorways.tools(agent),
    version,
    handlers: doorways.handlers,
    onProgress,
    onTold: (program) => host.told(agent, program),
    signal,
    ...(startTimeoutMs === undefined ? {} : { startTimeoutMs }),
  });
}
