import { delimiter, resolve } from "node:path";
import { steersPrograms } from "../../guard/environment.ts";
import { isInside } from "../../shell/path.ts";
import { isLockVariable } from "../../toolchain/lockEnvironment.ts";
import type { Exported } from "./exported.ts";

/** Set for what a route started, with what was asked: the same words inside of it are not routed once more. */
export const ROUTED = "INTERLOCK_ROUTED";

type Variables = Readonly<Record<string, string>>;

/** Those that steer programs and were set by the model's line. The shim finds programs by the PATH that it has itself. */
export function changed(environment: Variables, given: Variables): Variables {
  const inherits = environment[ROUTED] !== undefined;
  const own = Object.entries(environment).filter(
    ([name, value]) =>
      name !== "PATH" &&
      given[name] !== value &&
      (name === "INTERLOCK" || steersPrograms(name)) &&
      // What a route set around it is no word of the model's.
      !(inherits && isLockVariable(name, value)),
  );
  return Object.fromEntries(own);
}

/** What shells set by themselves, in each another way. */
const SET_BY_SHELLS = ["PWD", "OLDPWD", "SHLVL", "_"];

/** Environments of different kinds that are known at a time: an agent has one or two, and its programs as many. */
const MAX_KNOWN = 4;
/** Characters of one, and names of variables that don't count: more is slow to compare. */
const MAX_CHARACTERS = 16 * 1024;
const MAX_NAMES = 400;

/**
 * What stands around the programs of one agent, learned from those that asked: agents set variables of their own in their shells,
 * and change the PATH. An environment is known where nothing in it steers programs but what the agent gave.
 */
export class KnownSurroundings {
  readonly #skips: (folder: string) => boolean;
  readonly #project: string;
  readonly #ignored = new Set(SET_BY_SHELLS);
  #known: (readonly Exported[])[] = [];

  /** `shims`: what lies there stands for another program. Programs in `project` are judged by what is in them. */
  constructor({ shims, project }: { readonly shims: string; readonly project: string }) {
    this.#skips = (folder) => isInside(shims, folder);
    this.#project = project;
  }

  learn(all: readonly Exported[], environment: Variables, given: Variables): void {
    if (this.#isUsual(environment, given)) this.#add(all);
    this.#known = this.#known.filter((each) =>
      each.every(({ name, value }) => name === "PATH" || value === null || given[name] === value),
    );
  }

  /** Names of variables that steer nothing, whatever they hold. */
  ignored(): readonly string[] {
    return [...this.#ignored].toSorted();
  }

  /** What `export -p` prints where no others are set. */
  environments(): readonly string[] {
    return this.#known.map((all) => all.map(({ printed }) => printed).join("\n"));
  }

  #isUsual(environment: Variables, given: Variables): boolean {
    const { PATH: path = "" } = environment;
    const folders = path.split(delimiter);
    return (
      environment[ROUTED] === undefined &&
      Object.entries(environment).every(([name, value]) => !OURS.test(name) || given[name] === value) &&
      Object.keys(changed(environment, given)).length === 0 &&
      folders.every(
        (folder) =>
          folder.startsWith("/") && (this.#skips(folder) || !isInside(this.#project, resolve(folder))),
      )
    );
  }

  #add(all: readonly Exported[]): void {
    const counts = all.filter(({ name }) => matters(name));
    const names = all.flatMap(({ name }) => (matters(name) ? [] : [name]));
    const text = counts.map(({ printed }) => printed).join("\n");
    if (text.length > MAX_CHARACTERS || this.#ignored.size + names.length > MAX_NAMES) return;
    for (const name of names) this.#ignored.add(name);
    if (!this.environments().includes(text)) this.#known = [counts, ...this.#known].slice(0, MAX_KNOWN);
  }
}

const OURS = /^interlock/i;

function matters(name: string): boolean {
  return name === "PATH" || OURS.test(name) || steersPrograms(name);
}
