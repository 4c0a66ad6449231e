import { statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { isProgram } from "../process/path.ts";
import type { Processes } from "../process/processes.ts";
import type { Evidence } from "./evidence.ts";
import type { ProvidedTools } from "./provision/providedTools.ts";

/** Where a tool was found: in the project, on the PATH, where its installer puts it, or among those that Interlock brought. */
export type ToolSource = "project" | "path" | "home" | "provided";

export interface FoundTool {
  /** Absolute path of the program. */
  readonly path: string;
  readonly source: ToolSource;
}

export interface ToolsOptions {
  readonly processes: Pick<Processes, "run">;
  readonly env: NodeJS.ProcessEnv;
  /** The user's home folder. */
  readonly home: string;
  readonly platform?: NodeJS.Platform;
}

/**
 * Where the installers of uv and bun put them. An editor that was not started from a shell often has a PATH without
 * what the shell's start-up files add to it.
 */
const INSTALLED_IN_HOME = [".local/bin", ".cargo/bin", ".bun/bin"];

/** A program that was not found may be installed at any time: it is looked for again after this. */
const RECHECK_MS = 5_000;
/** A program that says its version needs a fraction of this, also on a slow disk. */
const VERSION_TIMEOUT_MS = 10_000;
const VERSION_BYTES = 4_096;

interface Lookup {
  readonly found: FoundTool | null;
  readonly at: number;
}

/** Finds programs, and asks them for their versions. Nothing is downloaded here. */
export class Tools {
  readonly #options: ToolsOptions;
  readonly #provided: Pick<ProvidedTools, "find">;
  readonly #evidence: (folder: string) => Evidence;
  readonly #lookups = new Map<string, Lookup>();
  readonly #versions = new Map<string, Promise<string | null>>();

  /** `provided`: those that Interlock brought; a person's own come first. */
  constructor(
    options: ToolsOptions,
    provided: Pick<ProvidedTools, "find">,
    evidence: (folder: string) => Evidence,
  ) {
    this.#options = options;
    this.#provided = provided;
    this.#evidence = evidence;
  }

  /** The project's own program (its environment, then node_modules from the folder up), else the machine's. */
  find(name: string, folder: string): FoundTool | null {
    const { python } = this.#evidence(folder);
    const programs = this.#windows ? "Scripts" : "bin";
    if (python.environment?.programs.has(name)) {
      const path = this.#program(join(python.environment.folder, programs), name);
      if (path !== null) return { path, source: "project" };
    }
    return this.inNodeModules(name, folder) ?? this.onMachine(name);
  }

  /** A program of node_modules/.bin, from the folder up. */
  inNodeModules(name: string, folder: string): FoundTool | null {
    if (!this.#evidence(folder).javascript.programs.has(name)) return null;
    for (let level = folder; ; level = dirname(level)) {
      const path = this.#program(join(level, "node_modules", ".bin"), name);
      if (path !== null) return { path, source: "project" };
      if (dirname(level) === level) return null;
    }
  }

  /** A program on the PATH, else where its installer put it, else one that Interlock brought. */
  onMachine(name: string): FoundTool | null {
    const kept = this.#lookups.get(name);
    if (kept !== undefined && Date.now() - kept.at < RECHECK_MS) return kept.found;
    const found = this.#search(name);
    this.#lookups.set(name, { found, at: Date.now() });
    return found;
  }

  /** Looks anew for all of them: one was brought or taken away. */
  forget(): void {
    this.#lookups.clear();
  }

  /** What to type for a program of the machine: its name where the PATH has it; null where it is missing. */
  command(name: string): string | null {
    const found = this.onMachine(name);
    return found === null || found.source === "path" ? found && name : found.path;
  }

  /** The version that a program states, such as `0.17.5`; null when it states none. Kept until the file changes. */
  version(path: string, cwd: string): Promise<string | null> {
    const stats = statSync(path, { throwIfNoEntry: false });
    const key = `${path} ${stats?.mtimeMs} ${stats?.size}`;
    const kept = this.#versions.get(key) ?? this.#ask(path, cwd);
    this.#versions.set(key, kept);
    return kept;
  }

  get #windows(): boolean {
    return (this.#options.platform ?? process.platform) === "win32";
  }

  async #ask(path: string, cwd: string): Promise<string | null> {
    const result = await this.#options.processes.run({
      command: path,
      args: ["--version"],
      cwd,
      timeoutMs: VERSION_TIMEOUT_MS,
      maxBytes: VERSION_BYTES,
    });
    if (result.code !== 0) return null;
    return /\d+\.\d+(?:\.\d+)?(?:[-.+\w]*)?/.exec(result.stdout || result.stderr)?.[0] ?? null;
  }

  #search(name: string): FoundTool | null {
    const path = (this.#options.env["PATH"] ?? this.#options.env["Path"] ?? "").split(delimiter);
    for (const [source, folders] of [
      ["path", path],
      ["home", INSTALLED_IN_HOME.map((folder) => join(this.#options.home, folder))],
    ] as const) {
      for (const folder of folders) {
        const found = folder === "" ? null : this.#program(folder, name);
        if (found !== null) return { path: found, source };
      }
    }
    const brought = this.#provided.find(name);
    return brought === null ? null : { path: brought.path, source: "provided" };
  }

  /** A file in a folder that can be run under a name, by the system's own rule. */
  #program(folder: string, name: string): string | null {
    const endings = this.#windows ? [".exe", ".cmd", ".bat"] : [""];
    const paths = endings.map((ending) => join(folder, name + ending));
    return paths.find((path) => isProgram(path, this.#windows)) ?? null;
  }
}
