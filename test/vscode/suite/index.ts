import { appendFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { run as runTests } from "node:test";

import { OutcomeReader } from "../../../scripts/testing/outcome.ts";
import type { TestEvent } from "../../../scripts/testing/outcome.ts";
import { END_OF_SUITE } from "./names.ts";

const DEFAULT_TEST_MS = 60_000;

/** VS Code calls this in its extension host. Each test's outcome goes to the file that the environment names. */
export async function run(): Promise<void> {
  const folder = new URL(".", import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith(".host.mjs")).sort();
  const report = process.env["INTERLOCK_OUTCOMES"] ?? "";
  const reader = new OutcomeReader();
  let failed = 0;
  const events = runTests({
    files: [...files, "end.mjs"].map((name) => new URL(name, folder).pathname),
    isolation: "none",
    concurrency: false,
    timeout: Number(process.env["INTERLOCK_TEST_MS"] ?? DEFAULT_TEST_MS),
  });
  for await (const event of events as AsyncIterable<TestEvent>) {
    const outcome = reader.read(event);
    // node:test says that it is done when the process ends, and this one doesn't.
    if (outcome?.name === END_OF_SUITE) break;
    if (!outcome) continue;
    if (outcome.result === "failed") failed += 1;
    if (report) appendFileSync(report, `${JSON.stringify(outcome)}\n`);
  }
  if (failed > 0) throw new Error(`${failed} tests failed in the extension host`);
}
