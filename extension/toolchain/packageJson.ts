import { dirname } from "node:path";
import * as z from "zod";
import { messageOf } from "../errors.ts";
import type { JavaScriptManager } from "./evidence.ts";

/** A package.json as far as routing needs it. */
export interface PackageManifest {
  /** Absolute path. */
  readonly path: string;
  readonly folder: string;
  /** What is wrong with the file; null where it was read. */
  readonly broken: string | null;
  readonly scripts: ReadonlyMap<string, string>;
  /** Every package that it names, in whichever table. */
  readonly dependencies: ReadonlySet<string>;
  /** The manager that `packageManager` or `devEngines` names, with its text. */
  readonly manager: { readonly name: JavaScriptManager; readonly text: string } | null;
  /** Patterns of workspace folders; a leading `!` excludes. */
  readonly workspaces: readonly string[];
  /** Keys of the file: some tools keep their configuration there. */
  readonly keys: ReadonlySet<string>;
}

const Table = z.record(z.string(), z.unknown()).catch({});
const Manifest = z.looseObject({
  scripts: Table,
  dependencies: Table,
  devDependencies: Table,
  optionalDependencies: Table,
  peerDependencies: Table,
  packageManager: z.string().optional().catch(undefined),
  devEngines: z
    .object({ packageManager: z.object({ name: z.string() }).optional().catch(undefined) })
    .optional()
    .catch(undefined),
  workspaces: z
    .union([
      z.array(z.string()),
      z.object({ packages: z.array(z.string()) }).transform(({ packages }) => packages),
    ])
    .catch([]),
});

/** Reads a package.json. One that is broken is a manifest all the same, and says so. */
export function parsePackageJson(text: string, path: string): PackageManifest {
  const place = { path, folder: dirname(path) };
  const broken = (why: string): PackageManifest => ({
    ...place,
    broken: why,
    scripts: new Map(),
    dependencies: new Set(),
    manager: null,
    workspaces: [],
    keys: new Set(),
  });
  let data: unknown;
  try {
    data = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    return broken(messageOf(error));
  }
  const read = Manifest.safeParse(data);
  if (!read.success) return broken("not an object");
  const manifest = read.data;
  const named = manifest.packageManager ?? manifest.devEngines?.packageManager?.name;
  const name = named?.split("@")[0];
  return {
    ...place,
    broken: null,
    scripts: new Map(
      Object.entries(manifest.scripts).filter(
        (each): each is [string, string] => typeof each[1] === "string",
      ),
    ),
    dependencies: new Set(
      [
        manifest.dependencies,
        manifest.devDependencies,
        manifest.optionalDependencies,
        manifest.peerDependencies,
      ].flatMap((table) => Object.keys(table)),
    ),
    manager: named !== undefined && isManager(name) ? { name, text: named } : null,
    workspaces: manifest.workspaces,
    keys: new Set(Object.keys(manifest)),
  };
}

function isManager(name: string | undefined): name is JavaScriptManager {
  return name === "bun" || name === "npm" || name === "pnpm" || name === "yarn";
}
