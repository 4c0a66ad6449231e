import type { Function as FunctionNode } from "unbash";
import type { ShellWord } from "./command.ts";
import { MAX_FOLDERS } from "./limits.ts";
import { resolvePath } from "./path.ts";

type FunctionBody = FunctionNode["body"];

/** What a shell knows at one point of a script: variables, functions, the folders it can be in. */
export class Scope {
  folders: readonly string[] | null;
  readonly home: string | undefined;
  #variables: Map<string, readonly ShellWord[] | null>;
  #functions: Map<string, FunctionBody | null>;
  /** Variables that don't hold what is assigned to them: read-only ones, and those that change its case or count. */
  #opaque: Set<string> | undefined;
  /** `set -a`: programs get every variable that is set. */
  exportsAll = false;

  constructor(
    folders: readonly string[] | null,
    home: string | undefined,
    variables = new Map<string, readonly ShellWord[] | null>(),
    functions = new Map<string, FunctionBody | null>(),
  ) {
    this.folders = folders;
    this.home = home;
    this.#variables = variables;
    this.#functions = functions;
  }

  /** A subshell: it sees everything, and nothing that it changes comes back. */
  fork(): Scope {
    const fork = new Scope(this.folders, this.home, new Map(this.#variables), new Map(this.#functions));
    fork.#opaque = this.#opaque && new Set(this.#opaque);
    fork.exportsAll = this.exportsAll;
    return fork;
  }

  /** The words of a variable: a list for a known value, null for a value known only at run time. */
  variable(name: string): readonly ShellWord[] | null | undefined {
    return this.#variables.get(name);
  }

  assign(name: string, value: readonly ShellWord[] | null): void {
    this.#variables.set(name, this.#opaque?.has(name) === true ? null : value);
  }

  /** Gives a variable back what it held, or makes it one that was never set. */
  restore(name: string, value: readonly ShellWord[] | null | undefined): void {
    if (value === undefined) this.#variables.delete(name);
    else this.#variables.set(name, value);
  }

  /** From now on nobody can say what a variable holds once something is assigned to it. */
  obscure(name: string): void {
    this.#opaque ??= new Set();
    this.#opaque.add(name);
  }

  /** After code that was not followed. */
  forgetAll(): void {
    for (const name of this.#variables.keys()) this.#variables.set(name, null);
  }

  /** Arithmetic assigns by `=`, `++` and `--`: every name in it may have another value afterwards. */
  forgetAssigned(arithmetic: string): void {
    if (!/=|\+\+|--/.test(arithmetic)) return;
    for (const [name] of arithmetic.matchAll(/[A-Za-z_]\w*/g)) this.assign(name, null);
  }

  /** Null for a function that may be one or another. */
  function(name: string): FunctionBody | null | undefined {
    return this.#functions.get(name);
  }

  define(name: string, body: FunctionBody | null): void {
    this.#functions.set(name, body);
  }

  /** `unset -f` */
  undefine(name: string): void {
    this.#functions.delete(name);
  }

  /**
   * After code that may or may not have run: what it changed is unknown, where it went is one more folder. What only
   * the branch has given a value keeps it where that is said. True when it changed anything that this scope knew
   * otherwise.
   */
  mergeMaybe(branch: Scope, { keepsNew = false } = {}): boolean {
    let changed = false;
    for (const name of branch.#opaque ?? []) this.obscure(name);
    this.exportsAll ||= branch.exportsAll;
    for (const [name, value] of branch.#variables) {
      const own = this.#variables.get(name);
      if (own === value || own === null) continue;
      this.#variables.set(name, keepsNew && own === undefined ? value : null);
      changed = true;
    }
    for (const [name, body] of branch.#functions) {
      const own = this.#functions.get(name);
      if (own === body || own === null) continue;
      // Without one of its own, a program of that name may be meant: what is known is looked at, and asks.
      this.#functions.set(name, own === undefined ? body : null);
      changed = true;
    }
    const folders = mergeFolders(this.folders, branch.folders);
    if (folders?.join("\0") !== this.folders?.join("\0")) changed = true;
    this.folders = folders;
    return changed;
  }

  /** `cd` that succeeds. */
  enter(target: ShellWord | undefined): void {
    if (target === undefined) this.folders = this.home === undefined ? null : [this.home];
    else if (!target.known || target.glob || target.text === "-" || this.folders === null)
      this.folders = null;
    else this.folders = this.folders.map((folder) => resolvePath(folder, target.text));
  }
}

/** The parameters that are followed one by one, and all of them together. */
export const POSITIONAL = ["@", "*", "1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

/** Binds `$1`, `$2`, `$@` to the arguments of a function or script; null where they come at run time. */
export function bindParameters(scope: Scope, args: readonly ShellWord[] | null): void {
  // A word that may become several, or none, moves those behind it.
  const moved = args?.findIndex((word) => word.glob || (!word.known && word.prefix === undefined)) ?? 0;
  for (const name of POSITIONAL) {
    const at = Number(name) - 1;
    const own = args?.[at];
    if (Number.isNaN(at)) scope.assign(name, args);
    else scope.assign(name, moved >= 0 && at >= moved ? null : own === undefined ? [] : [own]);
  }
}

export function mergeFolders(
  a: readonly string[] | null,
  b: readonly string[] | null,
): readonly string[] | null {
  if (a === null || b === null) return null;
  const merged = [...new Set([...a, ...b])];
  return merged.length > MAX_FOLDERS ? null : merged;
}
