/** An agent that people run in terminals. */
export interface KnownAgent {
  readonly name: string;
  /** Its program. */
  readonly program: string;
  /** The packages that bring it, as a package runner is told them. */
  readonly packages: readonly string[];
}

/** By their makers' own instructions for installing them, November 2026. */
const KNOWN_IN_TERMINALS: readonly KnownAgent[] = [
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

/** Programs that start what a package brings, and the words of theirs before its name. */
const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  npx: [],
  bunx: [],
  pnpx: [],
  uvx: [],
  npm: ["exec", "x"],
  pnpm: ["dlx", "exec"],
  yarn: ["dlx"],
  bun: ["x"],
  pipx: ["run"],
};

/** The agent that a command starts, by its program or by the package that brings it; undefined for any other command. */
export function knownAgent([name = "", ...words]: readonly string[]): KnownAgent | undefined {
  const known = KNOWN_IN_TERMINALS.find((agent) => agent.program === name);
  if (known !== undefined) return known;
  const before = Object.hasOwn(RUNNERS, name) ? RUNNERS[name] : undefined;
  if (before === undefined) return undefined;
  const plain = words.filter((word) => !word.startsWith("-"));
  const [first = "", second = ""] = plain;
  const named = before.includes(first) ? second : before.length === 0 ? first : "";
  const bare = named.replace(/(?<=.)@[^/]*$/, "");
  return KNOWN_IN_TERMINALS.find(({ program: own, packages }) => own === bare || packages.includes(bare));
}
