import { join } from "node:path";

import { provide } from "../boot/cache.mjs";
import { installPackages } from "../boot/npm.mjs";
import { pinnedNode } from "../boot/node.mjs";
import { Stop } from "../boot/stop.mjs";
import pins from "../pins.json" with { type: "json" };
import { isProgram } from "./programs.ts";
import { step } from "./step.ts";

/** Agents of others that tests run, each at the version in pins.json. */
export type AgentName = keyof typeof pins.agents;

export const AGENTS = Object.keys(pins.agents) as readonly AgentName[];

/** How an agent is started over ACP; it is fetched on first use, some 400 MB on disk each. */
export async function agentProgram(
  name: AgentName,
): Promise<{ readonly command: string; readonly args: readonly string[] }> {
  const { package: id, version, entry } = pins.agents[name];
  const folder = await provide(`agent-${name}-${version}`, (unfinished) =>
    step(`Fetching ${id} ${version}, about 400 MB on disk`, () =>
      installPackages(unfinished, [`${id}@${version}`]),
    ),
  );
  const modules = join(folder, "node_modules");
  if (entry !== null) return { command: await pinnedNode(), args: [join(modules, entry)] };
  // Its own start script needs an install script to have run.
  const program = join(modules, `${name}-${process.platform}-${process.arch}`, "bin", name);
  if (!isProgram(program))
    throw new Stop(`${id} has no program for this machine.`, "Its tests run on Linux and macOS.");
  return { command: program, args: ["acp"] };
}
