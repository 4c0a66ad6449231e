import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { provide } from "../boot/cache.mjs";
import { npm } from "../boot/npm.mjs";
import { Stop } from "../boot/stop.mjs";
import pins from "../pins.json" with { type: "json" };
import { ownEnvironment } from "./environment.ts";
import { mustRun } from "./process.ts";
import { step } from "./step.ts";
import { pythonWithPip } from "./tools.ts";

/** Open-source projects that tests work on, each at the version in pins.json. */
export type SourceName = keyof typeof pins.sources;

export const SOURCES = Object.keys(pins.sources) as readonly SourceName[];

/** The folder with the source distribution of a project, fetched on first use. It is shared: copy it, don't change it. */
export async function source(name: SourceName): Promise<string> {
  const { from, version, sha256 } = pins.sources[name];
  const folder = await provide(`source-${name}-${version}`, (unfinished) =>
    step(`Fetching the sources of ${name} ${version}`, async () => {
      const archives = join(unfinished, "archives");
      await mkdir(archives);
      await (from === "npm" ? npmArchive : pipArchive)(archives, name, version, sha256);
      const [archive = ""] = await readdir(archives);
      const data = await readFile(join(archives, archive));
      if (createHash("sha256").update(data).digest("hex") !== sha256)
        throw new Stop(`${archive} is not the file that is pinned.`, "Compare it with scripts/pins.json.");
      const next = "See what tar says above.";
      const unpacked = join(unfinished, "unpacked");
      await mkdir(unpacked);
      await mustRun("tar", ["-xzf", join(archives, archive), "-C", unpacked], next);
      const [top = ""] = await readdir(unpacked);
      await rename(join(unpacked, top), join(unfinished, "source"));
      await rm(archives, { recursive: true });
      await rm(unpacked, { recursive: true });
    }),
  );
  return join(folder, "source");
}

async function npmArchive(folder: string, name: string, version: string): Promise<void> {
  await npm(folder, ["pack", `${name}@${version}`], `the sources of ${name}`);
}

async function pipArchive(folder: string, name: string, version: string, sha256: string): Promise<void> {
  const requirements = join(folder, "..", "requirements.txt");
  await writeFile(requirements, `${name}==${version} --hash=sha256:${sha256}\n`);
  const next = "Check that your Python package index can be reached, and run the same command again.";
  const args = ["--require-hashes", "--no-deps", "--no-binary", ":all:", "-r", requirements, "-d", folder];
  await mustRun(await pythonWithPip(), ["-m", "pip", "download", "-q", ...args], next, {
    env: ownEnvironment(),
  });
}
