import { statSync } from "node:fs";
import { rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Door } from "../../door/door.ts";
import type { Processes } from "../../process/processes.ts";
import type { ChannelFacts } from "../channel/script.ts";
import { fastScript } from "./fastScript.ts";
import { BIN, PRIVATE_PROGRAM, SHIM_PROGRAM, shimScript } from "./script.ts";
import type { KnownSurroundings } from "./surroundings.ts";
import { tablesOf } from "./table.ts";

export interface FastPathParts {
  readonly facts: ChannelFacts;
  readonly door: Pick<Door, "beforehand">;
  readonly known: Pick<KnownSurroundings, "ignored" | "environments">;
  /** Names of the programs that have shims. */
  readonly programs: readonly string[];
  /** Aborts when the person stops the turn: then nothing starts any more. */
  readonly stopped: () => AbortSignal;
}

/** A file's time is that of the kernel's last tick: what was written in the same one must look newer than the script. */
const TICK_MS = 50;
const CHECK_TIMEOUT_MS = 5_000;

/**
 * What `sh` must do: tell which of two files is newer, and what a folder is; and leave `_` alone, by which is told that a shell has
 * started it, and not the agent's program itself. Bash sets it always.
 */
export async function fitsFastPath(processes: Pick<Processes, "run">, folder: string): Promise<boolean> {
  const test =
    '[ -z "${_+x}" ] && [ . -ef "$PWD" ] && [ ! / -ef . ] && [ . -nt /bin/sh ] && [ ! /bin/sh -nt . ]';
  const { code } = await processes.run({
    command: "/bin/sh",
    args: ["-c", test],
    cwd: folder,
    env: { _: null },
    timeoutMs: CHECK_TIMEOUT_MS,
    maxBytes: 1_000,
  });
  return code === 0;
}

/** Keeps what shims let through unasked as the rules are now. */
export class FastPath {
  readonly #parts: FastPathParts;
  #writing: Promise<void> = Promise.resolve();
  #version = 0;
  /** What the tables were made from. */
  #made: readonly unknown[] = [];
  #madeAt = 0;
  /** The programs whose scripts have a table now. */
  #written: ReadonlySet<string> = new Set();
  #heeded: AbortSignal | undefined;
  readonly #dropped = new Set<string>();
  #closed = false;

  constructor(parts: FastPathParts) {
    this.#parts = parts;
  }

  /** Resolves when the scripts are as the rules are now; nothing is written where they are already. */
  refresh(): Promise<void> {
    this.#writing = this.#writing
      .then(() => this.#write())
      .catch(async () => {
        // The disk is full, or the folder is gone: without a table each asks.
        this.#made = [];
        for (const program of this.#written) await this.#replace(program, null, 0);
      })
      .catch(() => {
        // Nothing can be changed any more.
      });
    return this.#writing;
  }

  /** What passed by a table would not pass now. Where the rules are still those of the table, its program asks from now on. */
  async doubt(program: string, version: number): Promise<void> {
    await this.refresh();
    if (version !== this.#version) return;
    this.#dropped.add(program);
    await this.refresh();
  }

  /** Resolves when nothing is written any more. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#writing;
  }

  async #write(): Promise<void> {
    if (this.#closed) return;
    const { door, known, programs, facts } = this.#parts;
    const at = Date.now() - TICK_MS;
    const { passes, policy, policyFiles, roots } = door.beforehand();
    const stopped = this.#isStopped();
    const [ignored, environments] = [known.ignored(), known.environments()];
    const changed = policyFiles.map((file) => changedAt(file));
    const isThere = changed.map((time) => time !== null);
    const rules: unknown[] = [policy.unreadable];
    for (const side of policy.sides) rules.push(SIDE, ...side);
    const from = [
      ...rules,
      SIDE,
      ...this.#dropped,
      SIDE,
      ...policyFiles,
      ...isThere,
      ...roots,
      stopped,
      ...ignored,
      SIDE,
      ...environments,
    ];
    // Written between its reading and the script, or in the same tick: no newer script, no fast path.
    const isLate = changed.some((time) => time !== null && time >= this.#madeAt && time < at);
    const isSame =
      from.length === this.#made.length && from.every((each, index) => each === this.#made[index]);
    if (isSame && !isLate) return;
    this.#made = from;
    this.#madeAt = at;
    this.#version++;
    const isOpen = !stopped && environments.length > 0;
    const asked = programs.filter((program) => isOpen && !this.#dropped.has(program));
    const tables = tablesOf(asked, passes);
    const unchanged = {
      version: this.#version,
      files: policyFiles.filter((_, index) => isThere[index] === true),
      absent: policyFiles.filter((_, index) => isThere[index] === false),
      ignored,
      environments,
    };
    this.#written = new Set([...this.#written, ...tables.keys()]);
    for (const program of this.#written) {
      const table = tables.get(program);
      const fast = table === undefined ? null : fastScript(facts, program, table, unchanged);
      await this.#replace(program, fast, at);
    }
    this.#written = new Set(tables.keys());
  }

  /** True from when the person stops a turn until it has ended. */
  #isStopped(): boolean {
    const stop = this.#parts.stopped();
    if (this.#heeded !== stop) stop.addEventListener("abort", () => void this.refresh(), { once: true });
    this.#heeded = stop;
    return stop.aborted;
  }

  /** In one step: a program that is about to start reads the old one, or the new. `fast`: null for one that always asks. */
  async #replace(program: string, fast: string | null, at: number): Promise<void> {
    const { facts } = this.#parts;
    const [fresh, file] = [join(facts.channel, "fresh"), join(facts.channel, BIN, program)];
    await rm(fresh, { force: true });
    if (fast === null) await symlink(join(facts.channel, SHIM_PROGRAM), fresh);
    else {
      await writeFile(fresh, shimScript(facts, fast), { mode: PRIVATE_PROGRAM });
      await utimes(fresh, at / 1_000, at / 1_000);
    }
    await rename(fresh, file);
  }
}

/** Stands between lists. */
const SIDE = Symbol("side");

/** Milliseconds since the epoch; null where nothing lies there. */
function changedAt(file: string): number | null {
  try {
    return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
  } catch {
    return null;
  }
}
