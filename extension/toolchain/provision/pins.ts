import { readFileSync } from "node:fs";
import pins from "./pins.json" with { type: "json" };

/** The tools that Interlock can bring, in the order in which they are told. */
export const PROVIDED_TOOLS = ["uv", "ruff", "ty", "bun"] as const;
export type ProvidedTool = (typeof PROVIDED_TOOLS)[number];

/** One file of a registry that holds a tool for one kind of machine. */
export interface Build {
  /** As the registry calls it: `uv`, `@oven/bun-linux-x64`. */
  readonly package: string;
  /** The file's name. */
  readonly file: string;
  /** Bytes of the file. */
  readonly size: number;
  /** As its registry writes it: `sha256:` and hexadecimal digits for PyPI, `sha512-` and base 64 for npm. */
  readonly hash: string;
}

export interface Pin {
  readonly version: string;
  readonly from: "PyPI" | "npm";
  /** By kind of machine: `linux-x64`, `linux-x64-musl`, `linux-x64-baseline`. */
  readonly builds: Readonly<Record<string, Build>>;
}

/** What is pinned; `npm run pins` writes the file. */
export const PINS = pins as Readonly<Record<ProvidedTool, Pin>>;

/** What decides which file a machine needs. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Linux whose programs are linked against musl, such as Alpine. */
  readonly musl: boolean;
  /** Whether the processor knows AVX2: bun has builds of its own for those that don't. */
  readonly avx2: boolean;
}

export function thisMachine(): Machine {
  const { platform, arch } = process;
  // Node itself has loaded the C library that this system's programs use.
  const musl = system("/proc/self/maps").includes("/ld-musl-");
  // A processor that can't be asked gets the build that runs on all of them.
  return { platform, arch, musl, avx2: /\bavx2\b/.test(system("/proc/cpuinfo")) };
}

/** What Linux says in a file of its own; empty on other systems. */
function system(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/** The kind of a machine, such as `linux-x64-musl`. Folders have it in their names: one home can serve several machines. */
export function machineName({ platform, arch, musl, avx2 }: Machine): string {
  const old = platform === "linux" && arch === "x64" && !avx2;
  return `${platform}-${arch}${musl ? "-musl" : ""}${old ? BASELINE : ""}`;
}

/** bun's name for processors without AVX2; the other tools have one build for all. */
const BASELINE = "-baseline";

/** The file that holds a tool for a machine; null where there is none. */
export function buildFor(tool: ProvidedTool, machine: Machine): Build | null {
  const { builds } = PINS[tool];
  const name = machineName(machine);
  return builds[name] ?? builds[name.replace(BASELINE, "")] ?? null;
}

/** Where the program lies in its file: a wheel's scripts, or a package's `bin`. */
export function entryOf(tool: ProvidedTool, platform: NodeJS.Platform): string {
  const { from, version } = PINS[tool];
  const program = programName(tool, platform);
  return from === "PyPI" ? `${tool}-${version}.data/scripts/${program}` : `package/bin/${program}`;
}

export function programName(tool: string, platform: NodeJS.Platform): string {
  return platform === "win32" ? `${tool}.exe` : tool;
}
