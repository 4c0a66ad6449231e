import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

import { printFailure, Stop } from "../boot/stop.mjs";
import { buildAll } from "../lib/bundle.ts";
import { chromium } from "../lib/chromium.ts";
import { codeServer, installExtension } from "../lib/code-server.ts";
import { ownEnvironment } from "../lib/environment.ts";
import { ROOT } from "../lib/paths.ts";
import type { SampleTools } from "../lib/sample.ts";
import { step } from "../lib/step.ts";
import { pythonFor, tool } from "../lib/tools.ts";
import { packageVsix } from "../lib/vsix.ts";
import { readArguments, selected } from "./arguments.ts";
import type { Selection } from "./arguments.ts";
import { browserTests, hostTests, unitTests } from "./discover.ts";
import { runFiles } from "./files.ts";
import { runHostSuite } from "./host.ts";
import { Report } from "./report.ts";

const UNIT = { testMs: 60_000, fileMs: 10 * 60_000 };
/** A page that loads a whole VS Code takes ten seconds of it before a test begins. */
const BROWSER = { testMs: 180_000, fileMs: 15 * 60_000 };

type Plan = Record<"unit" | "host" | "browser", readonly string[]>;

/** `npm test`: fetches what is missing, builds, runs the selected stages and returns the exit status. */
export async function runTestTask(args: readonly string[]): Promise<number> {
  const selection = readArguments(args);
  const plan = await makePlan(selection);
  const tools = await provideTools(plan);
  const scratch = await mkdtemp(join(tmpdir(), "interlock-test-"));
  const env: NodeJS.ProcessEnv = { ...ownEnvironment(), INTERLOCK_STATE_DIR: join(scratch, "state") };
  const report = new Report();
  try {
    const onlySomeUnits = selection.only.length > 0 && plan.host.length + plan.browser.length === 0;
    await buildFor(plan, scratch, env, onlySomeUnits);
    const shared = { nodeFlags: selection.nodeFlags, env };
    title("Unit tests", plan.unit);
    await runFiles({ ...shared, ...UNIT, files: plan.unit, atOnce: availableParallelism() }, report);
    title("Tests in the extension host", plan.host);
    if (plan.host.length > 0) await runHostSuite(plan.host, tools, report);
    title("Tests in the browser", plan.browser);
    await runFiles({ ...shared, ...BROWSER, files: plan.browser, atOnce: 1 }, report);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return report.close();
}

async function makePlan({ stages, only }: Selection): Promise<Plan> {
  const pick = async (stage: keyof Plan, find: () => Promise<string[]>): Promise<string[]> =>
    stages.includes(stage) ? (await find()).filter((file) => selected(file.slice(ROOT.length), only)) : [];
  return {
    unit: await pick("unit", unitTests),
    host: await pick("host", hostTests),
    browser: await pick("browser", browserTests),
  };
}

/** Fetches what the plan needs. What this machine can't have is told here once, and its tests skip themselves. */
async function provideTools(plan: Plan): Promise<SampleTools> {
  const uv = await orTell(tool("uv"));
  const bun = await orTell(tool("bun"));
  await orTell(tool("ruff"));
  await orTell(tool("ty"));
  if (plan.host.length + plan.browser.length > 0) {
    await codeServer();
    await orTell(chromium());
  }
  const missing = uv && (await pythonFor(uv)).missing;
  if (missing) console.log(`! ${missing}: tests of Python projects are skipped.`);
  return { ...(uv && !missing ? { uv } : {}), ...(bun ? { bun } : {}) };
}

async function orTell(path: Promise<string>): Promise<string | undefined> {
  try {
    return await path;
  } catch (error) {
    if (!(error instanceof Stop) || process.env["CI"]) throw error;
    console.log(`! ${error.message} Tests that need it are skipped.\n  ${error.next}`);
    return undefined;
  }
}

/**
 * Browser tests get what ships, installed once for all of them; the others run from dist/. Somebody who tests one room
 * alone is told of a build that another room broke, and goes on.
 */
async function buildFor(
  plan: Plan,
  scratch: string,
  env: NodeJS.ProcessEnv,
  onlySomeUnits: boolean,
): Promise<void> {
  if (plan.browser.length === 0 || !existsSync(join(ROOT, "extension", "main.ts"))) {
    const building = step("Building", () => buildAll({ production: false }));
    await (onlySomeUnits ? building.catch(printFailure) : building);
    return;
  }
  const vsix = await packageVsix(join(scratch, "interlock.vsix"));
  const extensions = join(scratch, "extensions");
  await step("Installing the VSIX", () =>
    installExtension({ userData: join(scratch, "user-data"), extensions }, vsix),
  );
  env["INTERLOCK_VSIX"] = vsix;
  env["INTERLOCK_EXTENSIONS"] = extensions;
}

function title(text: string, files: readonly string[]): void {
  if (files.length > 0) console.log(`\n${text}`);
}
