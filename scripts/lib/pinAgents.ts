import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { AGENT_PINS, PROVIDED_AGENTS } from "../../extension/toolchain/provision/agentPins.ts";
import { npm } from "../boot/npm.mjs";
import { Stop } from "../boot/stop.mjs";
import { step } from "./step.ts";

const FOLDER = new URL("../../extension/toolchain/provision/", import.meta.url);
/** What npm needs of a package to install it; where it lies is the registry's to say. */
const KEPT = new Set([
  "name",
  "version",
  "integrity",
  "dependencies",
  "optionalDependencies",
  "peerDependencies",
  "peerDependenciesMeta",
  "optional",
  "peer",
  "devOptional",
  "os",
  "cpu",
  "libc",
  "bin",
]);

type Entry = Readonly<Record<string, unknown>>;

/** Pins agents at other versions, with the hash of each package that they depend on. `wanted`: versions by agent. */
export async function pinAgents(wanted: ReadonlyMap<string, string>): Promise<void> {
  const pins = { ...AGENT_PINS };
  for (const agent of PROVIDED_AGENTS) {
    const version = wanted.get(agent);
    if (version === undefined) continue;
    const id = pins[agent].package;
    const packages = await step(`Asking for ${id} ${version}`, () => locked(id, version));
    const lock = { lockfileVersion: 3, requires: true, packages };
    await writeFile(new URL(`agentLocks/${agent}.json`, FOLDER), `${JSON.stringify(lock, null, 2)}\n`);
    pins[agent] = { ...pins[agent], version };
  }
  await writeFile(new URL("agentPins.json", FOLDER), `${JSON.stringify(pins, null, 2)}\n`);
}

async function locked(id: string, version: string): Promise<Record<string, Entry>> {
  const folder = await mkdtemp(join(tmpdir(), "interlock-pins-"));
  try {
    await writeFile(join(folder, "package.json"), '{ "private": true }\n');
    await npm(folder, ["install", "--package-lock-only", "--save-exact", `${id}@${version}`], id);
    const { packages } = JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8")) as {
      readonly packages: Readonly<Record<string, Entry>>;
    };
    const kept = Object.entries(packages).map(([path, entry]) => {
      if (path === "") return [path, { dependencies: { [id]: version } }] as const;
      if (typeof entry["integrity"] !== "string")
        throw new Stop(`The registry says no hash of ${path}.`, "Choose another version.");
      return [path, trimmed(entry, packages)] as const;
    });
    return Object.fromEntries(kept);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A part for another machine that the registry doesn't have is left out: npm would miss it in the lock. */
function trimmed(entry: Entry, packages: Readonly<Record<string, Entry>>): Entry {
  const kept = Object.fromEntries(Object.entries(entry).filter(([field]) => KEPT.has(field)));
  const { optionalDependencies: optional } = entry;
  if (optional === undefined) return kept;
  const there = Object.entries(optional as Readonly<Record<string, string>>).filter(
    ([name]) => packages[`node_modules/${name}`] !== undefined,
  );
  return { ...kept, optionalDependencies: Object.fromEntries(there) };
}
