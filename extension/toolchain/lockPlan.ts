import { basename, join, relative } from "node:path";
import type { Processes } from "../process/processes.ts";
import { LOCK_FILES, type LockTrouble } from "./locks.ts";
import { type PlannedFile, rehearse } from "./rehearsal.ts";
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
/** The owner asks the index for what it doesn't know yet. */
const PLAN_MS = 30_000;

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
  const files = await planned(project, ".", [program, ...update, ...HARMLESS[manager].lock], processes);
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
  return planned(project, relative(project.root, folder), words, processes);
}

/** Runs a command of the owner's in a copy; the manifests and locks that it wrote there, manifests first. */
async function planned(
  { root }: Project,
  folder: string,
  command: readonly string[],
  processes: Pick<Processes, "run">,
): Promise<readonly PlannedFile[] | null> {
  const worked = (code: number | null): boolean => code === 0;
  const counts = (name: string): boolean => SOURCES.has(name);
  const files = await rehearse({ root, folder, counts, command, worked, timeoutMs: PLAN_MS }, processes);
  return files && files.toSorted((one, other) => Number(isLock(one)) - Number(isLock(other)));
}

function isLock({ path }: PlannedFile): boolean {
  return Object.values(LOCK_FILES).some(({ lock }) => lock === basename(path));
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
