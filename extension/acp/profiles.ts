import { createHash } from "node:crypto";

/** The agents that Interlock knows settings of. What differs between agents stands here, and nowhere else. */
export const PROFILES = ["claude-code", "codex"] as const;
export type ProfileId = (typeof PROFILES)[number];

/** What Claude Code and Codex wait for a hook where nobody says how long: a person has half of it to answer. */
export const HOOK_SECONDS = 600;

/** The program that an agent is to run before each of its commands. */
export interface AgentHook {
  /** A line of shell. */
  readonly command: string;
  /** Seconds that the agent waits for it. */
  readonly seconds: number;
}

/** What an agent is started with so that it runs the hook, for this process and this session alone. */
export interface HookSetup {
  readonly env?: Readonly<Record<string, string>>;
  /** `_meta` of `session/new`. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** What an agent's own program takes on its command line so that it runs the hook before and after each of its commands. */
interface OnCommandLine {
  readonly words: (hook: AgentHook) => readonly string[];
  /** Patterns of sh for words of the person's own that would be lost by that, or take its place. */
  readonly yieldsTo: readonly string[];
  /** As a person is told of it. */
  readonly option: string;
}

interface Profile {
  /** The agent's own program, as a person starts it in a terminal. */
  readonly terminal: { readonly program: string } & OnCommandLine;
  /** The names of its adapters' programs and packages. */
  readonly programs: readonly string[];
  /** `env`: the variables that the agent is given otherwise. */
  readonly hook: (hook: AgentHook, env: Readonly<Record<string, string | null>>) => HookSetup;
}

/** The tool by which both run commands, as they tell it to hooks. */
const MATCHER = "Bash";

/** A variable with JSON that codex-acp lays over the person's configuration. */
const CODEX_CONFIG = "CODEX_CONFIG";

const TABLE: Readonly<Record<ProfileId, Profile>> = {
  /** claude-agent-acp 0.100: settings of the session come beside the person's own. `ask`: an allow rule of theirs silences no question. */
  "claude-code": {
    programs: ["claude-agent-acp", "claude-code-acp"],
    // Claude Code 2.1: settings of the command line come beside the person's own. What fails is told by an event of its own.
    terminal: {
      program: "claude",
      option: "--settings",
      yieldsTo: ["--settings", "--settings=*"],
      words: ({ command, seconds }) => {
        const group = [matching({ type: "command", command, timeout: seconds })];
        const hooks = { PreToolUse: group, PostToolUse: group, PostToolUseFailure: group };
        return ["--settings", JSON.stringify({ hooks })];
      },
    },
    hook: ({ command, seconds }) => {
      const hooks = { PreToolUse: [matching({ type: "command", command, timeout: seconds })] };
      const settings = { hooks, permissions: { ask: [MATCHER] } };
      return { meta: { claudeCode: { options: { settings } } } };
    },
  },
  /**
   * codex-acp 2.6: hooks run once they are trusted, each by a hash of what it is; `bypass_hook_trust` would run those of the repository
   * unread, too. A login shell would put other programs before the shims.
   */
  codex: {
    programs: ["codex-acp"],
    // Codex 0.166: `-c` lies over the person's configuration, as TOML; a text of JSON is one of TOML, too.
    terminal: {
      program: "codex",
      option: "-c hooks",
      yieldsTo: ["hooks=*", "hooks.*", "--config=hooks*"],
      words: ({ command, seconds }) => {
        const line = JSON.stringify(command);
        const group = `[{matcher="${MATCHER}",hooks=[{type="command",command=${line},timeout=${seconds}}]}]`;
        const trusted = (event: CodexEvent): string =>
          `${JSON.stringify(codexKey(event, 0))}={trusted_hash="${codexHash(event, command, seconds)}"}`;
        const state = `{${trusted("pre_tool_use")},${trusted("post_tool_use")}}`;
        const hooks = `hooks={PreToolUse=${group},PostToolUse=${group},state=${state}}`;
        return ["-c", "allow_login_shell=false", "-c", hooks];
      },
    },
    hook: ({ command, seconds }, env) => {
      const given = parsed(env[CODEX_CONFIG]);
      if (given === null) return {};
      const { PreToolUse: others, state } = fieldsOf(given["hooks"]);
      const before = Array.isArray(others) ? (others as readonly unknown[]) : [];
      const group = matching({ type: "command", command, timeout: seconds });
      const key = codexKey("pre_tool_use", before.length);
      const hooks = {
        ...fieldsOf(given["hooks"]),
        PreToolUse: [...before, group],
        state: { ...fieldsOf(state), [key]: { trusted_hash: codexHash("pre_tool_use", command, seconds) } },
      };
      return { env: { [CODEX_CONFIG]: JSON.stringify({ allow_login_shell: false, ...given, hooks }) } };
    },
  },
};

/** How an agent is made to run the hook; null for one whose settings aren't known. */
export function hookSetup(
  agent: {
    readonly profile?: ProfileId | undefined;
    readonly command: string;
    readonly args: readonly string[];
  },
  hook: AgentHook,
  env: Readonly<Record<string, string | null>>,
): HookSetup | null {
  const said = [agent.command, ...agent.args].flatMap((word) => word.split(/[/\\]/));
  const words = new Set(said.map(withoutVersion));
  const id = agent.profile ?? PROFILES.find((each) => TABLE[each].programs.some((name) => words.has(name)));
  return id === undefined ? null : TABLE[id].hook(hook, env);
}

/** The agents that can be started in a terminal with the hook. */
export function launchedWith(
  hook: AgentHook,
): readonly (Omit<Profile["terminal"], "words"> & { readonly words: readonly string[] })[] {
  return Object.values(TABLE).map(({ terminal: { program, option, yieldsTo, words } }) => {
    return { program, option, yieldsTo, words: words(hook) };
  });
}

function matching(hook: object): object {
  return { matcher: MATCHER, hooks: [hook] };
}

type CodexEvent = "pre_tool_use" | "post_tool_use";

/** Where Codex 0.166 keeps whether a hook of the session's own configuration is trusted. `group`: its place among those of the event. */
function codexKey(event: CodexEvent, group: number): string {
  return `/<session-flags>/config.toml:${event}:${group}:0`;
}

/** What Codex 0.166 knows a hook by: the hash of its JSON with sorted fields. Seen from its `hooks/list`. */
function codexHash(event: CodexEvent, command: string, timeout: number): string {
  const hook = { async: false, command, timeout, type: "command" };
  const identity = { event_name: event, hooks: [hook], matcher: MATCHER };
  return `sha256:${createHash("sha256").update(JSON.stringify(identity)).digest("hex")}`;
}

/** `codex-acp.cmd`, `codex-acp@2.6.0`. */
function withoutVersion(word: string): string {
  return word.replace(/(\.\w+|@[\w.^~-]+)$/, "");
}

/** Null where a person wrote something else there: then it is theirs to mend. */
function parsed(json: string | null | undefined): Readonly<Record<string, unknown>> | null {
  if (json === undefined || json === null || json.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? fieldsOf(value) : null;
  } catch {
    return null;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
