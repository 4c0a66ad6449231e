import type { SessionEvent } from "../events/event.ts";
import type { CallRow, PlanStep, Row } from "./protocol.ts";

/** The line at a turn's end: its calls, and the sums over the files that they changed. */
export function turnRow(
  event: Extract<SessionEvent, { type: "turn.ended" }>,
  calls: readonly CallRow[],
  plan: readonly PlanStep[],
): Row {
  const diffs = calls.filter(changedFiles).flatMap((call) => call.diffs);
  return {
    type: "turn",
    id: `t:${event.turn}`,
    at: event.at,
    stop: event.stop,
    ms: event.ms,
    files: new Set(diffs.map((diff) => diff.path)).size,
    added: diffs.reduce((sum, diff) => sum + diff.added, 0),
    removed: diffs.reduce((sum, diff) => sum + diff.removed, 0),
    ...(diffs.some(({ coarse }) => coarse) ? { coarse: true } : {}),
    calls: calls.length,
    ...(plan.length === 0 ? {} : { plan: { done: stepsDone(plan), total: plan.length } }),
  };
}

/** An edit that was held back or failed changed nothing. */
function changedFiles(call: CallRow): boolean {
  return call.status === "done" || call.status === "seen";
}

export function stepsDone(plan: readonly PlanStep[]): number {
  return plan.filter((step) => step.status === "completed").length;
}
