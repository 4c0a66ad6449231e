import { type Evidence, ownedBy } from "./evidence.ts";
import type { PackageManifest } from "./packageJson.ts";
import type { Asked } from "./row.ts";

/** A project that bun owns, with a package.json that can be read. */
export interface BunProject {
  readonly root: string;
  /** The package that the command is in. */
  readonly manifest: PackageManifest;
  readonly locked: boolean;
  /** Names in node_modules/.bin. */
  readonly programs: ReadonlySet<string>;
}

/** The bun project of a folder; null where bun doesn't own it, or its manifest is broken. */
export function bunProject({ javascript }: Evidence): BunProject | null {
  const { owner, manifest, rootManifest } = javascript;
  if (!ownedBy(owner, "bun") || manifest === null) return null;
  if (manifest.broken !== null || rootManifest?.broken) return null;
  return { root: owner.root, manifest, locked: javascript.lock !== null, programs: javascript.programs };
}

export function bun(asked: Asked): string {
  return asked.runners.bun ?? "bun";
}
