import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";

import type { AgentDefinition } from "../../extension/acp/agents.ts";
import type { ScriptedModel } from "../../extension/verify/model/server.ts";
import { cacheRoot } from "../../scripts/boot/cache.mjs";
import { Stop } from "../../scripts/boot/stop.mjs";
import { type AgentName, agentProgram } from "../../scripts/lib/agents.ts";

/** What a person could have set up by which their agent asks for nothing. */
interface Home {
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** A home of an agent whose model is the scripted one; `allowing`: its person has allowed everything. */
type HomeOf = (url: string, allowing: boolean) => Home;

const HOMES: Readonly<Record<AgentName, HomeOf>> = {
  "claude-code": (url, allowing) => ({
    files: allowing
      ? { ".claude/settings.json": JSON.stringify({ permissions: { allow: ["Bash", "Edit", "Write"] } }) }
      : {},
    env: {
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: "none",
      ENABLE_TOOL_SEARCH: "false",
      DISABLE_AUTOUPDATER: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      // As root it starts only where it is told that it is in a sandbox.
      IS_SANDBOX: "1",
    },
  }),
  codex: (url, allowing) => ({
    files: {
      ".codex/config.toml": [
        'model = "gpt-5-codex"',
        'model_provider = "scripted"',
        ...(allowing ? ['approval_policy = "never"', 'sandbox_mode = "danger-full-access"'] : []),
        "[model_providers.scripted]",
        'name = "Scripted"',
        `base_url = "${url}/v1"`,
        'wire_api = "responses"',
        'env_key = "SCRIPTED_KEY"',
      ].join("\n"),
    },
    env: { SCRIPTED_KEY: "none" },
  }),
  opencode: (url, allowing) => ({
    files: {
      ".config/opencode/opencode.json": JSON.stringify({
        model: "scripted/m",
        small_model: "scripted/m",
        autoupdate: false,
        ...(allowing ? { permission: { bash: "allow", edit: "allow" } } : {}),
        provider: {
          scripted: {
            npm: "@ai-sdk/openai-compatible",
            name: "Scripted",
            options: { baseURL: `${url}/v1`, apiKey: "none" },
            models: { m: { name: "m" } },
          },
        },
      }),
    },
    env: {},
  }),
};

/**
 * A real agent in a home of its own, with the scripted model behind it; undefined after skipping the test where it can't be had. In CI
 * nothing may be missing.
 */
export async function realAgent(
  t: TestContext,
  name: AgentName,
  model: ScriptedModel,
  { allowing = false }: { readonly allowing?: boolean } = {},
): Promise<Partial<AgentDefinition> | undefined> {
  try {
    const { command, args } = await agentProgram(name);
    // Codex runs no command where its home lies in the folder for temporary files.
    const parent = join(cacheRoot(), "homes");
    await mkdir(parent, { recursive: true });
    const home = await mkdtemp(join(parent, "home-"));
    t.after(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
    const { files, env } = HOMES[name](model.url, allowing);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(home, path, ".."), { recursive: true });
      await writeFile(join(home, path), text);
    }
    const xdg = {
      XDG_CONFIG_HOME: join(home, ".config"),
      XDG_DATA_HOME: join(home, ".local", "share"),
      XDG_CACHE_HOME: join(home, ".cache"),
      XDG_STATE_HOME: join(home, ".local", "state"),
    };
    return {
      command,
      args: [...args],
      env: { HOME: home, CODEX_HOME: join(home, ".codex"), ...xdg, ...env },
    };
  } catch (error) {
    if (!(error instanceof Stop) || process.env["CI"]) throw error;
    t.skip(error.message);
    return undefined;
  }
}
