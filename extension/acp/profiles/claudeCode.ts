import { COMMAND_TOOL, hookGroup } from "./hookGroup.ts";
import { type AgentHook, type AgentProfile, COMMAND_TIMEOUT_MS } from "./profile.ts";

/** A rule of the person's that allows one of them silences no question then; one that denies is stronger still. */
const ASKS = [COMMAND_TOOL, "Edit", "Write", "NotebookEdit"];

/** claude-agent-acp 0.100 and Claude Code 2.1. Settings of a session come beside the person's own. */
export const claudeCode: AgentProfile = {
  programs: ["claude-agent-acp", "claude-code-acp"],
  packages: ["claude-agent-acp", "claude-code-acp"],
  // `env` of the person's settings stands above them.
  patience: { BASH_DEFAULT_TIMEOUT_MS: COMMAND_TIMEOUT_MS, BASH_MAX_TIMEOUT_MS: COMMAND_TIMEOUT_MS },
  launch: ({ hook }) => {
    const hooks = hook === null ? {} : { hooks: { PreToolUse: [groupOf(hook)] } };
    const settings = { ...hooks, permissions: { ask: ASKS } };
    const meta = { claudeCode: { options: { settings } } };
    return hook === null ? { meta } : { meta, hooked: true };
  },
  // What fails is told by an event of its own.
  terminal: {
    program: "claude",
    option: "--settings",
    yieldsTo: ["--settings", "--settings=*"],
    words: (hook) => {
      const group = [groupOf(hook)];
      const hooks = { PreToolUse: group, PostToolUse: group, PostToolUseFailure: group };
      return ["--settings", JSON.stringify({ hooks })];
    },
  },
};

function groupOf({ command, seconds }: AgentHook): object {
  return hookGroup({ type: "command", command, timeout: seconds });
}
