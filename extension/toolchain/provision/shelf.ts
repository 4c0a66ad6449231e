import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { type Machine, machineName, PINS, programName, type ProvidedTool } from "./pins.ts";

/** Beside each program: what it was when it was unpacked. */
export const STAMP_FILE = "stamp.json";
const StampFile = z.object({
  version: z.literal(1),
  tool: z.string(),
  toolVersion: z.string(),
  /** Of the program, in hexadecimal digits. */
  sha256: z.string(),
  size: z.number(),
  mtimeMs: z.number(),
});
export type Stamp = z.infer<typeof StampFile>;

/** A program that Interlock brought, and that is still the one that it brought. */
export interface Brought {
  readonly version: string;
  /** Absolute path of the program. */
  readonly path: string;
}

/** The folder of the programs that Interlock brought: `TOOL-VERSION-MACHINE/TOOL`, each with its stamp. Other machines have theirs beside them. */
export class Shelf {
  readonly folder: string;
  readonly #machine: () => Machine;
  /** Programs that were compared by their bytes, by path, size and time. */
  readonly #compared = new Map<string, boolean>();

  constructor(folder: string, machine: () => Machine) {
    this.folder = folder;
    this.#machine = machine;
  }

  /** The version that is pinned, else another one that an earlier Interlock brought; null where none is as it was brought. */
  find(tool: ProvidedTool): Brought | null {
    const pinned = this.#brought(tool, this.nameOf(tool));
    if (pinned !== null) return pinned;
    for (const name of this.#names(tool)) {
      const other = this.#brought(tool, name);
      if (other !== null) return other;
    }
    return null;
  }

  nameOf(tool: ProvidedTool): string {
    return `${tool}-${PINS[tool].version}-${machineName(this.#machine())}`;
  }

  /** Puts an unpacked folder in its place, and takes away what it replaces. */
  async put(tool: ProvidedTool, unpacked: string): Promise<void> {
    const name = this.nameOf(tool);
    const place = join(this.folder, name);
    // What lies there was changed: otherwise nothing would have been fetched.
    await rm(place, { recursive: true, force: true });
    await rename(unpacked, place);
    // One that runs can't be deleted on Windows: it goes with the next one.
    await this.remove(tool, name).catch(() => undefined);
  }

  /** Takes away all versions but one, and what was left half-done. True where there was any. */
  async remove(tool: ProvidedTool, but?: string): Promise<boolean> {
    const names = this.#names(tool).filter((name) => name !== but);
    for (const name of names) await rm(join(this.folder, name), { recursive: true, force: true });
    await this.sweep(tool);
    return names.length > 0;
  }

  /** Where a tool is unpacked before it has its place. */
  unfinished(tool: ProvidedTool): string {
    return join(this.folder, `.${this.nameOf(tool)}.part`);
  }

  async sweep(tool: ProvidedTool): Promise<void> {
    const all = await readdir(this.folder).catch(() => []);
    const ending = `-${machineName(this.#machine())}.part`;
    const left = all.filter((name) => name.startsWith(`.${tool}-`) && name.endsWith(ending));
    await Promise.all(left.map((name) => rm(join(this.folder, name), { recursive: true, force: true })));
  }

  #names(tool: ProvidedTool): readonly string[] {
    try {
      const ending = `-${machineName(this.#machine())}`;
      return readdirSync(this.folder).filter((name) => name.startsWith(`${tool}-`) && name.endsWith(ending));
    } catch {
      return [];
    }
  }

  #brought(tool: ProvidedTool, name: string): Brought | null {
    const path = join(this.folder, name, programName(tool, this.#machine().platform));
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return null;
    const stamp = readStamp(join(this.folder, name, STAMP_FILE));
    if (stamp?.tool !== tool || stamp.size !== stats.size) return null;
    const same = stamp.mtimeMs === stats.mtimeMs || this.#hasBytes(path, stats, stamp.sha256);
    return same ? { version: stamp.toolVersion, path } : null;
  }

  /** For a folder that was copied or brought back from a backup: the time is another one, the program may be the same. */
  #hasBytes(
    path: string,
    { size, mtimeMs }: { readonly size: number; readonly mtimeMs: number },
    sha256: string,
  ): boolean {
    const key = `${path} ${size} ${mtimeMs} ${sha256}`;
    const known = this.#compared.get(key);
    if (known !== undefined) return known;
    const same = createHash("sha256").update(readFileSync(path)).digest("hex") === sha256;
    this.#compared.set(key, same);
    return same;
  }
}

function readStamp(path: string): Stamp | null {
  try {
    return StampFile.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}
