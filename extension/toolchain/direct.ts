import { join } from "node:path";
import { isProgram } from "../process/path.ts";
import type { Evidence } from "./evidence.ts";
import type { InStep } from "./inStep.ts";
import { uvProject } from "./uvProject.ts";

/** What `uv run --locked PROGRAM …` would start, and what it would give it. */
export interface DirectRun {
  /** Absolute path. */
  readonly program: string;
  /** The words after it. */
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** The folder that stands first on its PATH. */
  readonly first: string;
}

/** Settings of uv's own that change what it starts, or with what. */
const CHANGES_RUN = ["UV_ENV_FILE", "UV_ISOLATED", "UV_NO_PROJECT", "UV_PROJECT", "UV_WORKING_DIRECTORY"];

/**
 * The end of a route by `uv run --locked`, without the 20 ms that uv takes to find out that there is nothing to do. Null where that
 * isn't sure: then uv itself runs.
 */
export function directRun(
  [uv, verb, locked, program, ...args]: readonly string[],
  evidence: Evidence,
  {
    inStep,
    uv: known,
    env,
  }: { readonly inStep: InStep; readonly uv: string | null; readonly env: NodeJS.ProcessEnv },
): DirectRun | null {
  if (uv !== known || verb !== "run" || locked !== "--locked" || program === undefined) return null;
  // A file may bring dependencies of its own; a flag is uv's.
  if (!/^\w[\w.-]*$/.test(program) || /\.pyw?$/.test(program)) return null;
  if (process.platform === "win32" || CHANGES_RUN.some((name) => env[name])) return null;
  const project = uvProject(evidence);
  const environment = project?.python.environment;
  if (!project?.locked || environment === null || environment === undefined) return null;
  const first = join(environment.folder, "bin");
  const path = join(first, program);
  if (!environment.programs.has(program) || !isProgram(path, false)) return null;
  if (!inStep.holds({ ...project, environment: environment.folder })) return null;
  return { program: path, args, variables: { VIRTUAL_ENV: environment.folder }, first };
}
