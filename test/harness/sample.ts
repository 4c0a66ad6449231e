import { join } from "node:path";

import { makeSample } from "../../scripts/lib/sample.ts";
import { pythonFor, tool } from "../../scripts/lib/tools.ts";
import { tempDir } from "./temp.ts";
import type { Owner } from "./temp.ts";

/** A fresh sample project with everything installed; without Python 3.10 it has its TypeScript half alone. */
export async function sampleFor(t: Owner): Promise<string> {
  const folder = join(await tempDir(t), "trip-ledger");
  const [uv, bun] = [await tool("uv"), await tool("bun")];
  const { missing } = await pythonFor(uv);
  await makeSample(folder, missing ? { bun } : { uv, bun });
  return folder;
}
