import * as l10n from "@vscode/l10n";

import type { Step } from "./chores.ts";
import { succeeded, summarise, type StepResult } from "./report.ts";
import { run } from "./run.ts";
import type { Turn } from "./turn.ts";

/** Runs each step whatever became of the one before, keeps the plan up to date, and says what happened. */
export async function runSteps(turn: Turn, steps: readonly Step[]): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    await showPlan(turn, steps, results.length);
    const outcome = await run(turn, step.command);
    if (outcome.kind === "stopped") {
      return results;
    }
    results.push({ step, outcome });
  }
  await showPlan(turn, steps, results.length);
  await turn.host.say(summarise(results));
  return results;
}

/** Every step is looked at once more by `/fix`: worth a word where it could help. */
export async function checkSteps(turn: Turn, steps: readonly Step[], fixable: boolean): Promise<void> {
  const results = await runSteps(turn, steps);
  const failed = results.some(({ outcome }) => outcome.kind === "ended" && !succeeded(outcome));
  if (fixable && failed && !turn.signal.aborted) {
    await turn.host.say(l10n.t("`/fix` corrects what can be corrected safely."));
  }
}

/** A single command needs no plan. */
async function showPlan(turn: Turn, steps: readonly Step[], done: number): Promise<void> {
  if (steps.length < 2) {
    return;
  }
  await turn.host.plan(
    steps.map((step, index) => ({
      content: `${step.title}: ${step.command.line}`,
      status: index < done ? "completed" : index === done ? "in_progress" : "pending",
    })),
  );
}
