import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { ROOT } from "../lib/paths.ts";
import { endGroup, startGroup } from "../lib/process.ts";
import { parseOutcomes } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import type { Report } from "./report.ts";

const REPORTER = fileURLToPath(new URL("reporter.ts", import.meta.url));
const KEPT_CHARACTERS = 100_000;

export interface FileRun {
  readonly files: readonly string[];
  /** How many files run at once. */
  readonly atOnce: number;
  /** A test that takes longer has failed. */
  readonly testMs: number;
  /** A file that takes longer is ended: it may be in an endless loop, where no timer fires. */
  readonly fileMs: number;
  readonly nodeFlags: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Runs test files, each in a process group of its own that ends with it. */
export async function runFiles(plan: FileRun, report: Report): Promise<void> {
  const waiting = [...plan.files];
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
      await runFile(file, plan, report);
  };
  await Promise.all(Array.from({ length: Math.min(plan.atOnce, waiting.length) }, worker));
}

async function runFile(file: string, plan: FileRun, report: Report): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "interlock-outcomes-"));
  const outcomes = join(scratch, "outcomes.jsonl");
  const flags = [
    "--disable-warning=ExperimentalWarning",
    `--test-timeout=${plan.testMs}`,
    // A test that leaves a server or a timer behind has still said its result.
    "--test-force-exit",
    `--test-reporter=${REPORTER}`,
    `--test-reporter-destination=${outcomes}`,
    ...plan.nodeFlags,
  ];
  const started = performance.now();
  const child = startGroup(process.execPath, [...flags, file], {
    cwd: ROOT,
    env: plan.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
    });
  }
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    void endGroup(child);
  }, plan.fileMs);
  const code = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  clearTimeout(limit);
  await endGroup(child);
  const ms = performance.now() - started;
  const results = parseOutcomes(await readFile(outcomes, "utf8").catch(() => ""));
  await rm(scratch, { recursive: true, force: true });
  if (late) results.push(broken(file, `It did not end within ${plan.fileMs / 1000} s.`, ms));
  else if (code !== 0 && !results.some((each) => each.result === "failed")) {
    results.push(broken(file, `The file ended with ${code} outside its tests.`, ms));
  }
  report.add(file, results, ms, output);
}

const broken = (file: string, reason: string, ms: number): Outcome => ({
  file,
  name: "the file itself",
  result: "failed",
  reason,
  ms,
});
