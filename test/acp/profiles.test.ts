import assert from "node:assert/strict";
import { test } from "node:test";

import { hookSetup, launchedWith, type ProfileId } from "../../extension/acp/profiles.ts";

const HOOK = { command: "/run/il-1-abc/hook", seconds: 600 };
const KEY = "/<session-flags>/config.toml:pre_tool_use:0:0";

function setup(command: string, args: string[] = [], env: Record<string, string> = {}, profile?: ProfileId) {
  return hookSetup({ command, args, profile }, HOOK, env);
}

function codex(env: Record<string, string> = {}) {
  return JSON.parse(setup("codex-acp", [], env)?.env?.["CODEX_CONFIG"] ?? "null") as {
    allow_login_shell: boolean;
    hooks: { PreToolUse: unknown[]; state: Record<string, { trusted_hash: string }> };
  };
}

test("agents are known by their programs and packages, or by what a person says", () => {
  assert.ok(setup("claude-agent-acp")?.meta);
  assert.ok(setup("npx", ["-y", "@agentclientprotocol/claude-agent-acp@0.100.0"])?.meta);
  assert.ok(setup("node", ["/opt/codex-acp/dist/index.js"])?.env);
  assert.ok(setup("C:\\tools\\codex-acp.cmd")?.env);
  assert.ok(setup("my-agent", [], {}, "codex")?.env);
  assert.equal(setup("opencode", ["acp"]), null);
  assert.equal(setup("my-codex-acp-lookalike"), null);
});

test("Claude Code gets a hook in the settings of its session, and asks for permission in spite of a person's rule", () => {
  assert.deepEqual(setup("claude-agent-acp"), {
    meta: {
      claudeCode: {
        options: {
          settings: {
            hooks: {
              PreToolUse: [
                { matcher: "Bash", hooks: [{ type: "command", command: HOOK.command, timeout: 600 }] },
              ],
            },
            permissions: { ask: ["Bash"] },
          },
        },
      },
    },
  });
});

test("Codex trusts this hook by its hash, and no other one by that", () => {
  // What `hooks/list` of codex 0.166 says of this hook.
  const hash = "sha256:913b10c5cfa3fc29623e14b2320406881a2b7e5e34e14170ad73fe7ee7d4d64f";
  assert.deepEqual(codex().hooks.state, { [KEY]: { trusted_hash: hash } });
  assert.deepEqual(Object.keys(codex()), ["allow_login_shell", "hooks"]);
});

test("what a person gives to Codex stays", () => {
  const group = { matcher: "Bash", hooks: [{ type: "command", command: "mine" }] };
  const theirs = { model: "m", allow_login_shell: true, hooks: { Stop: [], PreToolUse: [group] } };
  const { hooks, ...rest } = codex({ CODEX_CONFIG: JSON.stringify(theirs) });
  assert.deepEqual(rest, { allow_login_shell: true, model: "m" });
  assert.deepEqual(hooks.PreToolUse[0], group);
  assert.deepEqual(Object.keys(hooks.state), ["/<session-flags>/config.toml:pre_tool_use:1:0"]);
  assert.deepEqual(setup("codex-acp", [], { CODEX_CONFIG: "not json" }), {});
});

test("in a terminal the same hook is told before and after a command, on the command line alone", () => {
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
  const { state } = codex().hooks;
  assert.ok(codexCli?.words[3]?.includes(`"${KEY}"={trusted_hash="${state[KEY]?.trusted_hash}"}`));
});
