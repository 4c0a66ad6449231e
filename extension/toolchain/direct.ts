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

interface DirectOptions {
  readonly inStep: InStep;
  /** uv as routes name it, and where it lies; null where it is missing. */
  readonly command: string | null;
  readonly path: string | undefined;
  readonly env: NodeJS.ProcessEnv;
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
  { inStep, command, path, env }: DirectOptions,
): DirectRun | null {
  if (
    uv !== command ||
    path === undefined ||
    verb !== "run" ||
    locked !== "--locked" ||
    program === undefined
  )
    return null;
  // A file may bring dependencies of its own; a flag is uv's.
  if (!/^\w[\w.-]*$/.test(program) || /\.pyw?$/.test(program)) return null;
  if (process.platform === "win32" || CHANGES_RUN.some((name) => env[name])) return null;
  const project = uvProject(evidence);
  const environment = project?.python.environment;
  if (!project?.locked || environment === null || environment === undefined) return null;
  const first = join(environment.folder, "bin");
  const found = join(first, program);
  if (!environment.programs.has(program) || !isProgram(found, false)) return null;
  if (!inStep.holds({ ...project, environment: environment.folder })) return null;
  return { program: found, args, variables: { VIRTUAL_ENV: environment.folder, UV: path }, first };
}
