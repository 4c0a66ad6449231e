import { closeSync, openSync, readSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Processes } from "../process/processes.ts";
import type { ShellScript } from "../shell/command.ts";
import type { Evidence } from "./evidence.ts";
import { type LockNeed, lockNeeds, type LockUse } from "./lockNeeds.ts";
import type { Runners } from "./row.ts";

/** How a lock stands to its manifest. `unknown`: its owner could not tell; then the command itself will say. */
export type LockState = "fresh" | "stale" | "missing" | "unknown";

/** A lock that a command can't go by. */
export interface LockTrouble {
  readonly manager: "uv" | "bun";
  /** The folder of manifest and lock. */
  readonly root: string;
  readonly state: "stale" | "missing";
  readonly use: LockUse;
  /** Tells this trouble from the next one: it changes with manifest and lock. */
  readonly stamp: string;
}

export interface LocksOfLine {
  /** The projects whose locks are well, by root. */
  readonly fresh: readonly string[];
  readonly trouble: LockTrouble | null;
}

/** The names of the files, and the command that makes them agree. */
export const LOCK_FILES = {
  uv: { lock: "uv.lock", manifest: "pyproject.toml", update: ["lock"] },
  bun: { lock: "bun.lock", manifest: "package.json", update: ["install", "--lockfile-only"] },
} as const;

export interface LocksOptions {
  readonly processes: Pick<Processes, "run">;
  readonly evidence: (folder: string) => Evidence;
  readonly runners: () => Runners;
}

/** Settings beside manifest and lock that decide what a lock holds. */
const SETTINGS = { uv: ["uv.toml"], bun: ["bun.lockb", "bunfig.toml"] } as const;
/** uv answers from the files in 20 ms; where it has to ask the index it may take this long. */
const CHECK_MS = 20_000;
/** What a checker says is not read, only how it ends. */
const OUTPUT_BYTES = 4_096;
/** Projects whose answer is kept. */
const MAX_KEPT = 200;
/** Inline metadata stands at the beginning of a script (PEP 723). */
const SCRIPT_HEAD_BYTES = 8_192;

/**
 * Tells whether the locks by which commands work say what their manifests ask for. The owner's own program answers, once for
 * each state of the files; while they stay as they are, an answer costs a `stat` a file.
 */
export class Locks {
  readonly #options: LocksOptions;
  readonly #kept = new Map<string, { readonly stamp: string; readonly state: Promise<LockState> }>();

  constructor(options: LocksOptions) {
    this.#options = options;
  }

  /** The projects by whose locks a line works, and the first lock that it can't go by. */
  async lookAt(script: ShellScript): Promise<LocksOfLine> {
    const { evidence } = this.#options;
    const all = [...script.commands, ...(script.runners ?? [])];
    const needs = all.flatMap((command) => lockNeeds(command, evidence));
    // What installs says most of a line: it can't be done with the environment as it is.
    const sorted = [...needs].sort((one, other) => weight(one) - weight(other));
    const fresh: string[] = [];
    for (const need of sorted) {
      const { manager, root, use } = need;
      if (need.script !== undefined && bringsItsOwn(need.script)) continue;
      const { state, stamp } = await this.of(need);
      const matters = state === "missing" || (state === "stale" && need.onlyMissing !== true);
      if (matters) return { fresh, trouble: { manager, root, state, use, stamp } };
      if (state === "fresh") fresh.push(root);
    }
    return { fresh, trouble: null };
  }

  /** How a project's lock stands at this moment, and the stamp of the files that say so. */
  async of({
    manager,
    root,
  }: Pick<LockNeed, "manager" | "root">): Promise<{ readonly state: LockState; readonly stamp: string }> {
    const stamp = await this.#stamp(manager, root);
    const key = `${manager} ${root}`;
    const kept = this.#kept.get(key);
    if (kept?.stamp === stamp) return { state: await kept.state, stamp };
    const state = this.#ask(manager, root);
    this.#kept.delete(key);
    this.#kept.set(key, { stamp, state });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    const known = await state;
    // What could not be told may be told the next time.
    if (known === "unknown" && this.#kept.get(key)?.state === state) this.#kept.delete(key);
    return { state: known, stamp };
  }

  async #ask(manager: "uv" | "bun", root: string): Promise<LockState> {
    const { evidence, runners } = this.#options;
    const { python, javascript } = evidence(root);
    const lock = manager === "uv" ? hasUvLock(python.owner) : javascript.lock !== null;
    if (!lock) return "missing";
    const program = runners()[manager];
    if (program === null) return "unknown";
    const ends = async (args: readonly string[]): Promise<number | null> => {
      const request = { command: program, args, cwd: root, timeoutMs: CHECK_MS, maxBytes: OUTPUT_BYTES };
      const { code, timedOut } = await this.#options.processes.run(request);
      return timedOut ? null : code;
    };
    if (manager === "bun") return stateBy(await ends(["install", "--frozen-lockfile", "--dry-run"]));
    // Without the network 1 can also mean that the network was needed.
    const offline = await ends(["lock", "--check", "--offline"]);
    return stateBy(offline === 1 ? await ends(["lock", "--check"]) : offline);
  }

  /** Time, size and place of every file that decides what the lock should hold. */
  async #stamp(manager: "uv" | "bun", root: string): Promise<string> {
    const { lock, manifest } = LOCK_FILES[manager];
    const { python, javascript } = this.#options.evidence(root);
    const members = manager === "uv" ? [...(python.lock?.members.keys() ?? [])] : [];
    const paths = [lock, manifest, ...SETTINGS[manager], ...members.map((member) => join(member, manifest))];
    const stamps = await Promise.all([...new Set(paths)].map((path) => stampOf(join(root, path))));
    // bun's members are not in its lock by folder: with workspaces it is asked each time, which takes 10 ms.
    const always = manager === "bun" && javascript.manifest?.workspaces.length ? String(Date.now()) : "";
    return `${stamps.join(" ")}${always}`;
  }
}

function weight({ use }: LockNeed): number {
  return use === "install" ? 0 : 1;
}

function stateBy(code: number | null): LockState {
  if (code === 0) return "fresh";
  return code === 1 ? "stale" : "unknown";
}

function hasUvLock(owner: Evidence["python"]["owner"]): boolean {
  return owner.state === "owned" && owner.proof.what === "uv.lock";
}

async function stampOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found === null ? "-" : `${found.mtimeMs}/${found.size}/${found.ino}`;
}

/** True for a script with a list of dependencies of its own (PEP 723): it runs in an environment of its own. */
export function bringsItsOwn(path: string): boolean {
  const head = Buffer.alloc(SCRIPT_HEAD_BYTES);
  try {
    const file = openSync(path, "r");
    try {
      return /^# \/\/\/ script\s*$/m.test(head.toString("utf8", 0, readSync(file, head)));
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}
