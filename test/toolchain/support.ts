import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, type TestContext } from "node:test";

import { Processes, type RunResult } from "../../extension/process/processes.ts";
import { parseArgv, parseShell } from "../../extension/shell/parse.ts";
import type { Routing } from "../../extension/toolchain/routeScript.ts";
import { Toolchain } from "../../extension/toolchain/toolchain.ts";
import { type Need, skipWithout } from "../harness/tools.ts";

/** Files by path; a text that begins with `#!` is made executable. */
export type Files = Readonly<Record<string, string>>;

/** A folder that goes when the file's tests are over. It is a repository of its own, as far as evidence goes. */
export function folderWith(files: Files): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "interlock-toolchain-")));
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  mkdirSync(join(folder, ".git"));
  put(folder, files);
  return folder;
}

/** Writes files into a folder. */
export function put(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (text.startsWith("#!")) chmodSync(path, 0o755);
  }
}

/** A folder of programs that do nothing, for tests that only look at what would run. */
export function programs(...names: string[]): string {
  return folderWith(Object.fromEntries(names.map((name) => [name, "#!/bin/sh\n"])));
}

/** Processes as the extension has them, with the supervisor in its source form. */
export function testProcesses(env: NodeJS.ProcessEnv): Processes {
  const supervisor = new URL("../../extension/process/supervisor.ts", import.meta.url).pathname;
  const processes = new Processes(env, { command: process.execPath, args: [supervisor], env: {} });
  after(() => processes.dispose());
  return processes;
}

export interface Bench {
  /** What stands first on its PATH. */
  readonly folders: readonly string[];
  readonly toolchain: Toolchain;
  readonly processes: Processes;
  /** The routing of a line in a folder. */
  readonly route: (line: string | readonly string[], cwd: string, swap?: boolean) => Routing;
  /** Runs a line by the shell. */
  readonly run: (line: string, cwd: string) => Promise<RunResult>;
}

/** A toolchain whose PATH begins with some folders. */
export function benchWith(folders: readonly string[], machine = true): Bench {
  const path = [...folders, ...(machine ? [process.env["PATH"] ?? ""] : [])].join(delimiter);
  // What this machine has pip look in elsewhere is no setting of the projects.
  const {
    VIRTUAL_ENV: _,
    PIP_FIND_LINKS: __,
    PIP_INDEX_URL: ___,
    PIP_EXTRA_INDEX_URL: ____,
    ...rest
  } = process.env;
  const env = { ...rest, PATH: path, UV_PYTHON_DOWNLOADS: "never" };
  const processes = testProcesses(env);
  const home = "/home/nobody";
  const toolchain = new Toolchain({ processes, env, provided: "/nowhere", home, roots: [] });
  return {
    folders,
    toolchain,
    processes,
    route: (line, cwd, swap = false) =>
      toolchain.route(
        typeof line === "string" ? parseShell(line, { cwd, home }) : parseArgv(line, { cwd, home }),
        { swap: () => swap },
      ),
    run: (line, cwd) =>
      processes.run({ command: "bash", args: ["-c", line], cwd, timeoutMs: 50_000, maxBytes: 1_000_000 }),
  };
}

/** A uv.lock of one project, as uv writes it, without an index's name. */
export function uvLock(options: {
  readonly name?: string;
  readonly dependencies?: readonly string[];
  readonly dev?: readonly string[];
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly extras?: Readonly<Record<string, readonly string[]>>;
  /** Further packages with what they need. */
  readonly others?: Readonly<Record<string, readonly string[]>>;
  /** Workspace members by folder. */
  readonly members?: Readonly<Record<string, string>>;
}): string {
  const { name = "demo", dependencies = [], dev = [], extras = {}, others = {}, members } = options;
  const groups = { ...(dev.length > 0 ? { dev } : {}), ...options.groups };
  const all = new Set([
    ...dependencies,
    ...Object.values(groups).flat(),
    ...Object.values(extras).flat(),
    ...Object.keys(others),
    ...Object.values(others).flat(),
  ]);
  const list = (names: readonly string[]): string =>
    names.map((each) => `    { name = "${each}" },\n`).join("");
  const tables = (title: string, table: Readonly<Record<string, readonly string[]>>): string =>
    Object.keys(table).length === 0
      ? ""
      : `\n[package.${title}]\n${Object.entries(table)
          .map(([key, names]) => `${key} = [\n${list(names)}]\n`)
          .join("")}`;
  const manifest = members
    ? `\n[manifest]\nmembers = [\n${[name, ...Object.values(members)].map((each) => `    "${each}",\n`).join("")}]\n`
    : "";
  const own = `\n[[package]]\nname = "${name}"\nversion = "0.1.0"\nsource = { virtual = "." }\ndependencies = [\n${list(dependencies)}]\n`;
  const packages = [...all].map(
    (each) =>
      `\n[[package]]\nname = "${each}"\nversion = "1.2.3"\nsource = { registry = "index" }\ndependencies = [\n${list(others[each] ?? [])}]\nsdist = { url = "x", hash = "sha256:0" }\nwheels = [\n    { url = "x", hash = "sha256:0" },\n]\n`,
  );
  const inside = Object.entries(members ?? {}).map(
    ([folder, each]) =>
      `\n[[package]]\nname = "${each}"\nversion = "0.1.0"\nsource = { editable = "${folder}" }\n`,
  );
  const extra = tables("optional-dependencies", extras) + tables("dev-dependencies", groups);
  return `version = 1\nrevision = 3\nrequires-python = ">=3.10"\n${manifest}${own}${extra}${inside.join("")}${packages.join("")}`;
}

/** A virtual environment as far as evidence looks: its marker and the names of its programs. */
export function environment(folder: string, ...names: string[]): Files {
  return {
    [`${folder}/pyvenv.cfg`]: "home = /usr/bin\n",
    ...Object.fromEntries(names.map((name) => [`${folder}/bin/${name}`, "#!/bin/sh\n"])),
  };
}

/** Programs in node_modules/.bin. */
export function bins(...names: string[]): Files {
  return Object.fromEntries(names.map((name) => [`node_modules/.bin/${name}`, "#!/bin/sh\n"]));
}

/** A toolchain with pinned programs first on its PATH; undefined where this machine can't have one of them. */
export async function benchFor(...needs: Need[]): Promise<Bench | undefined> {
  const paths = await Promise.all(needs.map(provided));
  return paths.includes(undefined)
    ? undefined
    : benchWith(paths.flatMap((path) => (path ? [dirname(path)] : [])));
}

/** Skips a test with the reason why something is missing. */
export async function skip(t: TestContext, ...needs: Need[]): Promise<null> {
  for (const need of needs) if (!(await skipWithout(t, need))) return null;
  return null;
}

/** What `skipWithout` finds, outside a test: what is missing there is told by each test. */
async function provided(need: Need): Promise<string | undefined> {
  return skipWithout({ skip: () => {} } as unknown as TestContext, need);
}
