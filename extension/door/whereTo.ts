import { analyse } from "../guard/analyse.ts";
import type { Surroundings } from "../guard/places.ts";
import type { ShellScript } from "../shell/command.ts";
import { parseShell } from "../shell/parse.ts";
import type { Evidence } from "../toolchain/evidence.ts";
import type { Foreign } from "../toolchain/foreign.ts";
import type { LockTrouble } from "../toolchain/locks.ts";
import type { OfferedSwap, Routing, WrittenRoutes } from "../toolchain/routeScript.ts";
import type { SwapConsents } from "../toolchain/swapConsents.ts";
import type { Toolchain } from "../toolchain/toolchain.ts";

/** Where a line would be sent, and what says so. */
export interface WhereTo {
  readonly routing: Routing;
  readonly foreign: Foreign | null;
  /** Of the folder that it runs in. */
  readonly evidence: Evidence;
  /** The lock that keeps it from running. */
  readonly lock: LockTrouble | null;
  /** What a person is asked first: another program could answer. */
  readonly swap: OfferedSwap | null;
}

interface Using {
  readonly toolchain: Toolchain;
  /** The rules of the policies that count. */
  readonly written: WrittenRoutes;
  readonly choices: ReturnType<SwapConsents["choices"]>;
  readonly around: Surroundings;
}

/** Where a line would be sent from a folder, and what says so. Nothing is run. */
export async function whereTo(
  script: ShellScript,
  cwd: string,
  { toolchain, written, choices, around }: Using,
): Promise<WhereTo> {
  const routing = toolchain.route(script, { swap: choices.accepts, written });
  const { route } = routing;
  const runs = route === null ? script : parseShell(route.to, { cwd });
  // What changes dependencies is asked about for that, whatever its lock says.
  const changes = analyse(runs, around).effects.some(({ kind }) => kind === "deps.change");
  return {
    routing,
    foreign: toolchain.foreign(runs, written),
    evidence: toolchain.evidence(cwd),
    lock: changes ? null : (await toolchain.locks.lookAt(runs)).trouble,
    swap: choices.open(routing.swaps).find(({ accepted }) => !accepted) ?? null,
  };
}
