import { dirname, resolve } from "node:path";
import type { Reader } from "./disk.ts";
import { parseRequirement, type Requirement } from "./pythonNames.ts";

export interface RequirementsFile {
  /** Absolute path. */
  readonly path: string;
  /** What it asks for, `-r` followed; null where a line of it was not understood. */
  readonly requirements: readonly Requirement[] | null;
}

/** Lines that ask for no package of an index: constraints, and the project itself, which a sync installs anyway. */
const NOTHING_MORE = /^((-c|--constraint)[\s=].*|((-e|--editable)[\s=]+)?\.\/?)$/;

/** Files that one may include, at most. */
const MAX_INCLUDES = 16;

interface RequirementsText {
  readonly requirements: readonly Requirement[] | null;
  /** `-r` and `-c` lines, relative to the file. Constraints ask for nothing. */
  readonly includes: readonly string[];
}

/** Reads a requirements file together with those that it includes. */
export function readRequirements(reader: Reader, path: string, depth = 0): RequirementsFile {
  const own = reader.parsed(path, parseRequirementsText);
  if (own === null || own.requirements === null || depth > MAX_INCLUDES) return { path, requirements: null };
  const all = [...own.requirements];
  for (const include of own.includes) {
    const { requirements } = readRequirements(reader, resolve(dirname(path), include), depth + 1);
    if (requirements === null) return { path, requirements: null };
    all.push(...requirements);
  }
  return { path, requirements: all };
}

function parseRequirementsText(text: string): RequirementsText {
  const requirements: Requirement[] = [];
  const includes: string[] = [];
  // A backslash joins lines; ` #` begins a comment; `--hash` and its like follow a requirement.
  for (const line of text.replaceAll(/\\\r?\n/g, " ").split(/\r?\n/)) {
    const plain = line.replace(/(^|\s)#.*$/, "").trim();
    if (plain === "" || NOTHING_MORE.test(plain)) continue;
    const include = /^(?:-r|--requirement)[\s=]*(\S+)$/.exec(plain);
    if (include?.[1] !== undefined) {
      includes.push(include[1]);
      continue;
    }
    const requirement = parseRequirement(plain.replace(/\s+--hash[=\s].*$/, ""));
    if (requirement === null) return { requirements: null, includes: [] };
    requirements.push(requirement);
  }
  return { requirements, includes };
}
