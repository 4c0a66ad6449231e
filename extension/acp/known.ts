import type { ProfileId } from "./profiles/profiles.ts";

/** An agent that is known by its maker's name. */
export interface KnownAgent {
  readonly id: string;
  readonly name: string;
  /** The program that people run in terminals. */
  readonly program: string;
  /** The packages that bring it, as a package runner is told them. */
  readonly packages: readonly string[];
  /** How it speaks the Agent Client Protocol; absent where its makers don't say that it does. */
  readonly acp?: KnownStart;
}

interface KnownStart {
  /** Often the same as in a terminal; else one of its own, such as an adapter. */
  readonly program: string;
  readonly args: readonly string[];
  /** Where Interlock knows what makes it ask. */
  readonly profile?: ProfileId;
}

/** By their makers' own instructions, and the entries of the ACP registry (agentclientprotocol/registry), November 2026. */
export const KNOWN_AGENTS: readonly KnownAgent[] = [
  {
    id: "claude-code",
    name: "Claude Code",
    program: "claude",
    packages: ["@anthropic-ai/claude-code"],
    acp: { program: "claude-agent-acp", args: [], profile: "claude-code" },
  },
  {
    id: "codex",
    name: "Codex",
    program: "codex",
    packages: ["@openai/codex"],
    acp: { program: "codex-acp", args: [], profile: "codex" },
  },
  {
    id: "opencode",
    name: "OpenCode",
    program: "opencode",
    packages: ["opencode-ai", "@opencode/cli"],
    acp: { program: "opencode", args: ["acp"], profile: "opencode" },
  },
  {
    id: "gemini",
    name: "Gemini CLI",
    program: "gemini",
    packages: ["@google/gemini-cli"],
    acp: { program: "gemini", args: ["--acp"] },
  },
  {
    id: "qwen-code",
    name: "Qwen Code",
    program: "qwen",
    packages: ["@qwen-code/qwen-code"],
    acp: { program: "qwen", args: ["--acp"] },
  },
  {
    id: "mistral-vibe",
    name: "Mistral Vibe",
    program: "vibe",
    packages: ["mistral-vibe"],
    acp: { program: "vibe-acp", args: [] },
  },
  {
    id: "copilot",
    name: "Copilot CLI",
    program: "copilot",
    packages: ["@github/copilot"],
    acp: { program: "copilot", args: ["--acp"] },
  },
  {
    id: "cline",
    name: "Cline",
    program: "cline",
    packages: ["cline"],
    acp: { program: "cline", args: ["--acp"] },
  },
  {
    id: "kimi",
    name: "Kimi CLI",
    program: "kimi",
    packages: ["kimi-cli"],
    acp: { program: "kimi", args: ["acp"] },
  },
  {
    id: "goose",
    name: "Goose",
    program: "goose",
    packages: [],
    acp: { program: "goose", args: ["acp"] },
  },
  {
    id: "cursor",
    name: "Cursor CLI",
    program: "cursor-agent",
    packages: [],
    acp: { program: "cursor-agent", args: ["acp"] },
  },
  {
    id: "auggie",
    name: "Auggie CLI",
    program: "auggie",
    packages: ["@augmentcode/auggie"],
    acp: { program: "auggie", args: ["--acp"] },
  },
  { id: "aider", name: "Aider", program: "aider", packages: ["aider-chat"] },
  { id: "amp", name: "Amp", program: "amp", packages: ["@sourcegraph/amp"] },
  { id: "crush", name: "Crush", program: "crush", packages: ["@charmland/crush"] },
];
