import { writeFile } from "node:fs/promises";

import type { Build, Pin, ProvidedTool } from "../extension/toolchain/provision/pins.ts";
import { PINS, PROVIDED_TOOLS } from "../extension/toolchain/provision/pins.ts";
import { readListing } from "../extension/toolchain/provision/listing.ts";
import { registryOf } from "../extension/toolchain/provision/registries.ts";
import { Stop } from "./boot/stop.mjs";
import { main } from "./lib/main.ts";
import { pinAgents } from "./lib/pinAgents.ts";
import { step } from "./lib/step.ts";

/** The tags of wheels, by kind of machine. */
const WHEELS: Readonly<Record<string, RegExp>> = {
  "linux-x64": /manylinux_2_17_x86_64/,
  "linux-arm64": /manylinux_2_17_aarch64/,
  "linux-x64-musl": /musllinux_\d_\d_x86_64/,
  "linux-arm64-musl": /musllinux_\d_\d_aarch64/,
  "darwin-x64": /macosx_\d+_\d+_x86_64/,
  "darwin-arm64": /macosx_\d+_\d+_arm64/,
  "win32-x64": /win_amd64/,
  "win32-arm64": /win_arm64/,
};
/** bun's packages. Where a processor can't be asked what it knows, the build that runs on all of them. */
const BUN: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64",
  "linux-x64-baseline": "linux-x64-baseline",
  "linux-arm64": "linux-aarch64",
  "linux-x64-musl": "linux-x64-musl",
  "linux-x64-musl-baseline": "linux-x64-musl-baseline",
  "linux-arm64-musl": "linux-aarch64-musl",
  "darwin-x64": "darwin-x64-baseline",
  "darwin-arm64": "darwin-aarch64",
  "win32-x64": "windows-x64-baseline",
  "win32-arm64": "windows-aarch64",
};
const FILE = new URL("../extension/toolchain/provision/pins.json", import.meta.url);
const SETTINGS = { env: process.env, home: process.env["HOME"] ?? "/" };
const never = new AbortController().signal;

/** `npm run pins -- ruff@0.18.0 …`: writes anew what is pinned, with the hashes and sizes of the registries. */
await main(async () => {
  const wanted = new Map(process.argv.slice(2).map((word) => word.split("@") as [string, string]));
  const pins: Partial<Record<ProvidedTool, Pin>> = {};
  for (const tool of PROVIDED_TOOLS) {
    const { version: pinned, from } = PINS[tool];
    const version = wanted.get(tool) ?? pinned;
    const builds = await step(`Asking for ${tool} ${version}`, () =>
      from === "PyPI" ? wheels(tool, version) : packages(version),
    );
    pins[tool] = { version, from, builds };
  }
  await writeFile(FILE, `${JSON.stringify(pins, null, 2)}\n`);
  await pinAgents(wanted);
});

async function wheels(tool: string, version: string): Promise<Record<string, Build>> {
  const files = await listing("PyPI", tool);
  const builds: Record<string, Build> = {};
  for (const [machine, tag] of Object.entries(WHEELS)) {
    const found = files.find(({ file }) => file.startsWith(`${tool}-${version}-`) && tag.test(file));
    if (found === undefined || found.hash === null || found.size === null)
      throw missing(`${tool} ${version}`, machine);
    builds[machine] = { package: tool, file: found.file, size: found.size, hash: found.hash };
  }
  return builds;
}

async function packages(version: string): Promise<Record<string, Build>> {
  const builds: Record<string, Build> = {};
  for (const [machine, name] of Object.entries(BUN)) {
    const file = `bun-${name}-${version}.tgz`;
    const found = (await listing("npm", `@oven/bun-${name}`)).find((each) => each.file === file);
    if (found === undefined || found.hash === null) throw missing(`bun ${version}`, machine);
    const { headers } = await fetch(found.url, { method: "HEAD" });
    const size = Number(headers.get("content-length"));
    builds[machine] = { package: `@oven/bun-${name}`, file, size, hash: found.hash };
  }
  return builds;
}

async function listing(from: Pin["from"], name: string) {
  const registry = registryOf(from, SETTINGS);
  if (!registry.ok) throw new Stop(registry.error.message, registry.error.next);
  return readListing(registry.value, name, never);
}

function missing(what: string, machine: string): Stop {
  return new Stop(`The registry has no ${what} for ${machine}.`, "Choose another version.");
}
