import assert from "node:assert/strict";
import { test } from "node:test";

import { agentIn } from "../../extension/editor/agentIn.ts";

const name = (line: string): string | undefined => agentIn(line, "/code")?.name;

test("known agents are told by the program that a line starts", () => {
  for (const [line, agent] of [
    ["claude", "Claude Code"],
    ["claude -p 'tidy up' --model x", "Claude Code"],
    ["/usr/local/bin/codex exec go", "Codex"],
    ["cd api && KEY=x opencode", "OpenCode"],
    ["env A=1 nice -n 5 gemini", "Gemini CLI"],
    ["npx -y @anthropic-ai/claude-code@2.1.0", "Claude Code"],
    ["npm exec @openai/codex", "Codex"],
    ["bunx @qwen-code/qwen-code", "Qwen Code"],
    ["pnpm dlx opencode-ai@latest", "OpenCode"],
    ["uvx --python 3.12 aider-chat", undefined],
    ["uvx aider-chat", "Aider"],
    ["bash -c 'cursor-agent'", "Cursor CLI"],
  ] as const)
    assert.equal(name(line), agent, line);
});

test("what only names an agent, sets one up, or starts it guarded is none at work", () => {
  for (const line of [
    "",
    "ls claude",
    "which codex",
    "grep -r claude .",
    "cat <<'END'\nclaude\nEND",
    "claude --version",
    "claude update",
    "codex login",
    "npm install -g @openai/codex",
    "npm run claude",
    "interlock exec -- claude",
    "git commit -m claude",
    "claude-notes",
  ])
    assert.equal(name(line), undefined, line);
});
