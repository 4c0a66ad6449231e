import { ok, type Result } from "../errors.ts";
import { HOMES, type HomeReport, REPORT_VERSION, type VerifyReport } from "./report.ts";
import type { ActId } from "./acts.ts";
import { canVerify } from "./can.ts";
import { runIn, type RunParts } from "./run.ts";
import { keepReport } from "./reports.ts";
import { stampOf } from "./stamp.ts";

export interface VerifyParts extends Pick<RunParts, "agent" | "host" | "signal"> {
  readonly onProgress: (progress: Progress) => void;
}

/** What is tried just now. */
export interface Progress {
  readonly home: HomeReport["home"];
  readonly act: ActId;
}

/**
 * Tries an agent in a clean home, and then with its person's own settings, and keeps the report. Throws an `InterlockError` where it is
 * stopped.
 */
export async function verifyAgent(parts: VerifyParts): Promise<Result<VerifyReport>> {
  const { agent, host, onProgress } = parts;
  const can = canVerify(agent);
  if (!can.ok) return can;
  const stamp = await stampOf(agent, host.environment);
  const at = Date.now();
  const homes: HomeReport[] = [];
  let program: VerifyReport["program"] = null;
  for (const home of HOMES) {
    const onAct = (act: ActId): void => onProgress({ home, act });
    const run = await runIn(home, { ...parts, id: can.value, onAct });
    if (run === null) continue;
    homes.push(run.report);
    program = run.program ?? program;
    // What doesn't start in a clean home is not tried in another one.
    if (run.report.acts.length === 0) break;
  }
  const good = homes.every(({ problem, acts }) => problem === null && acts.every((act) => act.ok));
  const { id, name } = agent;
  const report = {
    version: REPORT_VERSION,
    agent: { id, name },
    program,
    stamp,
    interlock: host.version,
    at,
    ok: good,
    homes,
  } as const;
  await keepReport(host.stateDirectory, report);
  return ok(report);
}
