import pins from "./agentPins.json" with { type: "json" };
import { type Machine, machineName } from "./pins.ts";

/** The agents that Interlock can bring, each at the version that its tests run. */
export type ProvidedAgent = keyof typeof pins;
export const PROVIDED_AGENTS = Object.keys(pins) as readonly ProvidedAgent[];

/** A package of npm, pinned with all that it depends on (`agentLocks/`). `npm run pins` writes both. */
export interface AgentPin {
  readonly package: string;
  readonly version: string;
  /** What Node is started with, below `node_modules`. */
  readonly script?: string;
  /** The oldest major version of Node that its packages say they run on. */
  readonly node?: number;
  /** What is started by itself, by kind of machine. */
  readonly programs?: Readonly<Record<string, string>>;
  /** What it takes on a disk, measured on Linux x64. */
  readonly megabytes: number;
}

export const AGENT_PINS: Readonly<Record<ProvidedAgent, AgentPin>> = pins;

/** What npm installs by. 60 kB, and needed only then. */
export async function agentLock(agent: ProvidedAgent): Promise<object> {
  const { AGENT_LOCKS } = await import("./agentLocks.ts");
  return AGENT_LOCKS[agent];
}

/** What is started of a package's files for a machine; null where there is nothing for it. */
export function startedFile({ script, programs = {} }: AgentPin, machine: Machine): string | null {
  return script ?? programs[machineName(machine)] ?? null;
}
