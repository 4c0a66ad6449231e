import claudeCode from "./agentLocks/claude-code.json" with { type: "json" };
import codex from "./agentLocks/codex.json" with { type: "json" };
import opencode from "./agentLocks/opencode.json" with { type: "json" };
import type { ProvidedAgent } from "./agentPins.ts";

/** Every package of an agent's, with its hash; none says where it lies, so that npm asks the registry of the person's settings. */
export const AGENT_LOCKS: Readonly<Record<ProvidedAgent, object>> = {
  "claude-code": claudeCode,
  codex,
  opencode,
};
