import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import * as z from "zod/mini";

import type { Runner } from "./runners.ts";

/** A folder with Python in it. */
export interface PythonPart {
  readonly folder: string;
  /** The folder's name, or "" for the session's own folder. */
  readonly name: string;
  readonly requirements: boolean;
  /** What the host sends its commands through, if it is there. */
  readonly runner: Runner | null;
}

export type PackageManager = "npm" | "pnpm" | "yarn";
export type WebLinter = "oxlint" | "eslint";

/** A folder with a package.json or a tsconfig.json in it. */
export interface WebPart {
  readonly folder: string;
  readonly name: string;
  readonly manager: PackageManager;
  readonly locked: boolean;
  /** Has a package.json. */
  readonly installable: boolean;
  /** Installing here installs the folders below as well. */
  readonly workspaces: boolean;
  readonly tested: boolean;
  readonly typed: boolean;
  readonly linters: readonly WebLinter[];
  /** What the host sends its commands through, if it is there. */
  readonly runner: Runner | null;
}

export interface Project {
  readonly python: readonly PythonPart[];
  readonly web: readonly WebPart[];
}

/** A folder with more subfolders than this is no project; the rest is not looked at. Chosen. */
const MAX_FOLDERS = 200;

/** What tools make and people don't write. Hidden folders are left out as well. */
const GENERATED = new Set([
  "node_modules",
  "venv",
  "env",
  "dist",
  "build",
  "out",
  "target",
  "vendor",
  "__pycache__",
]);

const PYTHON_FILES = ["pyproject.toml", "requirements.txt", "setup.py"];
const ESLINT_CONFIG = /^(eslint\.config\.[cm]?[jt]s|\.eslintrc(\.(json|ya?ml|[cm]?js))?)$/;
/** A bun.lock counts as npm's: the host sends `npm ci` to the tool that owns the folder. */
const NPM_LOCKS = ["package-lock.json", "npm-shrinkwrap.json", "bun.lock", "bun.lockb"];
/** What `npm init` writes where there are no tests. */
const NO_TESTS = "no test specified";

const Manifest = z.object({
  scripts: z.optional(z.record(z.string(), z.string())),
  dependencies: z.optional(z.record(z.string(), z.unknown())),
  devDependencies: z.optional(z.record(z.string(), z.unknown())),
  eslintConfig: z.optional(z.unknown()),
  workspaces: z.optional(z.unknown()),
});
type Manifest = z.infer<typeof Manifest>;

/** What the folder, and the folders directly in it, are made of. Reads names and package.json, nothing else. */
export function lookAt(cwd: string): Project {
  const root = filesIn(cwd);
  const below = foldersIn(cwd).map((name) => ({ name, folder: join(cwd, name) }));
  const rootPython = pythonPart(cwd, "", root);
  const rootWeb = webPart(cwd, "", root);
  const webBelow = below.flatMap(({ name, folder }) => webPart(folder, name, filesIn(folder)) ?? []);
  return {
    // Python's tools work down the tree: one at the top speaks for all below it.
    python: rootPython
      ? [rootPython]
      : below.flatMap(({ name, folder }) => pythonPart(folder, name, filesIn(folder)) ?? []),
    web: rootWeb ? [rootWeb, ...webBelow] : webBelow,
  };
}

function pythonPart(folder: string, name: string, files: ReadonlySet<string>): PythonPart | null {
  return PYTHON_FILES.some((file) => files.has(file))
    ? {
        folder,
        name,
        requirements: files.has("requirements.txt"),
        runner: isOfUv(folder) ? "uv" : null,
      }
    : null;
}

/** A lock of uv here or above, as in a workspace, or its table in the project's own file. */
function isOfUv(folder: string): boolean {
  for (let above = folder; ; above = dirname(above)) {
    if (existsSync(join(above, "uv.lock"))) {
      return true;
    }
    if (dirname(above) === above || existsSync(join(above, ".git"))) {
      break;
    }
  }
  try {
    return /^\[tool\.uv[.\]]/m.test(readFileSync(join(folder, "pyproject.toml"), "utf8"));
  } catch {
    return false;
  }
}

function webPart(folder: string, name: string, files: ReadonlySet<string>): WebPart | null {
  const installable = files.has("package.json");
  const typed = files.has("tsconfig.json");
  if (!installable && !typed) {
    return null;
  }
  const manifest = installable ? readManifest(folder) : {};
  const declared = { ...manifest.dependencies, ...manifest.devDependencies };
  const test = manifest.scripts?.["test"];
  const linters: WebLinter[] = [];
  if ("oxlint" in declared) {
    linters.push("oxlint");
  }
  if (manifest.eslintConfig !== undefined || [...files].some((file) => ESLINT_CONFIG.test(file))) {
    linters.push("eslint");
  }
  return {
    folder,
    name,
    ...managerOf(files),
    installable,
    workspaces: manifest.workspaces !== undefined || files.has("pnpm-workspace.yaml"),
    tested: test !== undefined && !test.includes(NO_TESTS),
    typed,
    linters,
    runner: files.has("bun.lock") || files.has("bun.lockb") ? "bun" : null,
  };
}

function managerOf(files: ReadonlySet<string>): Pick<WebPart, "manager" | "locked"> {
  if (files.has("pnpm-lock.yaml")) {
    return { manager: "pnpm", locked: true };
  }
  if (files.has("yarn.lock")) {
    return { manager: "yarn", locked: true };
  }
  return { manager: "npm", locked: NPM_LOCKS.some((file) => files.has(file)) };
}

/** An unreadable package.json declares nothing; the tool that needs it will say what is wrong with it. */
function readManifest(folder: string): Manifest {
  try {
    const parsed = z.safeParse(Manifest, JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

function filesIn(folder: string): ReadonlySet<string> {
  return new Set(
    entriesOf(folder)
      .filter((entry) => !entry.isDirectory())
      .map((entry) => entry.name),
  );
}

function foldersIn(folder: string): readonly string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !GENERATED.has(entry.name))
    .map((entry) => entry.name)
    .sort()
    .slice(0, MAX_FOLDERS);
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
