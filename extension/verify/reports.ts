import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentDefinition } from "../acp/agents.ts";
import type { AgentProgram } from "../acp/connection.ts";
import { PRIVATE_FILE, privateFolder, writeAtomically } from "../state/directory.ts";
import { type VerifyReport, verifyReport } from "./report.ts";
import { stampOf } from "./stamp.ts";

/** After so long a verification is to be repeated: agents change what they ask by services of theirs, too. */
const FRESH_MS = 90 * 24 * 3_600_000;

/** What knows of an agent as it is now. */
interface StandingHost {
  readonly stateDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  toldBy(agent: AgentDefinition): AgentProgram | null;
}

/** How the last verification of an agent stands. `changed`: its program, or how it is started, is another one since. */
export type Standing =
  | { readonly state: "none" }
  | { readonly state: "fresh" | "changed" | "overdue"; readonly report: VerifyReport };

/** Where reports are kept, and where runs make what they throw away. */
export function verifyFolder(stateDirectory: string): string {
  return join(stateDirectory, "verify");
}

/** The last report of an agent; null where there is none, or none that this version understands. */
export async function readReport(
  stateDirectory: string,
  { id }: Pick<AgentDefinition, "id">,
): Promise<VerifyReport | null> {
  try {
    const parsed = verifyReport.safeParse(JSON.parse(await readFile(pathOf(stateDirectory, id), "utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export async function keepReport(stateDirectory: string, report: VerifyReport): Promise<void> {
  await privateFolder(verifyFolder(stateDirectory));
  const text = `${JSON.stringify(report, null, 2)}\n`;
  await writeAtomically(pathOf(stateDirectory, report.agent.id), text, { mode: PRIVATE_FILE });
}

/** How the last report of an agent stands. `now`: milliseconds since the epoch. */
export async function standingOf(host: StandingHost, agent: AgentDefinition, now: number): Promise<Standing> {
  const report = await readReport(host.stateDirectory, agent);
  if (report === null) return { state: "none" };
  const told = host.toldBy(agent);
  const other = told !== null && told.version !== report.program?.version;
  if (other || report.stamp !== (await stampOf(agent, host.environment))) return { state: "changed", report };
  // A clock that was set back makes nothing fresh for ever.
  return { state: Math.abs(now - report.at) > FRESH_MS ? "overdue" : "fresh", report };
}

/** Ids of agents are letters, digits, - and _. */
function pathOf(stateDirectory: string, id: string): string {
  return join(verifyFolder(stateDirectory), `${id}.json`);
}
