import { commandParts } from "../commandParts.ts";
import { claudeCode } from "./claudeCode.ts";
import { codex } from "./codex.ts";
import { generic } from "./generic.ts";
import { openCode } from "./openCode.ts";
import type { AgentHook, AgentProfile, LaunchContext, LaunchSetup, OnCommandLine } from "./profile.ts";

/** By what a person writes to have one used where names don't tell. */
const TABLE = { "claude-code": claudeCode, codex, opencode: openCode, generic };

/** The agents that Interlock knows settings of, and the one for all others. */
export type ProfileId = keyof typeof TABLE;
export const PROFILES = Object.keys(TABLE) as readonly ProfileId[];

export interface Startable {
  readonly profile?: ProfileId | undefined;
  readonly command: string;
  readonly args: readonly string[];
}

/** The profile of an agent: the one that its person names, or that its program or package tells. */
export function profileOf(agent: Startable): ProfileId {
  if (agent.profile !== undefined) return agent.profile;
  const { program, all } = commandParts(agent);
  const known = PROFILES.find((id) => {
    const { programs, packages }: AgentProfile = TABLE[id];
    return programs.includes(program) || packages.some((name) => all.has(name));
  });
  return known ?? "generic";
}

/** What an agent is started with so that it asks before it acts, as far as its profile knows. */
export async function launchSetup(
  agent: Startable,
  context: Omit<LaunchContext, "args">,
): Promise<LaunchSetup & { readonly env: Readonly<Record<string, string>> }> {
  const { launch, patience }: AgentProfile = TABLE[profileOf(agent)];
  const { env, ...setup } = await launch({ ...context, args: agent.args });
  return { ...setup, env: { ...patience, ...context.variables, ...env } };
}

/** The agents that can be started in a terminal with the hook. */
export function launchedWith(
  hook: AgentHook,
): readonly (Omit<OnCommandLine, "words"> & { readonly words: readonly string[] })[] {
  const all = Object.values(TABLE).flatMap(({ terminal }) => terminal ?? []);
  return all.map(({ program, option, yieldsTo, words }) => {
    return { program, option, yieldsTo, words: words(hook) };
  });
}
