import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { systemCode } from "../errors.ts";
import { PRIVATE_FILE, PRIVATE_FOLDER, writeAtomically } from "../state/directory.ts";
import type { Holder } from "../state/holder.ts";

/** What git doesn't keep of a worktree. */
export interface WorktreeRecord {
  readonly version: 1;
  readonly branch: string;
  /** The commit that it was made from. */
  readonly base: string;
  /** Milliseconds since the epoch. */
  readonly made: number;
  /** The host that is making it; null once it is made. */
  readonly making: Holder | null;
}

const record = z.object({
  version: z.literal(1),
  branch: z.string(),
  base: z.string(),
  made: z.number(),
  making: z.nullable(z.object({ pid: z.number(), started: z.nullable(z.string()) })),
});

/** The records of one repository's worktrees, by their names. */
export class WorktreeRecords {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async names(): Promise<readonly string[]> {
    const files = await readdir(this.#folder).catch(() => []);
    return files.flatMap((file) => /^([^.].*)\.json$/.exec(file)?.[1] ?? []);
  }

  /** Null where there is none that could be read. */
  async read(name: string): Promise<WorktreeRecord | null> {
    const text = await readFile(this.#path(name), "utf8").catch(() => "");
    try {
      const read = record.safeParse(JSON.parse(text));
      return read.success ? read.data : null;
    } catch {
      return null;
    }
  }

  /** Takes a name before anything is made. False where another host has it. */
  async reserve(name: string, content: WorktreeRecord): Promise<boolean> {
    await mkdir(this.#folder, { recursive: true, mode: PRIVATE_FOLDER });
    try {
      await writeFile(this.#path(name), JSON.stringify(content), { flag: "wx", mode: PRIVATE_FILE });
      return true;
    } catch (error) {
      if (systemCode(error) === "EEXIST") return false;
      throw error;
    }
  }

  async write(name: string, content: WorktreeRecord): Promise<void> {
    await writeAtomically(this.#path(name), JSON.stringify(content), { mode: PRIVATE_FILE });
  }

  async remove(name: string): Promise<void> {
    await rm(this.#path(name), { force: true });
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}
