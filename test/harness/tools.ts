import type { TestContext } from "node:test";

import { Stop } from "../../scripts/boot/stop.mjs";
import { chromium } from "../../scripts/lib/chromium.ts";
import { codeServer } from "../../scripts/lib/code-server.ts";
import { findProgram } from "../../scripts/lib/programs.ts";
import { bubblewrap, pythonFor, tool } from "../../scripts/lib/tools.ts";
import type { ToolName } from "../../scripts/lib/tools.ts";

/** What a test may need: a pinned program, or something of the machine. */
export type Need = ToolName | "python" | "git" | "chromium" | "code-server" | "bubblewrap";

/** The paths of the pinned programs, at the versions that the extension would bring. */
export async function tools(): Promise<Readonly<Record<ToolName, string>>> {
  const [node24, uv, ruff, ty, bun] = await Promise.all([
    tool("node24"),
    tool("uv"),
    tool("ruff"),
    tool("ty"),
    tool("bun"),
  ]);
  return { node24, uv, ruff, ty, bun };
}

/**
 * The path of what a test needs, or undefined after skipping the test with the reason. In CI nothing may be missing.
 * Use: `const uv = await skipWithout(t, "uv"); if (!uv) return;`
 */
export async function skipWithout(t: TestContext, need: Need): Promise<string | undefined> {
  try {
    return await find(need);
  } catch (error) {
    if (!(error instanceof Stop) || process.env["CI"]) throw error;
    t.skip(error.message);
    return undefined;
  }
}

async function find(need: Need): Promise<string> {
  if (need === "chromium") return chromium();
  if (need === "code-server") return codeServer();
  if (need === "git") return onPath("git");
  if (need === "bubblewrap") return bubblewrap();
  if (need !== "python") return tool(need);
  const { missing } = await pythonFor(await tool("uv"));
  if (missing) throw new Stop(`${missing}.`, "Install it.");
  return onPath("python3");
}

function onPath(name: string): string {
  const path = findProgram(name);
  if (!path) throw new Stop(`${name} was not found.`, "Install it.");
  return path;
}
