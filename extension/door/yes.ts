import type { GrantScope } from "../approvals/grants.ts";
import { partsOf, type RunningPart } from "../shell/parts.ts";
import type { DoorRequest } from "./act.ts";
import type { Call } from "./calls.ts";
import type { Considered } from "./considered.ts";

/** What a yes to an act would be said to. */
export function scopeOf(
  { scope, script, judgement }: Considered,
  { id, cwd }: Pick<Call, "id" | "cwd">,
  change: string | undefined,
): GrantScope {
  const { effects, loss } = judgement;
  const parts = script === null ? [] : partsOf(script);
  return { call: id, key: scope, cwd: cwd ?? "", effects, loss, change, parts };
}

/** What is about to run, where it may be part of a line that the agent asked for. */
export function runningPart(
  { act, running }: DoorRequest,
  { variables }: Considered,
): RunningPart | undefined {
  if (running !== true || act.kind !== "command" || act.argv === null) return undefined;
  return { argv: act.argv, cwd: act.cwd, variables };
}

/** What a write that a person is asked about would change. */
export async function changeOf(request: DoorRequest, { judgement }: Considered): Promise<string | undefined> {
  return judgement.verdict === "ask" ? request.change?.().catch(() => undefined) : undefined;
}
