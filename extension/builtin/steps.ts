import type { Step } from "./chores.ts";
import { summarise, type StepResult } from "./report.ts";
import { run } from "./run.ts";
import type { Turn } from "./turn.ts";

/** Runs each step whatever became of the one before, keeps the plan up to date, and says what happened. `leftOut`: what was not run, and why. */
export async function runSteps(
  turn: Turn,
  steps: readonly Step[],
  leftOut: readonly string[] = [],
): Promise<void> {
  const results: StepResult[] = [];
  for (const step of steps) {
    await showPlan(turn, steps, results.length);
    const outcome = await run(turn, step.command);
    if (outcome.kind === "stopped") {
      return;
    }
    results.push({ step, outcome });
  }
  await showPlan(turn, steps, results.length);
  await turn.host.say(summarise(results, turn.environment, leftOut));
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
