import assert from "node:assert/strict";
import { test } from "node:test";

import type { AgentDefinition } from "../../extension/acp/agents.ts";
import { installedAgents } from "../../extension/acp/installed.ts";
import { KNOWN_AGENTS } from "../../extension/acp/known.ts";

const SET_UP = { name: "Mine", args: [], env: {} };

/** The ids of those that are told, with how they would be started. */
function told(programs: readonly string[], agents: readonly AgentDefinition[] = [], brought?: string) {
  const found = installedAgents(agents, {
    command: (program) => (programs.includes(program) ? program : null),
    brought: (id) => (id === brought ? { command: "node", args: ["/state/index.js"] } : null),
  });
  return found.map(({ known, definition }) => [
    known.id,
    definition && [definition.command, ...definition.args],
  ]);
}

test("known agents are told where their programs are on the machine", () => {
  assert.deepEqual(told([]), []);
  assert.deepEqual(told(["gemini", "vibe-acp", "goose"]), [
    ["gemini", ["gemini", "--acp"]],
    ["mistral-vibe", ["vibe-acp"]],
    ["goose", ["goose", "acp"]],
  ]);
});

test("one whose program for terminals is there alone is told with nothing to start", () => {
  assert.deepEqual(told(["claude"]), [["claude-code", null]]);
  assert.deepEqual(told(["claude", "claude-agent-acp"]), [["claude-code", ["claude-agent-acp"]]]);
  assert.deepEqual(told([], [], "opencode"), [["opencode", ["node", "/state/index.js", "acp"]]]);
  // Not an agent that speaks ACP, by what its makers say.
  assert.deepEqual(told(["aider"]), []);
});

test("one that is set up already, however it is started, isn't told", () => {
  const programs = ["codex", "codex-acp", "gemini", "cline"];
  const ids = (agent: Partial<AgentDefinition> & { command: string }) =>
    told(programs, [{ id: "mine", ...SET_UP, ...agent }]).map(([id]) => id);
  assert.deepEqual(ids({ command: "/opt/bin/gemini" }), ["codex", "cline"]);
  assert.deepEqual(ids({ command: "npx", args: ["-y", "@google/gemini-cli@0.37.1", "--acp"] }), [
    "codex",
    "cline",
  ]);
  assert.deepEqual(ids({ command: "node", args: ["/opt/codex-acp/dist/index.js"] }), ["gemini", "cline"]);
  assert.deepEqual(ids({ command: "my-wrapper", profile: "codex" }), ["gemini", "cline"]);
  assert.deepEqual(ids({ command: "other" }), ["codex", "gemini", "cline"]);
});

test("an id that another agent has gets a number", () => {
  const other = { id: "goose", ...SET_UP, command: "other" };
  const machine = { command: (name: string) => (name === "goose" ? name : null), brought: () => null };
  const [found] = installedAgents([other], machine);
  assert.equal(found?.definition?.id, "goose-2");
});

test("each known agent has an id and a program of its own", () => {
  for (const field of ["id", "program", "name"] as const)
    assert.equal(new Set(KNOWN_AGENTS.map((known) => known[field])).size, KNOWN_AGENTS.length);
});
