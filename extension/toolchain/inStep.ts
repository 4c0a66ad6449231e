import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Processes } from "../process/processes.ts";
import type { UvProject } from "./uvProject.ts";

export interface InStepOptions {
  readonly processes: Pick<Processes, "run">;
  /** What to type for uv; null where it is missing. */
  readonly uv: () => string | null;
}

/** A project whose environment can be held against its lock. */
export type Installed = UvProject & { readonly environment: string };

interface Known {
  readonly stamp: string;
  /** Undefined while it is being found out. */
  readonly ok: boolean | undefined;
}

/** uv answers from the files, in 20 ms. */
const CHECK_MS = 10_000;
const OUTPUT_BYTES = 4_096;
/** Projects whose answer is kept. */
const MAX_KEPT = 200;
/** What changed in the instant in which it was looked at may change again under the same time stamp (disk.ts). */
const RACY_MS = 50;
/** What uv looks at to know whether a package has to be built again (its documentation, "Caching"). */
const OF_A_PACKAGE = ["pyproject.toml", "setup.py", "setup.cfg", "src", ".python-version"];
const OF_THE_ROOT = ["uv.lock", "uv.toml"];
const LOCAL_SOURCE = /^source = \{ (?:editable|virtual|directory|path) = /gm;

/**
 * Tells whether a project's environment is what `uv run --locked` would make of it. uv is asked once for each state of manifests,
 * lock and environment; while their stamps hold, nothing is asked.
 */
export class InStep {
  readonly #options: InStepOptions;
  readonly #known = new Map<string, Known>();

  constructor(options: InStepOptions) {
    this.#options = options;
  }

  /** True where it is known. Where it isn't, it is being found out, and known the next time. */
  holds(project: Installed): boolean {
    const folder = project.manifest?.folder ?? project.root;
    const { stamp, newest } = stampOf(project);
    const known = this.#known.get(folder);
    if (known?.stamp === stamp) return known.ok === true;
    if (Date.now() - newest >= RACY_MS) void this.#find(folder, project, stamp);
    return false;
  }

  async #find(folder: string, project: Installed, stamp: string): Promise<void> {
    this.#keep(folder, { stamp, ok: undefined });
    const ok = buildsByStamps(project) && (await this.#ask(folder));
    if (this.#known.get(folder)?.stamp !== stamp) return;
    // What changed meanwhile may have been looked at before or after.
    if (stampOf(project).stamp === stamp) this.#keep(folder, { stamp, ok });
    else this.#known.delete(folder);
  }

  async #ask(cwd: string): Promise<boolean> {
    const command = this.#options.uv();
    if (command === null) return false;
    const args = ["sync", "--locked", "--check", "--inexact", "--offline", "--quiet"];
    const request = { command, args, cwd, timeoutMs: CHECK_MS, maxBytes: OUTPUT_BYTES };
    const result = await this.#options.processes.run(request).catch(() => null);
    return result?.code === 0 && !result.timedOut;
  }

  #keep(folder: string, known: Known): void {
    this.#known.delete(folder);
    this.#known.set(folder, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KEPT && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** The folders of the packages that are made from the project's own files. */
function members({ root, python }: Installed): readonly string[] {
  return [...new Set([".", ...(python.lock?.members.keys() ?? [])])].map((member) => join(root, member));
}

/** Everything that decides what a sync would do, and the time of its last change. */
function stampOf(project: Installed): { readonly stamp: string; readonly newest: number } {
  const { root, environment } = project;
  const paths = [
    ...OF_THE_ROOT.map((name) => join(root, name)),
    ...members(project).flatMap((folder) => OF_A_PACKAGE.map((name) => join(folder, name))),
    join(environment, "pyvenv.cfg"),
    join(environment, "bin"),
    ...namesIn(join(environment, "lib")).map((name) => join(environment, "lib", name, "site-packages")),
  ];
  let newest = 0;
  const stamps = paths.map((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return "-";
    newest = Math.max(newest, found.mtimeMs);
    return `${found.mtimeMs}/${found.size}/${found.ino}`;
  });
  return { stamp: stamps.join(" "), newest };
}

/** False where uv builds packages again for a reason that no stamp tells: keys of their own, or folders beside the project. */
function buildsByStamps(project: Installed): boolean {
  const folders = members(project);
  try {
    const local = readFileSync(join(project.root, "uv.lock"), "utf8").match(LOCAL_SOURCE) ?? [];
    const manifests = folders.map((folder) => readFileSync(join(folder, "pyproject.toml"), "utf8"));
    return local.length <= folders.length && !manifests.some((text) => text.includes("cache-keys"));
  } catch {
    return false;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
