import { readFileSync, statSync } from "node:fs";
import { appendFile, chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { PRIVATE_FILE, privateFolder } from "../state/directory.ts";
import { withLock } from "../state/lock.ts";

const SPEND_VERSION = 1;
/** Days that are kept: a person may want to know of the month before. */
const MAX_DAYS = 90;

const spent = z.object({
  v: z.literal(SPEND_VERSION),
  /** UTC, ISO 8601. */
  at: z.string(),
  session: z.string(),
  agent: z.string(),
  /** What was added since the line before of that session. */
  usd: z.number(),
});

export interface Spent {
  readonly session: string;
  readonly agent: string;
  readonly usd: number;
}

/** What all agents of the person have cost, as they say: `spend/YYYY-MM-DD.jsonl` in the state directory, one file for each day here. */
export class SpendLedger {
  readonly #folder: string;
  readonly #now: () => Date;
  #read: { readonly stamp: string; readonly sum: number } | undefined;
  #pruned = false;

  constructor(stateDirectory: string, now: () => Date = () => new Date()) {
    this.#folder = join(stateDirectory, "spend");
    this.#now = now;
  }

  /** Adds to the day's sum, for all hosts. Throws where it can't be written. */
  async add(entry: Spent): Promise<void> {
    await privateFolder(this.#folder);
    const path = this.#path;
    const line = { v: SPEND_VERSION, at: this.#now().toISOString(), ...entry };
    await withLock(`${path}.lock`, async () => {
      await appendFile(path, `${JSON.stringify(line)}\n`, { mode: PRIVATE_FILE });
      await chmod(path, PRIVATE_FILE);
    });
    if (!this.#pruned) await this.#prune();
  }

  /** US dollars of this day, over all hosts. Null where that can't be read. */
  today(): number | null {
    const path = this.#path;
    try {
      const info = statSync(path, { throwIfNoEntry: false });
      if (info === undefined) return 0;
      const stamp = `${path} ${info.ino} ${info.size} ${info.mtimeMs}`;
      if (this.#read?.stamp !== stamp) this.#read = { stamp, sum: sumOf(readFileSync(path, "utf8")) };
      return this.#read.sum;
    } catch {
      return null;
    }
  }

  /** The person's day, not that of Greenwich: a limit a day begins anew at their midnight. */
  get #path(): string {
    const now = this.#now();
    const two = (value: number): string => String(value).padStart(2, "0");
    const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    return join(this.#folder, `${day}.jsonl`);
  }

  async #prune(): Promise<void> {
    this.#pruned = true;
    const days = (await readdir(this.#folder)).filter((name) => name.endsWith(".jsonl")).sort();
    const old = days.slice(0, -MAX_DAYS).map((name) => rm(join(this.#folder, name), { force: true }));
    await Promise.allSettled(old);
  }
}

/** A line that was cut off, or is of another version, counts for nothing that could be known. */
function sumOf(text: string): number {
  let sum = 0;
  for (const line of text.split("\n")) {
    const read = line === "" ? undefined : spent.safeParse(parsed(line));
    if (read?.success === true) sum += read.data.usd;
  }
  return sum;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
