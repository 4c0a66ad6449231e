import { join } from "node:path";

import { KNOWN_AGENTS } from "../../extension/acp/known.ts";
import {
  AGENT_PINS,
  agentLock,
  PROVIDED_AGENTS,
  type ProvidedAgent,
  startedFile,
} from "../../extension/toolchain/provision/agentPins.ts";
import { thisMachine } from "../../extension/toolchain/provision/pins.ts";
import { provide } from "../boot/cache.mjs";
import { installLocked } from "../boot/npm.mjs";
import { pinnedNode } from "../boot/node.mjs";
import { Stop } from "../boot/stop.mjs";
import { step } from "./step.ts";

/** Agents of others that tests run: those that the extension brings, each as it brings it. */
export type AgentName = ProvidedAgent;

export const AGENTS = PROVIDED_AGENTS;

/** How an agent is started over ACP; it is fetched on first use, some 400 MB on disk each. */
export async function agentProgram(
  name: AgentName,
): Promise<{ readonly command: string; readonly args: readonly string[] }> {
  const pin = AGENT_PINS[name];
  const { package: id, version, megabytes } = pin;
  const file = startedFile(pin, thisMachine());
  if (file === null) throw new Stop(`${id} is not pinned for this machine.`, "Its tests run on Linux x64.");
  const folder = await provide(`agent-${name}-${version}`, (unfinished) =>
    step(`Fetching ${id} ${version}, about ${megabytes} MB on disk`, async () =>
      installLocked(unfinished, { [id]: version }, await agentLock(name)),
    ),
  );
  const path = join(folder, "node_modules", file);
  const words = KNOWN_AGENTS.find((known) => known.id === name)?.acp?.args ?? [];
  if (pin.script === undefined) return { command: path, args: words };
  return { command: await pinnedNode(), args: [path, ...words] };
}
