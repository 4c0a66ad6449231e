import { join } from "node:path";
import type { TestContext } from "node:test";

import type { AgentDefinition } from "../../extension/acp/agents.ts";
import { pointedHome, writeHome } from "../../extension/verify/home.ts";
import type { ScriptedModel } from "../../extension/verify/model/server.ts";
import { Stop } from "../../scripts/boot/stop.mjs";
import { type AgentName, agentProgram } from "../../scripts/lib/agents.ts";
import { lastingDir } from "./temp.ts";

/** Settings of a person who has allowed everything, by their files. */
export const ALLOWING: Readonly<
  Record<AgentName, Readonly<Record<string, Readonly<Record<string, unknown>>>>>
> = {
  "claude-code": { ".claude/settings.json": { permissions: { allow: ["Bash", "Edit", "Write"] } } },
  codex: { ".codex/config.toml": { approval_policy: "never", sandbox_mode: "danger-full-access" } },
  opencode: { ".config/opencode/opencode.json": { permission: { bash: "allow", edit: "allow" } } },
};

/** How a real agent is set up; undefined after skipping the test where it can't be had. In CI nothing may be missing. */
export async function realDefinition(t: TestContext, name: AgentName): Promise<AgentDefinition | undefined> {
  try {
    const { command, args } = await agentProgram(name);
    return { id: name, name, command, args: [...args], env: {}, profile: name };
  } catch (error) {
    if (!(error instanceof Stop) || process.env["CI"]) throw error;
    t.skip(error.message);
    return undefined;
  }
}

/** A real agent in a home of its own, with the scripted model behind it; undefined after skipping the test. */
export async function realAgent(
  t: TestContext,
  name: AgentName,
  model: ScriptedModel,
  { allowing = false }: { readonly allowing?: boolean } = {},
): Promise<Partial<AgentDefinition> | undefined> {
  const definition = await realDefinition(t, name);
  if (definition === undefined) return undefined;
  const home = await lastingDir(t);
  const pointed = pointedHome(name, model.url, allowing ? ALLOWING[name] : {});
  await writeHome(home, pointed);
  const env = {
    HOME: home,
    CODEX_HOME: join(home, ".codex"),
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local", "share"),
    XDG_CACHE_HOME: join(home, ".cache"),
    XDG_STATE_HOME: join(home, ".local", "state"),
    ...pointed.env,
  };
  const { command, args } = definition;
  return { command, args, env };
}
