import { resolve } from "node:path";
import { type Evidence, ownedBy, type PythonEvidence } from "./evidence.ts";
import { memberPath } from "./levels.ts";
import type { PythonManifest } from "./pyproject.ts";
import { parseRequirement, type Requirement } from "./pythonNames.ts";

/** A project that uv owns, with a manifest that can be read and, but for a change of dependencies, a lock. */
export interface UvProject {
  readonly root: string;
  readonly manifest: PythonManifest | null;
  readonly locked: boolean;
  readonly python: PythonEvidence;
  /** What a default sync installs, normalised; null where the lock doesn't say. */
  readonly installs: ReadonlySet<string> | null;
}

/** The uv project of a folder; null where uv doesn't own it, or its manifest is broken. */
export function uvProject(evidence: Evidence): UvProject | null {
  const { python } = evidence;
  const { owner, manifest, lock } = python;
  if (!ownedBy(owner, "uv") || manifest?.broken) return null;
  const member = memberPath(owner.root, manifest?.folder ?? owner.root);
  const knows = lock !== null && (lock.members.size > 0 || lock.versions.size > 0);
  return {
    root: owner.root,
    manifest,
    locked: owner.proof.what === "uv.lock",
    python,
    installs: knows ? lock.installs(member, manifest?.defaultGroups ?? ["dev"]) : null,
  };
}

/** Where a project declares a dependency. */
export type Declared =
  | { readonly in: "dependencies" }
  | { readonly in: "group"; readonly name: string; readonly byDefault: boolean }
  | { readonly in: "extra"; readonly name: string };

/** Every place where a project declares a distribution, those that are always installed first. */
export function declaredIn(manifest: PythonManifest, name: string): readonly Declared[] {
  const holds = (list: readonly Requirement[]): boolean => list.some((each) => each.name === name);
  const found: Declared[] = holds(manifest.dependencies) ? [{ in: "dependencies" }] : [];
  for (const [group, list] of manifest.groups) {
    const byDefault = manifest.defaultGroups.includes(group) || manifest.defaultGroups.includes("all");
    if (holds(list)) found.push({ in: "group", name: group, byDefault });
  }
  for (const [extra, list] of manifest.extras) if (holds(list)) found.push({ in: "extra", name: extra });
  return found.sort((a, b) => weight(a) - weight(b));
}

function weight(declared: Declared): number {
  if (declared.in === "dependencies") return 0;
  return declared.in === "group" && declared.byDefault ? 1 : 2;
}

/**
 * True when a default sync installs all that a requirements file asks for. A file that isn't there asks for nothing
 * that the lock would not have: the name alone, in the project's own folder, means "the dependencies".
 */
export function lockCovers(project: UvProject, folder: string, file: string): boolean {
  const path = resolve(folder, file);
  const found = project.python.requirements.find((each) => each.path === path);
  if (found === undefined) {
    const own = [project.root, project.manifest?.folder].map(
      (each) => each && resolve(each, "requirements.txt"),
    );
    return own.includes(path);
  }
  const { installs, python } = project;
  if (found.requirements === null) return false;
  if (installs === null) return true;
  return found.requirements.every(({ name, specifier }) => {
    const pinned = /^={2,3}([^,*]+)$/.exec(specifier)?.[1];
    const versions = python.lock?.versions.get(name);
    return installs.has(name) && (pinned === undefined || versions === undefined || versions.has(pinned));
  });
}

/** Extras in `.[a,b]`, or null where the text is not the project's own folder. */
export function ownExtras(project: UvProject, folder: string, text: string): readonly string[] | null {
  const [, path = "", extras = ""] = /^([^[\]]*)(?:\[([^\]]*)\])?$/.exec(text) ?? [];
  const own = project.manifest?.folder;
  if (!/^[./\\]/.test(path) || own === undefined || resolve(folder, path) !== own) return null;
  return parseRequirement(`own[${extras}]`)?.extras ?? null;
}
