import { statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { RunResult } from "../process/processes.ts";
import { findRepository } from "./repository.ts";

export type Filters = { readonly off: readonly string[] } | { readonly failed: RunResult };

interface Known {
  readonly filters: Filters;
  /** The files that configure, as they were when git read them. Null where it can't be told by them. */
  readonly stamps: ReadonlyMap<string, string> | null;
}

/** Lists git's configuration in a folder: each value behind the file that it comes from. */
type List = (folder: string) => Promise<RunResult>;

/**
 * Content filters run a program for each file that `status` compares. They can't be switched off as a whole, so each one
 * that is configured is emptied by its name. What git said of a folder holds while the files that it read do.
 */
export class FilterSwitches {
  readonly #list: List;
  readonly #known = new Map<string, Promise<Known>>();

  constructor(list: List) {
    this.#list = list;
  }

  async off(folder: string): Promise<Filters> {
    const known = await this.#known.get(folder);
    if (known?.stamps && [...known.stamps].every(([path, stamp]) => stampOf(path) === stamp))
      return known.filters;
    const asked = this.#ask(folder);
    this.#known.set(folder, asked);
    return (await asked).filters;
  }

  async #ask(folder: string): Promise<Known> {
    const repository = await findRepository(folder);
    const own = repository === null ? [] : [repository.gitDir, repository.commonDir];
    const files = new Set(own.flatMap((each) => [join(each, "config"), join(each, "config.worktree")]));
    // What changes while git reads it has a new stamp by the next time.
    const early = stampsOf(files);
    const result = await this.#list(folder);
    if (result.code !== 0 || result.timedOut || result.truncated)
      return { filters: { failed: result }, stamps: null };
    const settings = readSettings(result.stdout, repository?.root ?? folder);
    for (const { file, key, value } of settings) {
      files.add(file);
      // One that isn't there yet may come.
      if (/^include(if\..*)?\.path$/s.test(key)) files.add(included(file, value));
    }
    const byBranch = settings.some(({ key }) => key.startsWith("includeif.onbranch:"));
    const drivers = settings.flatMap(({ key }) => /^filter\.(.+)\.\w+$/s.exec(key)?.[1] ?? []);
    const off = offSwitches(new Set(drivers));
    return { filters: { off }, stamps: byBranch ? null : new Map([...stampsOf(files), ...early]) };
  }
}

/** Options that empty each configured content filter. */
function offSwitches(drivers: ReadonlySet<string>): readonly string[] {
  return [...drivers].flatMap((driver) =>
    ["clean=", "smudge=", "process=", "required=false"].flatMap((setting) => [
      "-c",
      `filter.${driver}.${setting}`,
    ]),
  );
}

interface Setting {
  readonly file: string;
  readonly key: string;
  readonly value: string;
}

/** `file:PATH NUL key LF value NUL`; git names its own files from the top folder. */
function readSettings(output: string, root: string): readonly Setting[] {
  const parts = output.split("\0");
  return parts.flatMap((origin, index): readonly Setting[] => {
    if (index % 2 !== 0 || !origin.startsWith("file:")) return [];
    const [key = "", ...value] = (parts[index + 1] ?? "").split("\n");
    return [{ file: resolve(root, origin.slice("file:".length)), key, value: value.join("\n") }];
  });
}

function included(by: string, path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(dirname(by), path);
}

function stampsOf(files: ReadonlySet<string>): ReadonlyMap<string, string> {
  return new Map([...files].map((path) => [path, stampOf(path)]));
}

/** Asked without waiting: a few files, before each git. */
function stampOf(path: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return "";
  }
}
