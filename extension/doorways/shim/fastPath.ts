import { statSync } from "node:fs";
import { rename, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Door } from "../../door/door.ts";
import type { Processes } from "../../process/processes.ts";
import type { ChannelFacts } from "../channel/script.ts";
import { fastScript } from "./fastScript.ts";
import { BIN, PRIVATE_PROGRAM, shimScript } from "./script.ts";
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

  constructor(parts: FastPathParts) {
    this.#parts = parts;
  }

  /** Resolves when the scripts are as the rules are now; nothing is written where they are already. */
  refresh(): Promise<void> {
    this.#writing = this.#writing
      .then(() => this.#write())
      .catch(() => {
        // The folder is gone, or its disk is full: whoever asked goes on asking.
        this.#made = [];
      });
    return this.#writing;
  }

  /** What passed would not have: whatever the reason, this one asks from now on. */
  async drop(program: string): Promise<void> {
    this.#dropped.add(program);
    await this.refresh();
  }

  async #write(): Promise<void> {
    const { door, known, programs, facts } = this.#parts;
    const at = Date.now() - TICK_MS;
    const { passes, policy, policyFiles, roots } = door.beforehand();
    const stopped = this.#isStopped();
    const [ignored, environments] = [known.ignored(), known.environments()];
    const changed = policyFiles.map((file) => changedAt(file));
    const isThere = changed.map((time) => time !== null);
    const rules = [policy.unreadable, ...policy.sides.flatMap((side) => [SIDE, ...side])];
    const from = [
      ...rules,
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
    for (const program of new Set([...this.#written, ...tables.keys()])) {
      const table = tables.get(program);
      const fast = table === undefined ? "" : fastScript(facts, program, table, unchanged);
      await this.#replace(program, shimScript(facts, fast), at);
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

  async #replace(program: string, text: string, at: number): Promise<void> {
    const { channel } = this.#parts.facts;
    const [fresh, file] = [join(channel, "fresh"), join(channel, BIN, program)];
    await writeFile(fresh, text, { mode: PRIVATE_PROGRAM });
    await utimes(fresh, at / 1_000, at / 1_000);
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
