import { relative, sep } from "node:path";
import type { Evidence } from "../toolchain/evidence.ts";
import { foldersWith, isWithin, someFolderHolds } from "../toolchain/folders.ts";

/** Notebooks are left out: their findings lie in cells, which have no lines of the file. */
export const PYTHON_FILE = /\.pyi?$/;
const MANIFEST = /^(pyproject\.toml|setup\.py|setup\.cfg|uv\.lock|requirements\.txt)$/;

/** A part of a folder whose Python files see the same packages. */
export interface PythonPart {
  readonly folder: string;
  /** The environment that its imports are looked up in; null where there is none. */
  readonly environment: string | null;
  /** Parts inside it with another environment, relative to it. */
  readonly without: readonly string[];
}

/** The folders that hold Python projects, else the folder itself where it holds Python files at all. */
export async function pythonFolders(top: string): Promise<readonly string[]> {
  const projects = await foldersWith(top, (name) => MANIFEST.test(name));
  if (projects.length > 0) return projects;
  return (await someFolderHolds(top, (name) => PYTHON_FILE.test(name))) ? [top] : [];
}

/** The parts of a folder by environment: nested projects with an environment of their own are parts of their own. */
export async function pythonParts(
  top: string,
  evidenceOf: (folder: string) => Evidence,
): Promise<readonly PythonPart[]> {
  const all = (await pythonFolders(top)).map((folder) => ({
    folder,
    environment: evidenceOf(folder).python.environment?.folder ?? null,
  }));
  const parts = all.filter(
    (part) =>
      !all.some(
        (other) =>
          other.folder !== part.folder &&
          isWithin(other.folder, part.folder) &&
          other.environment === part.environment,
      ),
  );
  return parts.map(({ folder, environment }) => ({
    folder,
    environment,
    without: parts
      .filter((other) => other.folder !== folder && isWithin(folder, other.folder))
      .map((other) => relative(folder, other.folder).split(sep).join("/")),
  }));
}

/**
 * True where Python is not the folder's own language: a few files, or a fixture, somewhere inside. A look at the whole
 * folder then asks for no tool that isn't there; an edit of such a file does.
 */
export function isAside({ python }: Evidence): boolean {
  return python.owner.state === "absent";
}
