import * as l10n from "@vscode/l10n";
import { existsSync } from "node:fs";
import type { Processes } from "../process/processes.ts";
import type { Toolchain } from "../toolchain/toolchain.ts";
import type { Checker, CheckOutcome } from "./checker.ts";
import { commandCheckers } from "./checkers.ts";
import type { CheckerDeps } from "./command.ts";
import { isOwnFile } from "../toolchain/folders.ts";
import { type Finding, GATES, type GateId, type GateReport, type GateResult } from "./gate.ts";
import { Known } from "./known.ts";
import { Lane } from "./lane.ts";
import type { ConnectServer } from "./serverLink.ts";
import { runTests } from "./testRuns.ts";
import { TestResults } from "./tests.ts";
import { warmCheckers } from "./warm.ts";

export interface GatesOptions {
  /** Absolute: the folder whose files are checked. */
  readonly folder: string;
  readonly toolchain: Toolchain;
  readonly processes: Pick<Processes, "run" | "spawn">;
  /** How to keep type checkers warm: they answer in 20 ms instead of 300, for their memory. Without it each is started. */
  readonly connect?: ConnectServer;
}

/** What one checker last said. */
interface Standing {
  readonly lane: Lane;
  readonly known: Known;
  state: "unknown" | "checked" | "unavailable";
  reason: string | undefined;
  tools: readonly string[];
  at: number;
  ms: number;
}

/**
 * The gates of one folder: who is asked about an edit, what stands, and who wants to know. No state is better than
 * what a tool said: before it ran it is unknown, and a tool that failed is unavailable, with the reason.
 */
export class Gates {
  readonly #options: GatesOptions;
  readonly #standings: readonly Standing[];
  readonly #tests = new TestResults();
  readonly #listeners = new Set<(report: GateReport) => void>();
  readonly #told = new Map<GateId, string>();
  #testing: AbortController | undefined;

  constructor(options: GatesOptions) {
    this.#options = options;
    const { folder, toolchain, processes } = options;
    const deps: CheckerDeps = {
      folder,
      processes,
      tools: toolchain.tools,
      evidence: (each) => toolchain.evidence(each),
    };
    const checkers = commandCheckers(deps);
    const { connect } = options;
    const used = connect === undefined ? checkers : warmCheckers(checkers, deps, connect);
    this.#standings = used.map((checker) => this.#stand(checker));
  }

  /** Checks files that were edited, made or deleted; resolves with what each tool says of them. */
  async edited(paths: readonly string[]): Promise<readonly GateResult[]> {
    const own = [...new Set(paths)].filter((path) => isOwnFile(this.#options.folder, path));
    const gone = own.filter((path) => !existsSync(path));
    for (const { known } of this.#standings) for (const path of gone) known.forget(path);
    const present = own.filter((path) => !gone.includes(path));
    if (this.#standings.some(({ lane }) => own.some((path) => lane.checker.handles(path)))) {
      this.#tests.outdate();
      this.#announce("tests");
    }
    const results = await Promise.all(
      this.#standings.map(async (standing): Promise<GateResult | null> => {
        const { lane, known } = standing;
        const { checker } = lane;
        // Where one file's types depend on all others, a deleted one matters to them.
        const files = (checker.whole ? own : present).filter((path) => checker.handles(path));
        if (files.length === 0) return null;
        const outcome = await lane.ask(files);
        const findings = files.flatMap((file) => known.of(file));
        return { gate: checker.gate, tool: checker.tool, ...resultOf(outcome, findings) };
      }),
    );
    if (gone.length > 0) this.#announce("lint", "types");
    return results.filter((result) => result !== null);
  }

  /** Looks at the whole folder, or runs all of its tests. Bounded by each tool's own time. */
  async runAll(gate?: GateId): Promise<readonly GateReport[]> {
    const lanes = this.#standings.filter(({ lane }) => gate === undefined || lane.checker.gate === gate);
    const checks = lanes.map(({ lane }) => lane.ask("all"));
    const tests = gate === undefined || gate === "tests" ? this.#runTests() : undefined;
    await Promise.all([...checks, tests]);
    return this.reports();
  }

  /**
   * A command ended that may have written any file. What was said before it is not said on: the gates that looked, or
   * are looking, look again. Those that were never asked stay so.
   */
  async touched(what: "files" | "sources"): Promise<void> {
    if (what === "sources") {
      this.#tests.outdate();
      this.#announce("tests");
    }
    const claims = this.#standings.filter(({ lane, state }) => lane.busy || state !== "unknown");
    const asked = new Set(claims.map(({ lane }) => lane.checker.gate));
    const looks = [...asked].map((gate) => this.runAll(gate));
    // They run from here on: no tick stands while the tools start.
    this.#announce(...asked);
    await Promise.all(looks);
  }

  /** Tells how the project stands before an agent changes it: lint and types, not the tests. */
  baseline(): void {
    void this.runAll("lint");
    void this.runAll("types");
  }

  /** A command ended: where it ran tests, their numbers are read from its output. */
  observe(line: string | readonly string[], exit: number | null, output: string): void {
    const { folder: cwd } = this.#options;
    if (this.#tests.observe({ line, cwd, exit, output, ms: 0 })) this.#announce("tests");
  }

  reports(): readonly GateReport[] {
    return GATES.map((gate) => this.report(gate));
  }

  report(gate: GateId): GateReport {
    if (gate !== "tests") return this.#checkReport(gate);
    const report = this.#tests.report();
    if (this.#testing === undefined) return report;
    const { detail: _, ...rest } = report;
    return { ...rest, state: "running" };
  }

  /** All findings that stand, or those of one file. */
  findings(file?: string): readonly Finding[] {
    return this.#standings.flatMap(({ known }) => (file === undefined ? known.findings : known.of(file)));
  }

  /** Told each time that a gate's report says something else, or may stand on other findings. Returns what ends it. */
  onReport(listener: (report: GateReport) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends all that runs; what was asked is answered as unknown. */
  cancel(): void {
    for (const { lane } of this.#standings) lane.cancel();
    this.#testing?.abort();
  }

  async dispose(): Promise<void> {
    this.#listeners.clear();
    this.#testing?.abort();
    await Promise.all(this.#standings.map(({ lane }) => lane.dispose()));
  }

  #stand(checker: Checker): Standing {
    const standing: Standing = {
      lane: new Lane(checker, (outcome, { all }) => {
        if (outcome !== "running") take(standing, outcome, all);
        this.#announce(checker.gate);
      }),
      known: new Known(this.#options.folder),
      state: "unknown",
      reason: undefined,
      tools: [],
      at: 0,
      ms: 0,
    };
    return standing;
  }

  #checkReport(gate: Exclude<GateId, "tests">): GateReport {
    const own = this.#standings.filter(({ lane }) => lane.checker.gate === gate);
    const asked = own.filter(({ state }) => state !== "unknown");
    const findings = own.flatMap(({ known }) => known.findings).filter(({ severity }) => severity !== "info");
    const unavailable = asked.filter(({ state }) => state === "unavailable");
    const running = own.some(({ lane }) => lane.busy);
    const failed = findings.some(({ severity }) => severity === "error");
    const rest = unavailable.length > 0 ? "unavailable" : asked.length === 0 ? "unknown" : "passed";
    const reasons = unavailable.map(({ reason }) => reason).join(" ");
    const detail = running ? undefined : reasons || detailOf(asked);
    return {
      gate,
      state: running ? "running" : failed ? "failed" : rest,
      findings: findings.length,
      tools: [...new Set(asked.flatMap(({ tools }) => tools))],
      at: Math.max(0, ...asked.map(({ at }) => at)),
      ms: Math.max(0, ...asked.map(({ ms }) => ms)),
      ...(detail === undefined ? {} : { detail }),
    };
  }

  async #runTests(): Promise<void> {
    if (this.#testing !== undefined) return;
    const controller = new AbortController();
    this.#testing = controller;
    this.#announce("tests");
    const { folder, toolchain, processes } = this.#options;
    try {
      const observations = await runTests(folder, toolchain, processes, controller.signal);
      for (const observation of observations) this.#tests.observe(observation);
    } finally {
      this.#testing = undefined;
      this.#announce("tests");
    }
  }

  #announce(...gates: readonly GateId[]): void {
    for (const gate of gates) {
      const report = this.report(gate);
      // Several tools of one gate begin at once: that it runs is said once.
      const saying = report.state === "running" ? `running ${report.findings}` : JSON.stringify(report);
      if (this.#told.get(gate) === saying) continue;
      this.#told.set(gate, saying);
      for (const listener of this.#listeners) listener(report);
    }
  }
}

function take(standing: Standing, outcome: CheckOutcome, all: boolean): void {
  if (outcome.state === "cancelled") return;
  // A look at everything that found nothing of its kind says nothing.
  if (outcome.state === "checked" && all && outcome.tools.length === 0) return;
  standing.state = outcome.state;
  standing.reason = outcome.state === "unavailable" ? outcome.reason : undefined;
  standing.at = Date.now();
  standing.ms = outcome.ms;
  if (outcome.state !== "checked") return;
  standing.tools = outcome.tools;
  standing.known.replace(outcome.groups, all);
}

function resultOf(
  outcome: CheckOutcome,
  findings: readonly Finding[],
): Pick<GateResult, "state" | "findings" | "ms"> {
  if (outcome.state === "cancelled") return { state: "unknown", findings: 0, ms: 0 };
  if (outcome.state === "unavailable") return { state: "unavailable", findings: 0, ms: outcome.ms };
  const counted = findings.filter(({ severity }) => severity !== "info");
  const failed = counted.some(({ severity }) => severity === "error");
  return { state: failed ? "failed" : "passed", findings: counted.length, ms: outcome.ms };
}

function detailOf(asked: readonly Standing[]): string | undefined {
  if (asked.length === 0) return l10n.t("Nothing was checked yet.");
  return asked.some(({ known }) => known.full) ? l10n.t("Only the first findings are kept.") : undefined;
}
