import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { Processes } from "../process/processes.ts";
import { LOCK_FILES, type LockTrouble } from "./locks.ts";
import { parseUvLock } from "./uvLock.ts";

/** What an update of a lock would make of it. */
export interface LockPlan {
  /** Null where there is none. */
  readonly oldText: string | null;
  readonly newText: string;
  /** One phrase a package that would come, go or have another version. */
  readonly packages: readonly string[];
}

/** What a lock is made from, at whatever depth: manifests of members and of packages by path, and settings. */
const SOURCES = new Set(
  "pyproject.toml uv.toml uv.lock .python-version setup.cfg setup.py package.json bun.lock bunfig.toml .npmrc".split(
    " ",
  ),
);
/** Folders that hold no manifest of the project's own. */
const PASSED = /^(?:node_modules|__pycache__|\..*|venv|dist|build|target)$/;
/** Folders that are looked into: more than any workspace known to us has. */
const MAX_FOLDERS = 2_000;
/** The owner asks the index for what it doesn't know yet. */
const PLAN_MS = 30_000;
const OUTPUT_BYTES = 4_096;

/** A file that the owner would write. */
export interface PlannedFile {
  readonly path: string;
  /** Null where there is none. */
  readonly oldText: string | null;
  readonly newText: string;
}

type Project = Pick<LockTrouble, "manager" | "root">;

/**
 * Nothing is built or run for a look: what an agent named was not allowed yet, and building a package runs its code. bun writes
 * the lock alone without scripts.
 */
const HARMLESS = {
  uv: { lock: ["--no-build"], change: ["--no-build", "--no-sync"] },
  bun: { lock: ["--ignore-scripts"], change: ["--lockfile-only", "--ignore-scripts"] },
} as const;

/**
 * Has the owner update the lock in a copy of the project's manifests, and says what came of it. Null where that can't be told
 * beforehand, as for a project that is built from more than its manifests say.
 */
export async function planLock(
  project: Project,
  program: string,
  processes: Pick<Processes, "run">,
): Promise<LockPlan | null> {
  const { manager, root } = project;
  const { lock, update } = LOCK_FILES[manager];
  const files = await rehearse(project, ".", [program, ...update, ...HARMLESS[manager].lock], processes);
  if (files === null) return null;
  const found = files.find(({ path }) => path === join(root, lock));
  if (found === undefined) return { oldText: null, newText: "", packages: [] };
  const { oldText, newText } = found;
  const read = manager === "uv" ? uvPackages : bunPackages;
  return { oldText, newText, packages: changesOf(read(oldText ?? ""), read(newText)) };
}

/** What a change of dependencies would make of manifests and lock, found out in a copy of them. Null where that can't be told. */
export function planChange(
  project: Project,
  folder: string,
  { program, args }: { readonly program: string; readonly args: readonly string[] },
  processes: Pick<Processes, "run">,
): Promise<readonly PlannedFile[] | null> {
  const [verb = "", ...rest] = args;
  const words = [program, verb, ...HARMLESS[project.manager].change, ...rest];
  return rehearse(project, relative(project.root, folder), words, processes);
}

/** Runs a command of the owner's in a copy; the manifests and locks that it wrote there. */
async function rehearse(
  { root }: Project,
  folder: string,
  [command = "", ...args]: readonly string[],
  processes: Pick<Processes, "run">,
): Promise<readonly PlannedFile[] | null> {
  const copy = await mkdtemp(join(tmpdir(), "interlock-lock-"));
  try {
    await copySources(root, copy);
    const before = await textsIn(copy);
    const request = { command, args, cwd: join(copy, folder), timeoutMs: PLAN_MS, maxBytes: OUTPUT_BYTES };
    const { code } = await processes.run(request);
    if (code !== 0) return null;
    const after = await textsIn(copy);
    const files = [...after].map(([path, newText]): PlannedFile => {
      return { path: join(root, path), oldText: before.get(path) ?? null, newText };
    });
    return files.filter(({ oldText, newText }) => oldText !== newText);
  } catch {
    return null;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** The texts of manifests and locks by their path, manifests first. */
async function textsIn(copy: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const paths = await sourcesIn(copy);
  const locks = new Set<string>(Object.values(LOCK_FILES).map(({ lock }) => lock));
  for (const path of [...paths].sort((one, other) => Number(locks.has(one)) - Number(locks.has(other))))
    texts.set(path, await readFile(join(copy, path), "utf8"));
  return texts;
}

async function copySources(root: string, copy: string): Promise<void> {
  for (const path of await sourcesIn(root)) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await copyFile(join(root, path), join(copy, path));
  }
}

async function sourcesIn(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const open = ["."];
  for (let seen = 0; open.length > 0 && seen < MAX_FOLDERS; seen++) {
    const folder = open.shift() ?? ".";
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !PASSED.test(entry.name)) open.push(path);
      if (entry.isFile() && SOURCES.has(entry.name)) found.push(path);
    }
  }
  return found;
}

/** Versions by package; the project's own members have none that could change. */
type Packages = ReadonlyMap<string, string>;

function uvPackages(text: string): Packages {
  const lock = text === "" ? null : parseUvLock(text, "");
  const own = new Set(lock?.members.values() ?? []);
  const all = [...(lock?.versions ?? [])].filter(([name]) => !own.has(name));
  return new Map(all.map(([name, versions]) => [name, [...versions].sort().join(", ")]));
}

/** A package of a bun.lock: its place in the tree, and what stands there. */
const BUN_PACKAGE = /^ {4}"([^"]+)": \["((?:@[^"@/]+\/)?[^"@]+)@([^"]*)"/gm;

function bunPackages(text: string): Packages {
  const found = new Map<string, Set<string>>();
  for (const [, , name = "", version = ""] of text.matchAll(BUN_PACKAGE)) {
    if (version.startsWith("workspace:")) continue;
    found.set(name, (found.get(name) ?? new Set()).add(version));
  }
  return new Map([...found].map(([name, versions]) => [name, [...versions].sort().join(", ")]));
}

function changesOf(before: Packages, after: Packages): readonly string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [from, to] = [before.get(name), after.get(name)];
    if (from === to) return [];
    if (from === undefined) return [`+ ${name} ${to}`];
    return [to === undefined ? `− ${name} ${from}` : `${name} ${from} → ${to}`];
  });
}
