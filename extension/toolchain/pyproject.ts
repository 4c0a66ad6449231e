import { basename, dirname } from "node:path";
import { parse } from "smol-toml";
import * as z from "zod";
import { messageOf } from "../errors.ts";
import { normalise, parseRequirement, type Requirement } from "./pythonNames.ts";

/** A pyproject.toml as far as routing needs it. */
export interface PythonManifest {
  /** Absolute path. */
  readonly path: string;
  readonly folder: string;
  /** What is wrong with the file: the parser's first line; null where it was read. */
  readonly broken: string | null;
  /** Normalised name of the `[project]` table; null without one. */
  readonly name: string | null;
  readonly dependencies: readonly Requirement[];
  readonly extras: ReadonlyMap<string, readonly Requirement[]>;
  readonly groups: ReadonlyMap<string, readonly Requirement[]>;
  /** Groups that uv installs unless told otherwise. `all` stands for every group. */
  readonly defaultGroups: readonly string[];
  /** Programs that the project itself installs. */
  readonly scripts: ReadonlySet<string>;
  /** The names under `[tool]`. */
  readonly tools: ReadonlySet<string>;
  /** Managers that a table of the file proves. */
  readonly proves: ReadonlySet<"uv" | "poetry" | "pdm">;
  /** False where `[tool.uv] managed = false` takes the project away from uv. */
  readonly managed: boolean;
}

const Names = z.record(z.string(), z.unknown()).catch({});
const Strings = z.array(z.string()).catch([]);
const Pyproject = z.object({
  project: z
    .object({
      name: z.string().optional().catch(undefined),
      dependencies: Strings,
      "optional-dependencies": z.record(z.string(), Strings).catch({}),
      scripts: Names,
      "gui-scripts": Names,
    })
    .optional()
    .catch(undefined),
  "dependency-groups": z
    .record(z.string(), z.array(z.union([z.string(), z.object({ "include-group": z.string() })])).catch([]))
    .catch({}),
  tool: z.record(z.string(), z.unknown()).catch({}),
});
const UvTable = z.object({
  managed: z.boolean().catch(true),
  workspace: z.unknown().optional(),
  "dev-dependencies": z.array(z.string()).optional().catch(undefined),
  "default-groups": z.union([z.literal("all"), z.array(z.string())]).catch(["dev"]),
});
/** Tables of pdm-backend, which any front end builds with: they say nothing about who manages the project. */
const PDM_BACKEND = new Set(["build", "version"]);

const EMPTY: Omit<PythonManifest, "path" | "folder" | "broken"> = {
  name: null,
  dependencies: [],
  extras: new Map(),
  groups: new Map(),
  defaultGroups: ["dev"],
  scripts: new Set(),
  tools: new Set(),
  proves: new Set(),
  managed: true,
};

/** Reads a pyproject.toml. One that is broken is a manifest all the same, and says so. */
export function parsePyproject(text: string, path: string): PythonManifest {
  const place = { path, folder: dirname(path) };
  let data: unknown;
  try {
    data = parse(text);
  } catch (error) {
    return { ...place, ...EMPTY, broken: firstLine(messageOf(error)) };
  }
  const read = Pyproject.safeParse(data);
  if (!read.success) return { ...place, ...EMPTY, broken: basename(path) };
  const { project, tool } = read.data;
  const uv = "uv" in tool ? UvTable.safeParse(tool["uv"]).data : undefined;
  const groups = readGroups(read.data["dependency-groups"]);
  const legacy = uv?.["dev-dependencies"];
  if (legacy !== undefined) groups.set("dev", [...(groups.get("dev") ?? []), ...requirements(legacy)]);
  const proves = new Set<"uv" | "poetry" | "pdm">();
  // Settings alone, such as `[tool.uv.pip]`, make no project that uv could lock.
  const lockable = project !== undefined || uv?.workspace !== undefined || legacy !== undefined;
  if (uv?.managed && lockable) proves.add("uv");
  if ("poetry" in tool) proves.add("poetry");
  if (Object.keys(Names.parse(tool["pdm"])).some((key) => !PDM_BACKEND.has(key))) proves.add("pdm");
  return {
    ...place,
    broken: null,
    name: project?.name === undefined ? null : normalise(project.name),
    dependencies: requirements(project?.dependencies ?? []),
    extras: new Map(
      Object.entries(project?.["optional-dependencies"] ?? {}).map(([name, list]) => [
        normalise(name),
        requirements(list),
      ]),
    ),
    groups,
    defaultGroups: uv === undefined ? ["dev"] : [uv["default-groups"]].flat(),
    scripts: new Set([
      ...Object.keys(project?.scripts ?? {}),
      ...Object.keys(project?.["gui-scripts"] ?? {}),
    ]),
    tools: new Set(Object.keys(tool)),
    proves,
    managed: uv?.managed ?? true,
  };
}

type GroupEntry = string | { readonly "include-group": string };

/** Groups with those that they include (PEP 735); a circle is followed once. */
function readGroups(raw: Readonly<Record<string, readonly GroupEntry[]>>): Map<string, Requirement[]> {
  const byName = new Map(Object.entries(raw).map(([name, list]) => [normalise(name), list]));
  const expand = (name: string, seen: ReadonlySet<string>): Requirement[] =>
    (byName.get(name) ?? []).flatMap((entry) => {
      if (typeof entry === "string") return requirements([entry]);
      const next = normalise(entry["include-group"]);
      return seen.has(next) ? [] : expand(next, new Set([...seen, next]));
    });
  return new Map([...byName.keys()].map((name) => [name, expand(name, new Set([name]))]));
}

function requirements(list: readonly string[]): Requirement[] {
  return list.map(parseDeclared).filter((each) => each !== null);
}

/** A declared dependency; of one with an address, `name @ url`, the name counts. */
function parseDeclared(text: string): Requirement | null {
  return parseRequirement(text) ?? parseRequirement(text.split("@")[0] ?? "");
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? text;
}
