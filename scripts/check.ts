import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { main } from "./lib/main.ts";
import { NODE_TOOLS } from "./lib/node-tools.ts";
import { ROOT } from "./lib/paths.ts";
import { run } from "./lib/process.ts";
import { seconds } from "./lib/step.ts";

/** Undefined when all is well, else what a person has to read. */
type Check = () => Promise<string | undefined>;

const fix = process.argv.includes("--fix");

function tool(name: keyof typeof NODE_TOOLS, ...args: string[]): Check {
  return async () => {
    const { code, stdout, stderr } = await run(process.execPath, [NODE_TOOLS[name], ...args], { cwd: ROOT });
    return code === 0 ? undefined : `${stdout}${stderr}`.trim() || `${name} ended with ${code}`;
  };
}

/** A published extension may not use proposed API, and the VS Code that tests run in allows all of it. */
const noProposedApi: Check = async () => {
  const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as Record<string, unknown>;
  return "enabledApiProposals" in manifest ? "package.json: remove enabledApiProposals." : undefined;
};

/** Projects of their own, and what breaks a rule on purpose. The configuration can't name them: it lies in scripts/. */
const NOT_OURS = ["test/fixtures/**", "test/canary/**"].map((pattern) => `--ignore-pattern=${pattern}`);
const LINT = ["-c", "scripts/oxlint.config.ts", "--deny-warnings", ...NOT_OURS, ...(fix ? ["--fix"] : [])];

const CHECKS: readonly (readonly [title: string, check: Check])[] = [
  ["types", tool("tsc", "-p", ".")],
  ["types of the page", tool("tsc", "-p", "webview")],
  ["lint", tool("oxlint", ...LINT)],
  ["unused code", tool("knip")],
  ["format", tool("oxfmt", ...(fix ? [] : ["--check"]))],
  ["no proposed API", noProposedApi],
];

await main(async () => {
  let failed = 0;
  for (const [title, check] of CHECKS) {
    const started = performance.now();
    const complaint = await check();
    const mark = complaint === undefined ? "✓" : "✗";
    console.log(`${mark} ${title.padEnd(20)} ${seconds(performance.now() - started).padStart(7)}`);
    if (complaint === undefined) continue;
    failed += 1;
    console.log(complaint.replace(/^/gm, "    "));
  }
  if (failed > 0) console.log(`\n${failed} of ${CHECKS.length} checks failed.`);
  return failed === 0 ? 0 : 1;
});
