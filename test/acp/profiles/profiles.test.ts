import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { LaunchSetup } from "../../../extension/acp/profiles/profile.ts";
import { launchedWith, launchSetup, type ProfileId } from "../../../extension/acp/profiles/profiles.ts";
import { tempDir } from "../../harness/temp.ts";

const HOOK = { command: "/run/il-1-abc/hook", seconds: 600 };
const KEY = "/<session-flags>/config.toml:pre_tool_use:0:0";

function setup(
  command: string,
  args: string[] = [],
  variables: Record<string, string> = {},
  profile?: ProfileId,
): Promise<LaunchSetup> {
  const context = { cwd: "/", environment: {}, variables, hook: HOOK, printed: () => Promise.resolve(null) };
  return launchSetup({ command, args, profile }, context);
}

async function codex(env: Record<string, string> = {}) {
  return JSON.parse((await setup("codex-acp", [], env)).env?.["CODEX_CONFIG"] ?? "null") as {
    allow_login_shell: boolean;
    hooks: { PreToolUse: unknown[]; state: Record<string, { trusted_hash: string }> };
  };
}

test("agents are known by their programs and packages, or by what a person says", async () => {
  assert.ok((await setup("claude-agent-acp")).meta);
  assert.ok((await setup("npx", ["-y", "@agentclientprotocol/claude-agent-acp@0.100.0"])).meta);
  assert.ok((await setup("node", ["/opt/codex-acp/dist/index.js"])).hooked);
  assert.ok((await setup("C:\\tools\\codex-acp.cmd")).hooked);
  assert.ok((await setup("my-agent", [], {}, "codex")).hooked);
  assert.deepEqual(await setup("claude-agent-acp", [], { A: "1" }, "generic"), { env: { A: "1" } });
  assert.deepEqual(await setup("my-codex-acp-lookalike"), { env: {} });
  // A folder of the person's is no program.
  assert.deepEqual(await setup("my-agent", ["--cwd", "/home/me/opencode"]), { env: {} });
});

test("Claude Code gets a hook in the settings of its session, and asks for permission in spite of a person's rule", async () => {
  const group = { matcher: "Bash", hooks: [{ type: "command", command: HOOK.command, timeout: 600 }] };
  const ask = ["Bash", "Edit", "Write", "NotebookEdit"];
  const settings = { hooks: { PreToolUse: [group] }, permissions: { ask } };
  const { meta, hooked } = await setup("claude-agent-acp");
  assert.deepEqual([meta, hooked], [{ claudeCode: { options: { settings } } }, true]);
});

test("commands may wait for a person, for as long as they said themselves where they did", async () => {
  const { env } = await setup("claude-agent-acp", [], { BASH_DEFAULT_TIMEOUT_MS: "1000" });
  assert.deepEqual(env, { BASH_DEFAULT_TIMEOUT_MS: "1000", BASH_MAX_TIMEOUT_MS: "600000" });
});

test("Codex trusts this hook by its hash, and no other one by that", async () => {
  // What `hooks/list` of codex 0.166 says of this hook.
  const hash = "sha256:913b10c5cfa3fc29623e14b2320406881a2b7e5e34e14170ad73fe7ee7d4d64f";
  const config = await codex();
  assert.deepEqual(config.hooks.state, { [KEY]: { trusted_hash: hash } });
  assert.deepEqual(Object.keys(config), ["allow_login_shell", "hooks"]);
});

test("what a person gives to Codex stays", async () => {
  const group = { matcher: "Bash", hooks: [{ type: "command", command: "mine" }] };
  const theirs = { model: "m", allow_login_shell: true, hooks: { Stop: [], PreToolUse: [group] } };
  const { hooks, ...rest } = await codex({ CODEX_CONFIG: JSON.stringify(theirs) });
  assert.deepEqual(rest, { allow_login_shell: true, model: "m" });
  assert.deepEqual(hooks.PreToolUse[0], group);
  assert.deepEqual(Object.keys(hooks.state), ["/<session-flags>/config.toml:pre_tool_use:1:0"]);
  const broken = { CODEX_CONFIG: "not json" };
  assert.deepEqual(await setup("codex-acp", [], broken), { env: broken });
});

test("Codex asks the person and no model, unless they chose its first mode", async (t) => {
  const modeOf = async (
    variables: Record<string, string>,
    home = "/nowhere",
  ): Promise<string | undefined> => {
    const environment = { HOME: home, ...variables };
    const context = { cwd: "/", environment, variables, hook: null, printed: () => Promise.resolve(null) };
    return (await launchSetup({ command: "codex-acp", args: [] }, context)).env?.["INITIAL_AGENT_MODE"];
  };
  assert.equal(await modeOf({}), "workspace-write");
  assert.equal(await modeOf({ INITIAL_AGENT_MODE: "read-only" }), "read-only");
  assert.equal(await modeOf({ CODEX_CONFIG: '{"default_permissions": "mine"}' }), undefined);
  const home = await tempDir(t);
  await writeFile(join(home, "config.toml"), 'default_permissions = "mine"\n');
  assert.equal(await modeOf({ CODEX_HOME: home }), undefined);
});

test("in a terminal the same hook is told before and after a command, on the command line alone", async () => {
  const [claude, codexCli] = launchedWith(HOOK);
  assert.equal(claude?.program, "claude");
  const [option, settings = ""] = claude?.words ?? [];
  const { hooks } = JSON.parse(settings) as { hooks: Record<string, unknown> };
  assert.deepEqual(
    [option, Object.keys(hooks)],
    ["--settings", ["PreToolUse", "PostToolUse", "PostToolUseFailure"]],
  );
  assert.equal(codexCli?.program, "codex");
  // As Codex 0.166 took it: seen with its own `exec`, which runs no hook that it doesn't trust.
  assert.deepEqual(codexCli?.words.slice(0, 3), ["-c", "allow_login_shell=false", "-c"]);
  const { state } = (await codex()).hooks;
  assert.ok(codexCli?.words[3]?.includes(`"${KEY}"={trusted_hash="${state[KEY]?.trusted_hash}"}`));
});
