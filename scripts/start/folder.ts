import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { Stop } from "../boot/stop.mjs";
import { ownEnvironment } from "../lib/environment.ts";
import { CLONE_CACHE } from "../lib/paths.ts";
import { findProgram } from "../lib/programs.ts";
import { makeSample } from "../lib/sample.ts";
import { unlessStamped } from "../lib/stamp.ts";
import { step } from "../lib/step.ts";
import { pythonFor, tool } from "../lib/tools.ts";
import type { ToolName } from "../lib/tools.ts";
import type { StartOptions } from "./options.ts";

const SAMPLE = join(CLONE_CACHE, "trip-ledger");
const STAMP = join(CLONE_CACHE, "trip-ledger.ok");
const PYTHON_HINT =
  "Install it with pip (Debian: apt-get install python3 python3-pip), then `npm start -- --reset`.";

export interface Workspace {
  readonly folder: string;
  readonly isSample: boolean;
  /** Where the toolchain's programs are, for a machine that has none. */
  readonly programs: readonly string[];
}

/** The folder to open: the person's own, untouched, or the sample, made on the first start. */
export async function prepareFolder(options: StartOptions): Promise<Workspace> {
  const bun = await program("bun");
  const uv = await program("uv").catch((error: unknown) => explain(error, options.folder === undefined));
  const programs = [uv, bun].filter((path) => path !== undefined).map(dirname);
  if (options.folder) return { folder: options.folder, isSample: false, programs };

  const missing = uv && (await pythonFor(uv)).missing;
  if (missing) console.log(`! ${missing}: the sample has its TypeScript half alone.\n  ${PYTHON_HINT}`);
  const withPython = uv !== undefined && missing === undefined;
  if (options.reset) await rm(STAMP, { force: true });
  const halves = (await readFile(STAMP, "utf8").catch(() => undefined)) ?? "";
  if (withPython && halves === "typescript")
    console.log("  `npm start -- --reset` adds the sample's Python half.");
  // What a person did in the sample stays, until they ask for a new one.
  const made = halves !== "" && existsSync(SAMPLE);
  await unlessStamped(STAMP, made ? halves : withPython ? "both" : "typescript", () =>
    step("Making the sample project", async () => {
      await rm(SAMPLE, { recursive: true, force: true });
      await makeSample(SAMPLE, withPython ? { uv, bun } : { bun });
    }),
  );
  return { folder: SAMPLE, isSample: true, programs };
}

/** The person's own program where there is one. */
async function program(name: ToolName): Promise<string> {
  return findProgram(name, ownEnvironment()) ?? tool(name);
}

function explain(error: unknown, isSample: boolean): undefined {
  if (!(error instanceof Stop)) throw error;
  if (isSample) console.log(`! ${error.message} The sample has its TypeScript half alone.\n  ${PYTHON_HINT}`);
}
