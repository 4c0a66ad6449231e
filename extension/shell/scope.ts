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
  #functions: Map<string, FunctionBody>;

  constructor(
    folders: readonly string[] | null,
    home: string | undefined,
    variables = new Map<string, readonly ShellWord[] | null>(),
    functions = new Map<string, FunctionBody>(),
  ) {
    this.folders = folders;
    this.home = home;
    this.#variables = variables;
    this.#functions = functions;
  }

  /** A subshell: it sees everything, and nothing that it changes comes back. */
  fork(): Scope {
    return new Scope(this.folders, this.home, new Map(this.#variables), new Map(this.#functions));
  }

  /** The words of a variable: a list for a known value, null for a value known only at run time. */
  variable(name: string): readonly ShellWord[] | null | undefined {
    return this.#variables.get(name);
  }

  assign(name: string, value: readonly ShellWord[] | null): void {
    this.#variables.set(name, value);
  }

  function(name: string): FunctionBody | undefined {
    return this.#functions.get(name);
  }

  define(name: string, body: FunctionBody): void {
    this.#functions.set(name, body);
  }

  /**
   * After code that may or may not have run: what it changed is unknown, where it went is one more folder.
   * True when it changed anything that this scope knew otherwise.
   */
  mergeMaybe(branch: Scope): boolean {
    let changed = false;
    for (const [name, value] of branch.#variables) {
      const own = this.#variables.get(name);
      if (own === value || own === null) continue;
      this.#variables.set(name, null);
      changed = true;
    }
    for (const [name, body] of branch.#functions) {
      if (this.#functions.get(name) === body) continue;
      this.#functions.set(name, body);
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

export function mergeFolders(
  a: readonly string[] | null,
  b: readonly string[] | null,
): readonly string[] | null {
  if (a === null || b === null) return null;
  const merged = [...new Set([...a, ...b])];
  return merged.length > MAX_FOLDERS ? null : merged;
}
