import { basename, join } from "node:path";
import { configuredIn, PYTHON_TOOLS } from "./configured.ts";
import type { Reader } from "./disk.ts";
import { activatedIn, nearestEnvironment, readEnvironment, uvPlace } from "./environments.ts";
import {
  type EvidenceItem,
  ownedBy,
  type Ownership,
  type PythonEvidence,
  type PythonManager,
} from "./evidence.ts";
import { memberPath } from "./levels.ts";
import { type PipPlaces, pipIsSetUp } from "./pipSettings.ts";
import { parsePyproject, type PythonManifest } from "./pyproject.ts";
import { readRequirements, type RequirementsFile } from "./requirements.ts";
import { parseUvLock, type UvLock } from "./uvLock.ts";

/** Files that only one manager writes, and that pin everything. */
const LOCKS: Readonly<Record<string, PythonManager>> = {
  "uv.lock": "uv",
  "poetry.lock": "poetry",
  "pdm.lock": "pdm",
  "Pipfile.lock": "pipenv",
  "conda-lock.yml": "conda",
};
/** Files that name a manager without pinning anything: they count where no lock lies beside them. */
const FILES: Readonly<Record<string, PythonManager>> = {
  Pipfile: "pipenv",
  "environment.yml": "conda",
  "environment.yaml": "conda",
};
const REQUIREMENTS = /^([\w.-]*requirements|requirements[\w.-]*)\.txt$/;
/** Legacy manifests: a project, but no owner. */
const PROJECT_FILES = ["setup.py", "setup.cfg", ".python-version"];

interface Level {
  readonly folder: string;
  readonly manifest: PythonManifest | null;
  /** True where a manifest of any kind lies: the configuration of a tool alone makes no project. */
  readonly isProject: boolean;
  readonly items: readonly EvidenceItem[];
  readonly locks: readonly EvidenceItem[];
  readonly tables: readonly EvidenceItem[];
  readonly requirements: readonly RequirementsFile[];
  readonly configured: readonly string[];
}

/** What the folders from a command's own upwards say about Python. */
export function readPython(
  reader: Reader,
  folders: readonly string[],
  places: PipPlaces,
): PythonEvidence & { readonly items: readonly EvidenceItem[] } {
  const levels = folders.map((folder) => readLevel(reader, folder));
  const owner = decide(reader, levels);
  const root = owner.state === "absent" ? undefined : owner.root;
  const inProject = levels.slice(0, root === undefined ? 0 : folders.indexOf(root) + 1);
  const owned = owner.state === "absent" ? levels : inProject;
  const place = ownedBy(owner, "uv") ? uvPlace(owner.root, places.env) : null;
  const environment = place === null ? nearestEnvironment(reader, folders) : readEnvironment(reader, place);
  return {
    owner,
    items: levels.flatMap((level) => level.items),
    manifest: inProject.find((level) => level.manifest !== null)?.manifest ?? null,
    lock: ownedBy(owner, "uv") ? reader.parsed(join(owner.root, "uv.lock"), parseUvLock) : null,
    environment,
    place,
    requirements: levels.flatMap((level) => level.requirements),
    configured: new Set(owned.flatMap((level) => level.configured)),
    activated: activatedIn(places.env),
    pipSettings: pipIsSetUp(reader, places, environment),
  };
}

function readLevel(reader: Reader, folder: string): Level {
  const names = reader.names(folder) ?? new Set<string>();
  const item = (name: string, what: string, proves: PythonManager | null): EvidenceItem => ({
    language: "python",
    path: join(folder, name),
    what,
    proves,
  });
  const named = (table: Readonly<Record<string, PythonManager>>): EvidenceItem[] =>
    Object.entries(table).flatMap(([name, manager]) => (names.has(name) ? [item(name, name, manager)] : []));
  const manifest = names.has("pyproject.toml")
    ? reader.parsed(join(folder, "pyproject.toml"), parsePyproject)
    : null;
  const locks = named(LOCKS).filter((each) => each.proves !== "uv" || manifest?.managed !== false);
  const tables = [
    ...[...(manifest?.proves ?? [])].map((tool) => item("pyproject.toml", `[tool.${tool}]`, tool)),
    ...named(FILES),
  ];
  const requirementFiles = [...names]
    .filter((name) => REQUIREMENTS.test(name))
    .map((name) => join(folder, name));
  if (names.has("requirements")) {
    for (const name of reader.names(join(folder, "requirements")) ?? []) {
      if (name.endsWith(".txt")) requirementFiles.push(join(folder, "requirements", name));
    }
  }
  const tools = configuredIn(reader, folder, names);
  const projectFiles = PROJECT_FILES.filter((name) => names.has(name));
  return {
    folder,
    manifest,
    isProject:
      manifest !== null || locks.length + tables.length + projectFiles.length + requirementFiles.length > 0,
    locks,
    tables,
    items: [
      ...locks,
      ...tables,
      ...(manifest === null ? [] : [item("pyproject.toml", "pyproject.toml", null)]),
      ...projectFiles.map((name) => item(name, name, null)),
      ...requirementFiles.map((path) => item(memberPath(folder, path), memberPath(folder, path), null)),
      ...[...(manifest?.tools ?? [])].map((tool) => item("pyproject.toml", `[tool.${tool}]`, null)),
      ...tools
        .filter(({ tool }) => PYTHON_TOOLS.has(tool))
        .map(({ tool, path }) => item(basename(path), tool, null)),
    ],
    requirements: requirementFiles.map((path) => readRequirements(reader, path)),
    configured: [...(manifest?.tools ?? []), ...tools.map(({ tool }) => tool)],
  };
}

/**
 * The owner, nearest folder first:
 * 1. two locks in one folder, or a uv.lock beside a pyproject.toml of Poetry alone: ambiguous;
 * 2. a lock proves its manager;
 * 3. a table such as `[tool.uv]`, or a file such as Pipfile, proves it too, unless two of them disagree. A member of
 *    a uv workspace belongs to the workspace's lock, further up;
 * 4. nothing found: a manifest without an owner, or no project at all.
 */
function decide(reader: Reader, levels: readonly Level[]): Ownership {
  for (const [index, level] of levels.entries()) {
    const own = proofsOf(level);
    if (own.length === 0) continue;
    const managers = new Set(own.map((proof) => proof.proves));
    const [proof] = own;
    const root = level.folder;
    const onlyPoetry = level.manifest?.name === null && level.manifest.proves.has("poetry");
    if (managers.size > 1) return { state: "ambiguous", root, proofs: own };
    if (proof?.proves === "uv" && level.locks.length > 0 && onlyPoetry) {
      return { state: "ambiguous", root, proofs: [proof, ...level.tables] };
    }
    if (proof === undefined || proof.proves === null) continue;
    if (proof.proves === "uv" && level.locks.length === 0 && memberAbove(reader, levels, index)) continue;
    if (proof.proves === "uv" && !belongs(reader, levels, index)) break;
    return { state: "owned", manager: proof.proves, root, proof };
  }
  const project = levels.find((level) => level.isProject);
  return project === undefined ? { state: "absent" } : { state: "unowned", root: project.folder };
}

/** Locks if there are any, else tables; conda's file lies in many projects that it doesn't manage. */
function proofsOf(level: Level): readonly EvidenceItem[] {
  if (level.locks.length > 0) return level.locks;
  const strong = level.tables.filter((table) => table.proves !== "conda");
  return strong.length > 0 ? strong : level.tables;
}

/** True when a uv.lock further up lists the folder as a member of its workspace. */
function memberAbove(reader: Reader, levels: readonly Level[], index: number): boolean {
  const folder = levels[index]?.folder ?? "";
  return levels
    .slice(index + 1)
    .some((level) => lockAt(reader, level)?.members.has(memberPath(level.folder, folder)));
}

/**
 * True when uv would take the owner's root for the command's folder: uv stops at the nearest pyproject.toml, and
 * follows it to a workspace only when that lists it. What lies between and is no member is a project of its own.
 */
function belongs(reader: Reader, levels: readonly Level[], index: number): boolean {
  const nearest = levels.slice(0, index + 1).find((level) => level.manifest !== null);
  const root = levels[index];
  if (nearest === undefined || root === undefined || nearest === root) return true;
  const lock = lockAt(reader, root);
  return lock === null || lock.members.has(memberPath(root.folder, nearest.folder));
}

function lockAt(reader: Reader, level: Level): UvLock | null {
  if (!level.locks.some((lock) => lock.proves === "uv")) return null;
  return reader.parsed(join(level.folder, "uv.lock"), parseUvLock);
}
