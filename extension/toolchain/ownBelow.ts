import { readdirSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { configuredByKeys, configuredIn } from "./configured.ts";
import { Disk, type Reader } from "./disk.ts";
import { parsePackageJson } from "./packageJson.ts";
import { parsePyproject } from "./pyproject.ts";
import { declaredIn } from "./uvProject.ts";

/** A tool as its configuration and its package name it. */
interface NamedTool {
  readonly configuredAs: string;
  readonly package: string;
}

/** What a command names in a project. */
export interface Places {
  readonly root: string;
  /** Where the command runs. */
  readonly folder: string;
  /** Paths and patterns, as it says them. */
  readonly words: readonly string[];
}

/** Folders that are looked into, at most: it is waited for before each command that may be swapped, and takes under 0.1 s. */
const MAX_FOLDERS = 2_000;
/** Folders that hold nothing of the project's own. */
const PASSED = /^(?:node_modules|__pycache__|\.(?:git|hg|svn|jj|venv|\w+_cache))$/;
/** From here on a word is a pattern that the program itself expands. */
const PATTERN = /(?:^|\/)[^/]*[*?[{!][^]*$/;

/**
 * True where a tool is declared or configured beside or below the files that a command names: it would read that there, and run what
 * it says. What lies in the command's folder and above is evidence already. True, too, where it can't be told: for what lies
 * outside of the project, and for more folders than can be looked into.
 */
export function isOwnBelow(tool: NamedTool, { root, folder, words }: Places): boolean {
  const named = words.map((word) => resolve(folder, word.replace(PATTERN, "") || "."));
  const places = named.map(realPath).filter((place) => place !== null);
  const [top, start] = [realPath(root) ?? root, realPath(folder) ?? folder];
  if (!places.every((place) => isIn(top, place))) return true;
  const looked = new Set<string>();
  const { value } = new Disk().observe((reader) =>
    // Without a path, and for words that are none, it is the folder itself.
    (places.length === words.length && places.length > 0 ? places : [...places, start]).some(
      (place) => isOwnAbove(reader, tool, place, start) || isOwnInside(reader, tool, place, looked),
    ),
  );
  return value;
}

/** In the folders from a place up to those that are evidence. */
function isOwnAbove(reader: Reader, tool: NamedTool, place: string, start: string): boolean {
  for (let level = place; !isIn(level, start); level = dirname(level))
    if (isOwnIn(reader, tool, level, new Set(reader.names(level)))) return true;
  return false;
}

function isOwnInside(reader: Reader, tool: NamedTool, place: string, looked: Set<string>): boolean {
  const open = [place];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (looked.has(folder)) continue;
    if (looked.size === MAX_FOLDERS) return true;
    looked.add(folder);
    const entries = entriesOf(folder);
    const names = new Set(entries.map(({ name }) => name));
    // An environment: what lies in it is installed.
    if (names.has("pyvenv.cfg")) continue;
    if (isOwnIn(reader, tool, folder, names)) return true;
    for (const entry of entries)
      if (entry.isDirectory() && !PASSED.test(entry.name)) open.push(join(folder, entry.name));
  }
  return false;
}

/** What can't be read is not there for the programs either; a file has nothing below it. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isOwnIn(reader: Reader, tool: NamedTool, folder: string, names: ReadonlySet<string>): boolean {
  const { configuredAs, package: name } = tool;
  if (configuredIn(reader, folder, names).some((each) => each.tool === configuredAs)) return true;
  const script = names.has("package.json")
    ? reader.parsed(join(folder, "package.json"), parsePackageJson)
    : null;
  if (
    script !== null &&
    (configuredByKeys(script.keys).includes(configuredAs) || script.dependencies.has(name))
  )
    return true;
  const python = names.has("pyproject.toml")
    ? reader.parsed(join(folder, "pyproject.toml"), parsePyproject)
    : null;
  return python !== null && (python.tools.has(configuredAs) || declaredIn(python, name).length > 0);
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function isIn(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? folder : `${folder}/`);
}
