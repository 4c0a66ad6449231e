import { join, resolve } from "node:path";
import type { Reader } from "./disk.ts";
import type { PythonEvidence } from "./evidence.ts";

/** Where a virtual environment keeps its programs, on POSIX systems and on Windows. */
const PROGRAM_FOLDERS = ["bin", "Scripts"] as const;
/** What is a file of the environment itself, not a program to run. */
const NOT_A_PROGRAM = /^(activate|deactivate|pydoc\.bat)/i;

/** The environment at a path: null where there is none. */
export function readEnvironment(reader: Reader, folder: string): PythonEvidence["environment"] {
  if (!reader.exists(join(folder, "pyvenv.cfg"))) return null;
  const programs = new Set<string>();
  for (const each of PROGRAM_FOLDERS) {
    for (const name of reader.names(join(folder, each)) ?? []) {
      if (!NOT_A_PROGRAM.test(name)) programs.add(name.replace(/\.exe$/i, ""));
    }
  }
  return { folder, programs };
}

/** Where uv keeps a project's environment: `UV_PROJECT_ENVIRONMENT`, or `.venv` beside the lock. */
export function uvPlace(root: string, env: NodeJS.ProcessEnv): string {
  return resolve(root, env["UV_PROJECT_ENVIRONMENT"] || ".venv");
}

/** The nearest environment by its usual names, for projects that uv doesn't own. */
export function nearestEnvironment(reader: Reader, levels: readonly string[]): PythonEvidence["environment"] {
  for (const level of levels) {
    for (const name of [".venv", "venv"]) {
      const found = readEnvironment(reader, join(level, name));
      if (found !== null) return found;
    }
  }
  return null;
}

/** The environment that is active; conda's own, which many shells begin with, is chosen for nothing. */
export function activatedIn(env: NodeJS.ProcessEnv): string | null {
  const conda = env["CONDA_DEFAULT_ENV"] === "base" ? undefined : env["CONDA_PREFIX"];
  return env["VIRTUAL_ENV"] || conda || null;
}
