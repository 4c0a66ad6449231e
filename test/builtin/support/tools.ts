import { delimiter, dirname } from "node:path";
import type { TestContext } from "node:test";

import { skipWithout } from "../../harness/tools.ts";

/** An environment in which ruff and ty are found, or undefined after skipping the test. */
export async function pythonTools(t: TestContext): Promise<NodeJS.ProcessEnv | undefined> {
  const ruff = await skipWithout(t, "ruff");
  const ty = await skipWithout(t, "ty");
  if (ruff === undefined || ty === undefined) {
    return undefined;
  }
  return { ...process.env, PATH: [dirname(ruff), dirname(ty), process.env["PATH"]].join(delimiter) };
}
