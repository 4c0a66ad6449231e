import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Metafile } from "esbuild";

import { ROOT } from "./paths.ts";

/** The folder of the package that a bundled file comes from, or undefined for our own. */
function packageFolder(input: string): string | undefined {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

/** The licences of everything that the build took code from: most of them ask to be shipped along with it. */
export async function notices(metafiles: readonly Metafile[]): Promise<string> {
  const folders = new Set<string>();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const input of Object.keys(inputs)) {
        const folder = packageFolder(input);
        if (folder) folders.add(folder);
      }
    }
  }
  const texts = await Promise.all([...folders].sort().map((folder) => notice(join(ROOT, folder))));
  return ["Interlock contains code of these packages.", ...texts].join(`\n\n${"-".repeat(80)}\n\n`);
}

async function notice(folder: string): Promise<string> {
  const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
  const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
  const text = file ? (await readFile(join(folder, file), "utf8")).trim() : "";
  return `${String(about["name"])} ${String(about["version"])} (${String(about["license"])})\n\n${text}`.trim();
}
