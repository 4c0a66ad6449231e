import * as l10n from "@vscode/l10n";
import { testRun } from "../toolchain/testRun.ts";
import type { GateReport } from "./gate.ts";
import { readSummary, type TestSummary } from "./testSummary.ts";

/** A run of tests that ended: by the agent, or by `runAll`. */
export interface TestObservation {
  /** The line as it was run, or the arguments. */
  readonly line: string | readonly string[];
  readonly cwd: string;
  /** Null after a signal. */
  readonly exit: number | null;
  /** What it wrote: stdout and stderr as they came, or their ends. */
  readonly output: string;
  /** Milliseconds. */
  readonly ms: number;
}

interface Result {
  /** `suspect`: it failed, before files changed. */
  readonly state: "passed" | "failed" | "suspect" | "unknown" | "unavailable";
  readonly detail: string | undefined;
  readonly passed: number | undefined;
  readonly failed: number;
  readonly at: number;
  readonly ms: number;
}

/** What is known of the project's tests: the last run of each runner, as the runner itself summed it up. */
export class TestResults {
  readonly #byRunner = new Map<string, Result>();

  /** Takes in a command that ended. False when it ran no tests, or doesn't tell. */
  observe({ line, cwd, exit, output, ms }: TestObservation): boolean {
    const run = testRun(line, cwd);
    if (run === null || exit === null) return false;
    const summary = readSummary(output);
    if (summary === null && !run.exits) return false;
    const { failed = 0, passed } = summary ?? {};
    const key = summary?.runner ?? "";
    const keep = (state: Result["state"], detail?: string): void => {
      this.#byRunner.set(key, { state, detail, passed, failed, at: Date.now(), ms });
    };
    const ok = failed === 0 && (!run.exits || exit === 0);
    if (isEmpty(summary, output)) keep("unknown", l10n.t("The last run found no tests."));
    else if (summary === null && !ok && run.sumsUp && !/^FAILED /m.test(output)) {
      keep("unavailable", l10n.t("The tests did not run: {0}", lastLine(output)));
    } else keep(ok ? "passed" : "failed");
    return true;
  }

  /** The code changed: what the last runs said is no longer said of it. */
  outdate(): void {
    for (const [runner, { state, at, ms }] of this.#byRunner) {
      if (state !== "passed" && state !== "failed") continue;
      const passed = state === "passed";
      const detail = passed
        ? l10n.t("Files changed since the last run, which passed.")
        : l10n.t("Files changed since the last run, which failed.");
      this.#byRunner.set(runner, {
        state: passed ? "unknown" : "suspect",
        detail,
        passed: undefined,
        failed: 0,
        at,
        ms,
      });
    }
  }

  report(): GateReport {
    const results = [...this.#byRunner.values()];
    const counted = results.filter(({ passed }) => passed !== undefined);
    const state = ORDER.find((each) => results.some((result) => result.state === each)) ?? "unknown";
    const none = results.length === 0 ? l10n.t("No tests have run in this session.") : undefined;
    const detail = none ?? results.find((result) => result.state === state)?.detail;
    return {
      gate: "tests",
      state: state === "suspect" ? "unknown" : state,
      findings: sum(results.map((result) => result.failed)),
      ...(counted.length === 0 ? {} : { passed: sum(counted.map((result) => result.passed ?? 0)) }),
      tools: [...this.#byRunner.keys()].filter((runner) => runner !== ""),
      at: Math.max(0, ...results.map((result) => result.at)),
      ms: Math.max(0, ...results.map((result) => result.ms)),
      ...(detail === undefined ? {} : { detail }),
    };
  }
}

/** The state of several runners is the first of these that one of them is in. */
const ORDER = ["failed", "unavailable", "suspect", "passed", "unknown"] as const;

/** A run without a single test proves nothing: pytest says so by exit 5. */
function isEmpty(summary: TestSummary | null, output: string): boolean {
  return summary === null ? /\bno tests ran\b/.test(output) : summary.passed + summary.failed === 0;
}

function lastLine(output: string): string {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== "");
  return (lines.find((line) => /^error/i.test(line)) ?? lines.at(-1) ?? "").trim().slice(0, 200);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
