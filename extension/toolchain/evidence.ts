import type { Problem } from "../errors.ts";
import type { PackageManifest } from "./packageJson.ts";
import type { PythonManifest } from "./pyproject.ts";
import type { RequirementsFile } from "./requirements.ts";
import type { UvLock } from "./uvLock.ts";

export type Language = "python" | "javascript";

export type PythonManager = "uv" | "poetry" | "pdm" | "pipenv" | "conda";
export type JavaScriptManager = "bun" | "npm" | "pnpm" | "yarn";
export type Manager = PythonManager | JavaScriptManager;

/** One thing that was found, and what it says. */
export interface EvidenceItem {
  readonly language: Language;
  /** Absolute path of the file. */
  readonly path: string;
  /** What it is, as a person names it: `uv.lock`, `[tool.uv]`, `packageManager bun@1.4.5`. */
  readonly what: string;
  /** The package manager that it proves, where it proves one. */
  readonly proves: Manager | null;
}

/**
 * Who manages a project's packages. `owned`: the evidence proves one. `ambiguous`: it proves two, and neither is
 * followed. `unowned`: there is a project, and nothing that proves a manager. `absent`: there is no project.
 */
export type Ownership =
  | {
      readonly state: "owned";
      readonly manager: Manager;
      readonly root: string;
      readonly proof: EvidenceItem;
    }
  | { readonly state: "ambiguous"; readonly root: string; readonly proofs: readonly EvidenceItem[] }
  | { readonly state: "unowned"; readonly root: string }
  | { readonly state: "absent" };

export interface PythonEvidence {
  readonly owner: Ownership;
  /** The nearest pyproject.toml at or below the owner's root. */
  readonly manifest: PythonManifest | null;
  /** The owner's uv.lock; null where there is none or another manager owns the project. */
  readonly lock: UvLock | null;
  /** The environment of the project: its folder, and the names of the programs in it. */
  readonly environment: { readonly folder: string; readonly programs: ReadonlySet<string> } | null;
  /** Where uv keeps the environment of a project of its own, whether it is there or not; null elsewhere. */
  readonly place: string | null;
  /** requirements*.txt in the command's folder and above, nearest first. */
  readonly requirements: readonly RequirementsFile[];
  /** Tools that have a configuration of their own in the project, such as `mypy`. */
  readonly configured: ReadonlySet<string>;
  /** An environment that was active already where the host was started: a person means that one. */
  readonly activated: string | null;
  /** True where pip's own settings choose an index or a place: uv would not follow them. */
  readonly pipSettings: boolean;
}

export interface JavaScriptEvidence {
  readonly owner: Ownership;
  /** The nearest package.json at or below the owner's root. */
  readonly manifest: PackageManifest | null;
  /** The package.json of the owner's root, where it is another one. */
  readonly rootManifest: PackageManifest | null;
  readonly lock: { readonly path: string } | null;
  /** Names in node_modules/.bin, from the command's folder up. */
  readonly programs: ReadonlySet<string>;
  readonly configured: ReadonlySet<string>;
  /** True where there is a node_modules in the command's folder or above. */
  readonly installed: boolean;
  /** Settings of npm or bun that change how scripts run: they are then left to the program that was asked. */
  readonly scriptSettings: boolean;
}

/** Everything that is known of one folder. */
export interface Evidence {
  readonly folder: string;
  /** False where there is no such folder. */
  readonly exists: boolean;
  /** Nearest first. */
  readonly items: readonly EvidenceItem[];
  readonly python: PythonEvidence;
  readonly javascript: JavaScriptEvidence;
  /** Files that could not be understood. */
  readonly problems: readonly Problem[];
}

/** True where `manager` is proven to own the language's packages. */
export function ownedBy(
  owner: Ownership,
  manager: Manager,
): owner is Extract<Ownership, { readonly state: "owned" }> {
  return owner.state === "owned" && owner.manager === manager;
}
