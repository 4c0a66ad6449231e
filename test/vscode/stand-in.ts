#!/usr/bin/env node
/**
 * Stands in for the desktop `code` program: takes the flags that @vscode/test-electron passes, runs the suite in
 * code-server's real extension host through a page in headless Chromium, and exits with the suite's code. So one
 * suite runs here and on a desktop build.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { startServer } from "../../scripts/lib/code-server.ts";
import { launchBrowser } from "../harness/browser.ts";

/** A suite that says nothing for so long hangs; a whole one takes well under a minute. */
const SUITE_MS = 5 * 60_000;
/** What a code-server without its native logger says at every start, and VS Code's own agents without an account. */
const NOISE = /spdlog|^\[AgentHost\]/;
const ORPHAN_POLL_MS = 1_000;
const FAILED_TO_RUN = 70;

const { values, positionals } = parseArgs({
  options: {
    extensionDevelopmentPath: { type: "string" },
    extensionTestsPath: { type: "string" },
    "user-data-dir": { type: "string" },
    "extensions-dir": { type: "string" },
  },
  // Desktop flags without a meaning here: --no-sandbox, --disable-gpu-sandbox, --skip-welcome and the like.
  strict: false,
  allowPositionals: true,
});

async function runSuite(extension: string, suite: string): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), "interlock-stand-in-"));
  const folder = resolve(positionals[0] ?? scratch);
  const browser = await launchBrowser();
  const server = await startServer({
    userData: String(values["user-data-dir"] ?? join(scratch, "user-data")),
    extensions: String(values["extensions-dir"] ?? join(scratch, "extensions")),
    folder,
    trusted: true,
    testDriver: true,
  });
  try {
    const page = await browser.newPage();
    const code = new Promise<number>((done, fail) => {
      setTimeout(
        () => fail(new Error(`the suite did not end within ${SUITE_MS / 60_000} minutes`)),
        SUITE_MS,
      ).unref();
      void page.exposeFunction("codeAutomationExit", done);
      page.on("crash", () => fail(new Error("the page crashed")));
    });
    await page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) => {
      if (!NOISE.test(String(args[0]))) console.log(...(type === "error" ? ["[error]", ...args] : args));
    });
    const { host } = new URL(server.url);
    const remote = (path: string): string => `vscode-remote://${host}${path}`;
    const payload = [
      ["extensionDevelopmentPath", remote(extension)],
      ["extensionTestsPath", remote(suite)],
    ];
    const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
    await page.goto(`${server.url}?${query.toString()}`);
    return await code;
  } finally {
    await browser.close();
    await server.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

// Whoever started this may be killed without a word; a window without an audience must not stay.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(FAILED_TO_RUN);
}, ORPHAN_POLL_MS).unref();

const { extensionDevelopmentPath: extension, extensionTestsPath: suite } = values;
if (typeof extension !== "string" || typeof suite !== "string") {
  console.error("This needs --extensionDevelopmentPath= and --extensionTestsPath=.");
  process.exit(FAILED_TO_RUN);
}
try {
  process.exit(await runSuite(resolve(extension), resolve(suite)));
} catch (error) {
  console.error(error);
  process.exit(FAILED_TO_RUN);
}
