import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { inspect } from "node:util";
import { basename, delimiter, dirname, join } from "node:path";

import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";

import { pinnedNode } from "../boot/node.mjs";
import { REQUIRE } from "../lib/bundle.ts";
import { ownEnvironment } from "../lib/environment.ts";
import { ROOT, TEST_OUTPUT } from "../lib/paths.ts";
import { makeSample } from "../lib/sample.ts";
import type { SampleTools } from "../lib/sample.ts";
import { parseOutcomes } from "./outcome.ts";
import type { Report } from "./report.ts";

const TEST_MS = 60_000;
const STAND_IN = join(ROOT, "test", "vscode", "stand-in.ts");
const SUITE = join(TEST_OUTPUT, "host");
const NAME = "the extension-host suite";

/**
 * Runs the suite through @vscode/test-electron, in the window of the stand-in or, with INTERLOCK_CODE naming one, of a
 * desktop build. The suite writes what its tests came to into a file, since a window has no output of its own.
 */
export async function runHostSuite(
  files: readonly string[],
  tools: SampleTools,
  report: Report,
): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "interlock-host-"));
  const outcomes = join(scratch, "outcomes.jsonl");
  const folder = join(scratch, "sample");
  await Promise.all([bundleSuite(files), makeSample(folder, tools)]);
  let output = "";
  const sink = {
    write: (text: Buffer) => Boolean((output += text.toString())),
  } as unknown as NodeJS.WritableStream;
  const started = performance.now();
  let problem: unknown;
  try {
    await runTests({
      vscodeExecutablePath: process.env["INTERLOCK_CODE"] ?? STAND_IN,
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: join(SUITE, "index.mjs"),
      launchArgs: [folder, `--user-data-dir=${join(scratch, "u")}`, `--extensions-dir=${join(scratch, "e")}`],
      extensionTestsEnv: await environment(scratch, outcomes),
      stdout: sink,
      stderr: sink,
    });
  } catch (error) {
    problem = error;
  }
  const ms = performance.now() - started;
  const results = parseOutcomes(await readFile(outcomes, "utf8").catch(() => ""));
  if (problem && !results.some((each) => each.result === "failed")) {
    results.push({ file: NAME, name: "the window", result: "failed", reason: inspect(problem), ms });
  }
  report.add(NAME, results, ms, output);
  await rm(scratch, { recursive: true, force: true });
}

async function environment(scratch: string, outcomes: string): Promise<NodeJS.ProcessEnv> {
  const env = ownEnvironment();
  return {
    ...env,
    // The stand-in is a script: this finds it a Node that runs it.
    PATH: [dirname(await pinnedNode()), env["PATH"]].join(delimiter),
    INTERLOCK_STATE_DIR: join(scratch, "state"),
    INTERLOCK_OUTCOMES: outcomes,
    INTERLOCK_TEST_MS: String(TEST_MS),
  };
}

/** VS Code loads a suite by path, so it is built like the extension itself: `vscode` stays outside. */
async function bundleSuite(files: readonly string[]): Promise<void> {
  await rm(SUITE, { recursive: true, force: true });
  await mkdir(SUITE, { recursive: true });
  const own = ["index.ts", "end.ts"].map((name) => join(ROOT, "test", "vscode", "suite", name));
  const entries = [...own, ...files];
  await build({
    entryPoints: Object.fromEntries(entries.map((file) => [basename(file, ".ts"), file])),
    outdir: SUITE,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    splitting: true,
    sourcemap: "inline",
    // As the extension itself is built (scripts/lib/bundle.ts): the suite takes rooms of it along.
    mainFields: ["module", "main"],
    external: ["vscode"],
    banner: { js: REQUIRE },
    logLevel: "warning",
  });
}
