import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { buildAll } from "./bundle.ts";
import { NODE_TOOLS } from "./node-tools.ts";
import { DIST, ROOT } from "./paths.ts";
import { mustRun } from "./process.ts";
import { step } from "./step.ts";

/** Builds for release and packs what ships into one file. */
export async function packageVsix(file?: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as Record<string, unknown>;
  const target = file ?? join(DIST, `${String(manifest["name"])}-${String(manifest["version"])}.vsix`);
  await step("Building for release", () => buildAll({ production: true }));
  await step("Packing the VSIX", async () => {
    await mkdir(dirname(target), { recursive: true });
    const options = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"];
    const args = [NODE_TOOLS.vsce, "package", ...options, "--out", target];
    await mustRun(process.execPath, args, "See what vsce says above.", { cwd: ROOT });
  });
  return target;
}
