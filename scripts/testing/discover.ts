import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";

import { ROOT } from "../lib/paths.ts";

/** Folders whose files belong to no stage of their own, or to another stage. */
const NOT_UNIT = new Set(["fixtures", "vscode", "browser", "bench", "soak", "canary", "harness"]);

async function filesUnder(folder: string, ending: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith(ending) && !entry.parentPath.includes("node_modules"),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

export async function unitTests(): Promise<string[]> {
  const files = await filesUnder("test", ".test.ts");
  return files.filter((file) => !NOT_UNIT.has(relative(join(ROOT, "test"), file).split(sep)[0] ?? ""));
}

export const browserTests = (): Promise<string[]> => filesUnder("test/browser", ".test.ts");
export const hostTests = (): Promise<string[]> => filesUnder("test/vscode", ".host.ts");
export const benches = (): Promise<string[]> => filesUnder("test/bench", ".bench.ts");
export const soaks = (): Promise<string[]> => filesUnder("test/soak", ".soak.ts");
