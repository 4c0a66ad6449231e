import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fieldsOf, givenFields } from "./given.ts";
import { COMMAND_TOOL, hookGroup } from "./hookGroup.ts";
import type { AgentHook, AgentProfile, LaunchContext } from "./profile.ts";

/** A variable with JSON that codex-acp lays over the person's configuration. */
const CODEX_CONFIG = "CODEX_CONFIG";
/** The variable by which codex-acp is told its first mode. */
const FIRST_MODE = "INITIAL_AGENT_MODE";
/** The mode with the sandbox and the policy of codex-acp's own first one, but the person is asked, and no model in their place. */
const ASKS_THE_PERSON = "workspace-write";
/** A setting that chooses a mode of the person's own. */
const OWN_MODE = "default_permissions";

/**
 * codex-acp 2.6 with Codex 0.166: hooks run once they are trusted, each by a hash of what it is; `bypass_hook_trust` would run those of the
 * repository unread, too. A login shell would put other programs before the shims.
 */
export const codex: AgentProfile = {
  programs: ["codex-acp"],
  packages: ["codex-acp"],
  // The model says how long each command may take.
  patience: {},
  launch: async (context) => {
    const { variables, hook } = context;
    const given = givenFields(variables[CODEX_CONFIG]);
    const chosen = given === null || (await hasChosenMode(context));
    const mode = chosen ? {} : { [FIRST_MODE]: ASKS_THE_PERSON };
    if (given === null) return {};
    const config = { allow_login_shell: false, ...given };
    if (hook === null) return { env: { ...mode, [CODEX_CONFIG]: JSON.stringify(config) } };
    const hooks = withHook(fieldsOf(given["hooks"]), hook);
    return { env: { ...mode, [CODEX_CONFIG]: JSON.stringify({ ...config, hooks }) }, hooked: true };
  },
  // `-c` lies over the person's configuration, as TOML; a text of JSON is one of TOML, too.
  terminal: {
    program: "codex",
    option: "-c hooks",
    yieldsTo: ["hooks=*", "hooks.*", "--config=hooks*"],
    words: ({ command, seconds }) => {
      const line = JSON.stringify(command);
      const group = `[{matcher="${COMMAND_TOOL}",hooks=[{type="command",command=${line},timeout=${seconds}}]}]`;
      const trusted = (event: CodexEvent): string =>
        `${JSON.stringify(keyOf(event, 0))}={trusted_hash="${hashOf(event, command, seconds)}"}`;
      const state = `{${trusted("pre_tool_use")},${trusted("post_tool_use")}}`;
      const hooks = `hooks={PreToolUse=${group},PostToolUse=${group},state=${state}}`;
      return ["-c", "allow_login_shell=false", "-c", hooks];
    },
  },
};

function withHook(hooks: Readonly<Record<string, unknown>>, { command, seconds }: AgentHook): object {
  const { PreToolUse: others, state } = hooks;
  const before = Array.isArray(others) ? (others as readonly unknown[]) : [];
  const trust = { trusted_hash: hashOf("pre_tool_use", command, seconds) };
  return {
    ...hooks,
    PreToolUse: [...before, hookGroup({ type: "command", command, timeout: seconds })],
    state: { ...fieldsOf(state), [keyOf("pre_tool_use", before.length)]: trust },
  };
}

/** Whether the person starts it in a mode that they chose. A setting that is only mentioned counts: it is theirs to say. */
async function hasChosenMode({ variables, environment, cwd }: LaunchContext): Promise<boolean> {
  if (variables[FIRST_MODE] !== undefined) return true;
  const { HOME: home = "", CODEX_HOME: own = join(home, ".codex") } = environment;
  const files = [own, "/etc/codex", join(cwd, ".codex")].map((folder) => join(folder, "config.toml"));
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  return [variables[CODEX_CONFIG] ?? "", ...texts].some((text) => text.includes(OWN_MODE));
}

type CodexEvent = "pre_tool_use" | "post_tool_use";

/** Where Codex keeps whether a hook of the session's own configuration is trusted. `group`: its place among those of the event. */
function keyOf(event: CodexEvent, group: number): string {
  return `/<session-flags>/config.toml:${event}:${group}:0`;
}

/** What Codex knows a hook by: the hash of its JSON with sorted fields. Seen from its `hooks/list`. */
function hashOf(event: CodexEvent, command: string, timeout: number): string {
  const hook = { async: false, command, timeout, type: "command" };
  const identity = { event_name: event, hooks: [hook], matcher: COMMAND_TOOL };
  return `sha256:${createHash("sha256").update(JSON.stringify(identity)).digest("hex")}`;
}
