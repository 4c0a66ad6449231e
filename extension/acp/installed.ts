import type { AgentDefinition } from "./agents.ts";
import { commandParts } from "./commandParts.ts";
import { KNOWN_AGENTS, type KnownAgent } from "./known.ts";
import { profileOf } from "./profiles/profiles.ts";

/** A known agent that is on this machine, and not among those that a person has set up. */
export interface InstalledAgent {
  readonly known: KnownAgent;
  /** What would be set up; null where the program by which it speaks ACP is missing. */
  readonly definition: Pick<AgentDefinition, "id" | "name" | "command" | "args"> | null;
}

/** `command`: what to type for a program of this machine; null where it is missing. */
export function installedAgents(
  agents: readonly AgentDefinition[],
  command: (program: string) => string | null,
): readonly InstalledAgent[] {
  return KNOWN_AGENTS.flatMap((known): readonly InstalledAgent[] => {
    const { acp, program, name } = known;
    if (acp === undefined || agents.some((agent) => isKnown(agent, known))) return [];
    const found = command(acp.program);
    if (found === null) return command(program) === null ? [] : [{ known, definition: null }];
    const definition = { id: freeId(known.id, agents), name, command: found, args: [...acp.args] };
    return [{ known, definition }];
  });
}

/** True where a person has set this agent up, by whichever program brings it. */
function isKnown(agent: AgentDefinition, { acp, packages }: KnownAgent): boolean {
  if (acp?.profile !== undefined) return profileOf(agent) === acp.profile;
  const { program, all } = commandParts(agent);
  return program === acp?.program || packages.some((name) => all.has(name.slice(name.indexOf("/") + 1)));
}

/** An agent's id, or the next that no other has. */
export function freeId(wanted: string, agents: readonly Pick<AgentDefinition, "id">[]): string {
  const taken = new Set(agents.map(({ id }) => id));
  let id = wanted;
  for (let next = 2; taken.has(id); next += 1) id = `${wanted}-${next}`;
  return id;
}
