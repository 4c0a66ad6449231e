import { profileOf, type Startable } from "../acp/profiles/profiles.ts";
import {
  claudeRule,
  codexRules,
  either,
  fieldsOf,
  flag,
  inJson,
  isCommandPattern,
  type Kept,
  listOf,
  namedBy,
  oneOf,
} from "./kept.ts";

/** Settings as a file holds them. */
export type Settings = Readonly<Record<string, unknown>>;

/** A file of a person's own settings, and what of it decides whether their agent asks. */
export interface OwnFile {
  /** The variable that names its folder, and the folder below the home folder where it is not set. */
  readonly folder: { readonly variable: string; readonly below: string };
  /** Below that; a `*` in the last part stands for any name. */
  readonly path: string;
  readonly format: "json" | "toml" | "text";
  readonly keeps: Kept;
}

/** How an agent is pointed at a model of ours, and what is copied of its person's settings. As data, by the ids of profiles. */
interface VerifiedAgent {
  /** Settings by their files below the home folder. `url`: the model's, without a path. */
  readonly settings: (url: string) => Readonly<Record<string, Settings>>;
  readonly env: (url: string) => Readonly<Record<string, string>>;
  readonly own: readonly OwnFile[];
  /** Variables of the agent's entry by which it finds its program. */
  readonly program: readonly string[];
  /** Those that are settings of its person. */
  readonly variables: Readonly<Record<string, Kept>>;
}

const CLAUDE_MODES = ["default", "plan", "acceptEdits", "dontAsk", "auto", "bypassPermissions"];
const DECISION = oneOf("ask", "allow", "deny");
const OPENCODE_RULES = either(DECISION, namedBy(isCommandPattern, DECISION));
const OPENCODE_PERMISSION = either(
  DECISION,
  namedBy(
    (name) =>
      ["*", "bash", "edit", "write", "read", "external_directory"].includes(name) ||
      name.startsWith("interlock"),
    OPENCODE_RULES,
  ),
);
const OPENCODE_KEYS = fieldsOf({
  permission: OPENCODE_PERMISSION,
  tools: namedBy((name) => ["*", "bash", "edit", "write"].includes(name), flag),
});
const CODEX_KEYS = fieldsOf({
  approval_policy: oneOf("untrusted", "on-failure", "on-request", "never"),
  approvals_reviewer: oneOf("user", "auto_review", "guardian_subagent"),
  sandbox_mode: oneOf("read-only", "workspace-write", "danger-full-access"),
  sandbox_workspace_write: fieldsOf({
    network_access: flag,
    exclude_tmpdir_env_var: flag,
    exclude_slash_tmp: flag,
  }),
  allow_login_shell: flag,
  bypass_hook_trust: flag,
  shell_environment_policy: fieldsOf({
    inherit: oneOf("all", "core", "none"),
    ignore_default_excludes: flag,
    experimental_use_profile: flag,
  }),
  features: namedBy((name) => /^[a-z_]{1,40}$/.test(name), flag),
});
const OPENCODE_FOLDER = { variable: "XDG_CONFIG_HOME", below: ".config" };

const AGENTS = {
  /** claude-agent-acp 0.100. */
  "claude-code": {
    settings: () => ({}),
    env: (url) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: "none",
      // Else its model has to search for Interlock's own tools first.
      ENABLE_TOOL_SEARCH: "false",
      DISABLE_AUTOUPDATER: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      // As root it starts only where it is told that it is in a sandbox.
      ...(process.getuid?.() === 0 ? { IS_SANDBOX: "1" } : {}),
    }),
    own: [
      {
        folder: { variable: "CLAUDE_CONFIG_DIR", below: ".claude" },
        path: "settings.json",
        format: "json",
        keeps: fieldsOf({
          permissions: fieldsOf({
            allow: listOf(claudeRule),
            ask: listOf(claudeRule),
            deny: listOf(claudeRule),
            defaultMode: oneOf(...CLAUDE_MODES),
            disableBypassPermissionsMode: oneOf("disable"),
          }),
          sandbox: fieldsOf({
            enabled: flag,
            autoAllowBashIfSandboxed: flag,
            allowUnsandboxedCommands: flag,
          }),
          disableAllHooks: flag,
        }),
      },
    ],
    program: ["PATH", "CLAUDE_CODE_EXECUTABLE"],
    variables: {},
  },
  /** codex-acp 2.6 with Codex 0.166. */
  codex: {
    settings: (url) => ({
      ".codex/config.toml": {
        model: "gpt-5-codex",
        model_provider: "scripted",
        check_for_update_on_startup: false,
        model_providers: {
          scripted: {
            name: "Scripted",
            base_url: `${url}/v1`,
            wire_api: "responses",
            env_key: "SCRIPTED_KEY",
          },
        },
      },
    }),
    env: () => ({ SCRIPTED_KEY: "none" }),
    own: [
      {
        folder: { variable: "CODEX_HOME", below: ".codex" },
        path: "config.toml",
        format: "toml",
        keeps: CODEX_KEYS,
      },
      {
        folder: { variable: "CODEX_HOME", below: ".codex" },
        path: "rules/*.rules",
        format: "text",
        keeps: codexRules,
      },
    ],
    program: ["PATH", "CODEX_PATH"],
    variables: {
      INITIAL_AGENT_MODE: oneOf("read-only", "agent", "workspace-write", "agent-full-access"),
      CODEX_CONFIG: inJson(CODEX_KEYS),
    },
  },
  /** OpenCode 1.18. */
  opencode: {
    settings: (url) => ({
      ".config/opencode/opencode.json": {
        model: "scripted/m",
        small_model: "scripted/m",
        autoupdate: false,
        share: "disabled",
        provider: {
          scripted: {
            npm: "@ai-sdk/openai-compatible",
            name: "Scripted",
            options: { baseURL: `${url}/v1`, apiKey: "none" },
            models: { m: { name: "m" } },
          },
        },
      },
    }),
    env: () => ({
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
    }),
    own: ["opencode.json", "opencode.jsonc", "config.json"].map((name) => ({
      folder: OPENCODE_FOLDER,
      path: `opencode/${name}`,
      format: "json",
      keeps: OPENCODE_KEYS,
    })),
    program: ["PATH"],
    variables: {
      OPENCODE_PERMISSION: inJson(OPENCODE_PERMISSION),
      OPENCODE_CONFIG_CONTENT: inJson(OPENCODE_KEYS),
    },
  },
} as const satisfies Readonly<Record<string, VerifiedAgent>>;

/** The agents whose model can be ours. */
export type VerifiedId = keyof typeof AGENTS;

export function verifiedAgent(id: VerifiedId): VerifiedAgent {
  return AGENTS[id];
}

/** Which of them an agent is; undefined for one whose settings aren't known. */
export function verifiedIdOf(agent: Startable): VerifiedId | undefined {
  const id = profileOf(agent);
  return Object.hasOwn(AGENTS, id) ? (id as VerifiedId) : undefined;
}
