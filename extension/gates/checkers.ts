import type { Checker, CheckOutcome } from "./checker.ts";
import type { CheckerDeps } from "./command.ts";
import type { GateId } from "./gate.ts";
import { ruffChecker } from "./ruff.ts";
import { SCRIPT_LINTERS, scriptLinter } from "./scriptLinters.ts";
import { tscChecker } from "./tsc.ts";
import { tyChecker } from "./ty.ts";

/** The checkers that start a program for each question, the same in the editor and in a terminal. */
export function commandCheckers(deps: CheckerDeps): readonly Checker[] {
  return [
    ruffChecker(deps),
    ...SCRIPT_LINTERS.map((linter) => scriptLinter(deps, linter)),
    tyChecker(deps),
    tscChecker(deps),
  ];
}

/** What one tool said of a look. */
export interface Looked {
  readonly tool: string;
  readonly outcome: CheckOutcome;
}

/**
 * One look by the tools that a folder means, beside what its gates do: at some files, or at the whole folder. Tools that had nothing
 * of their kind to look at are left out.
 */
export async function look(
  deps: CheckerDeps,
  gate: Exclude<GateId, "tests">,
  files: readonly string[] | "all",
  signal: AbortSignal,
): Promise<readonly Looked[]> {
  const looked: Looked[] = [];
  for (const checker of commandCheckers(deps).filter((each) => each.gate === gate)) {
    const own = files === "all" ? files : files.filter((file) => checker.handles(file));
    if (own.length === 0) continue;
    const outcome = await (own === "all" ? checker.checkAll(signal) : checker.check(own, signal));
    const nothing = outcome.state === "checked" && outcome.tools.length === 0;
    if (!nothing) looked.push({ tool: checker.tool, outcome });
  }
  return looked;
}
