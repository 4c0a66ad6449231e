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

/** How an agent is started, before the words by which it speaks ACP. */
interface Start {
  readonly command: string;
  readonly args: readonly string[];
}

export interface Machine {
  /** What to type for a program; null where it is missing. */
  readonly command: (program: string) => string | null;
  /** What Interlock brought of an agent; null where it didn't. */
  readonly brought: (id: string) => Start | null;
}

/** A program of the person's own comes before one that Interlock brought. */
export function installedAgents(
  agents: readonly AgentDefinition[],
  { command, brought }: Machine,
): readonly InstalledAgent[] {
  return KNOWN_AGENTS.flatMap((known): readonly InstalledAgent[] => {
    const { acp, program, name } = known;
    if (acp === undefined || isSetUp(known, agents)) return [];
    const own = command(acp.program);
    const start = own === null ? brought(known.id) : { command: own, args: [] };
    if (start === null) return command(program) === null ? [] : [{ known, definition: null }];
    const args = [...start.args, ...acp.args];
    return [{ known, definition: { id: freeId(known.id, agents), name, command: start.command, args } }];
  });
}

/** True where a person has set this agent up, by whichever program brings it. */
export function isSetUp({ acp, packages }: KnownAgent, agents: readonly AgentDefinition[]): boolean {
  return agents.some((agent) => {
    if (acp?.profile !== undefined) return profileOf(agent) === acp.profile;
    const { program, all } = commandParts(agent);
    return program === acp?.program || packages.some((name) => all.has(name.slice(name.indexOf("/") + 1)));
  });
}

/** An agent's id, or the next that no other has. */
export function freeId(wanted: string, agents: readonly Pick<AgentDefinition, "id">[]): string {
  const taken = new Set(agents.map(({ id }) => id));
  let id = wanted;
  for (let next = 2; taken.has(id); next += 1) id = `${wanted}-${next}`;
  return id;
}
