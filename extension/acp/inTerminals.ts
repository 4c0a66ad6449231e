/** An agent that people run in terminals. */
export interface KnownAgent {
  readonly name: string;
  /** Its program. */
  readonly program: string;
  /** The packages that bring it, as a package runner is told them. */
  readonly packages: readonly string[];
}

/** By their makers' own instructions for installing them, November 2026. */
export const KNOWN_IN_TERMINALS: readonly KnownAgent[] = [
  { name: "Claude Code", program: "claude", packages: ["@anthropic-ai/claude-code"] },
  { name: "Codex", program: "codex", packages: ["@openai/codex"] },
  { name: "OpenCode", program: "opencode", packages: ["opencode-ai"] },
  { name: "Gemini CLI", program: "gemini", packages: ["@google/gemini-cli"] },
  { name: "Qwen Code", program: "qwen", packages: ["@qwen-code/qwen-code"] },
  { name: "Copilot CLI", program: "copilot", packages: ["@github/copilot"] },
  { name: "Aider", program: "aider", packages: ["aider-chat"] },
  { name: "Cursor CLI", program: "cursor-agent", packages: [] },
  { name: "Amp", program: "amp", packages: ["@sourcegraph/amp"] },
  { name: "Goose", program: "goose", packages: [] },
  { name: "Crush", program: "crush", packages: ["@charmland/crush"] },
];
