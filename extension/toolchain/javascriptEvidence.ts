import { basename, join } from "node:path";
import { parse as parseToml } from "smol-toml";
import * as z from "zod";
import { configuredByKeys, configuredIn, PYTHON_TOOLS } from "./configured.ts";
import type { Reader } from "./disk.ts";
import {
  type EvidenceItem,
  type JavaScriptEvidence,
  type JavaScriptManager,
  ownedBy,
  type Ownership,
} from "./evidence.ts";
import { memberPath } from "./levels.ts";
import { type PackageManifest, parsePackageJson } from "./packageJson.ts";
import { namesMember } from "./workspaces.ts";

const LOCKS: Readonly<Record<string, JavaScriptManager>> = {
  "bun.lock": "bun",
  "bun.lockb": "bun",
  "package-lock.json": "npm",
  "npm-shrinkwrap.json": "npm",
  "pnpm-lock.yaml": "pnpm",
  "yarn.lock": "yarn",
};

interface Level {
  readonly folder: string;
  readonly names: ReadonlySet<string>;
  readonly manifest: PackageManifest | null;
  readonly items: readonly EvidenceItem[];
  readonly proofs: readonly EvidenceItem[];
  readonly configured: readonly string[];
  readonly programs: ReadonlySet<string>;
}

/** What the folders from a command's own upwards say about JavaScript and TypeScript. */
export function readJavaScript(
  reader: Reader,
  folders: readonly string[],
): JavaScriptEvidence & { readonly items: readonly EvidenceItem[] } {
  const levels = folders.map((folder) => readLevel(reader, folder));
  const owner = decide(levels);
  const root = owner.state === "absent" ? undefined : owner.root;
  const inProject = levels.slice(0, root === undefined ? 0 : folders.indexOf(root) + 1);
  const manifest = inProject.find((level) => level.manifest !== null)?.manifest ?? null;
  const rootLevel = inProject.at(-1);
  const lockName = ["bun.lock", "bun.lockb"].find((name) => rootLevel?.names.has(name));
  return {
    owner,
    items: levels.flatMap((level) => level.items),
    manifest,
    rootManifest: rootLevel?.manifest ?? null,
    lock: ownedBy(owner, "bun") && lockName !== undefined ? { path: join(owner.root, lockName) } : null,
    programs: new Set(levels.flatMap((level) => Array.from(level.programs))),
    configured: new Set(inProject.flatMap((level) => level.configured)),
    installed: levels.some((level) => level.names.has("node_modules")),
    scriptSettings: inProject.some((level) => changesScripts(reader, level)),
  };
}

function readLevel(reader: Reader, folder: string): Level {
  const names = reader.names(folder) ?? new Set<string>();
  const item = (name: string, what: string, proves: JavaScriptManager | null): EvidenceItem => ({
    language: "javascript",
    path: join(folder, name),
    what,
    proves,
  });
  const manifest = names.has("package.json")
    ? reader.parsed(join(folder, "package.json"), parsePackageJson)
    : null;
  const proofs = Object.entries(LOCKS).flatMap(([name, manager]) =>
    names.has(name) ? [item(name, name, manager)] : [],
  );
  if (manifest?.manager) {
    proofs.push(item("package.json", `packageManager ${manifest.manager.text}`, manifest.manager.name));
  }
  const tools = configuredIn(reader, folder, names);
  const programs = new Set<string>();
  for (const name of reader.names(join(folder, "node_modules", ".bin")) ?? []) {
    programs.add(name.replace(/\.(cmd|ps1|exe|bunx)$/i, ""));
  }
  return {
    folder,
    names,
    manifest,
    proofs,
    items: [
      ...proofs,
      ...(manifest === null ? [] : [item("package.json", "package.json", null)]),
      ...(manifest?.workspaces.length ? [item("package.json", "workspaces", null)] : []),
      ...tools
        .filter(({ tool }) => !PYTHON_TOOLS.has(tool))
        .map(({ tool, path }) => item(basename(path), tool, null)),
    ],
    configured: [...tools.map(({ tool }) => tool), ...configuredByKeys(manifest?.keys ?? new Set())],
    programs,
  };
}

/**
 * The owner, nearest folder first:
 * 1. locks of two managers, or a lock and a `packageManager` that disagree: ambiguous;
 * 2. a lock, or `packageManager`, proves its manager for that folder and for the members of its workspace;
 * 3. nothing found: a package.json without an owner, or no project at all.
 */
function decide(levels: readonly Level[]): Ownership {
  for (const [index, level] of levels.entries()) {
    const managers = new Set(level.proofs.map((proof) => proof.proves));
    const [proof] = level.proofs;
    if (proof === undefined || proof.proves === null) continue;
    if (managers.size > 1) return { state: "ambiguous", root: level.folder, proofs: level.proofs };
    if (!belongs(levels, index)) break;
    return { state: "owned", manager: proof.proves, root: level.folder, proof };
  }
  const manifest = levels.find((level) => level.manifest !== null);
  return manifest === undefined ? { state: "absent" } : { state: "unowned", root: manifest.folder };
}

/**
 * True when the manager would use the owner's lock for the command's folder. It works from the nearest package.json;
 * one that the root's workspaces don't name is a project of its own: bun installs there unpinned, without a word.
 */
function belongs(levels: readonly Level[], index: number): boolean {
  const nearest = levels.slice(0, index + 1).find((level) => level.manifest !== null);
  const root = levels[index];
  if (nearest === undefined || root === undefined || nearest === root) return true;
  // pnpm and yarn decide by files of their own, and their commands stay as they are anyway.
  if (root.proofs[0]?.proves !== "bun") return true;
  return namesMember(root.manifest?.workspaces ?? [], memberPath(root.folder, nearest.folder));
}

/** Settings under which a script runs in another shell, under another runtime, or without its pre and post scripts. */
function changesScripts(reader: Reader, level: Level): boolean {
  const npm = level.names.has(".npmrc") && reader.parsed(join(level.folder, ".npmrc"), npmChangesScripts);
  const bun =
    level.names.has("bunfig.toml") && reader.parsed(join(level.folder, "bunfig.toml"), bunChangesScripts);
  return npm === true || bun === true;
}

function npmChangesScripts(text: string): boolean {
  return /^\s*(script-shell|ignore-scripts|node-options|shell-emulator)\s*=/m.test(text);
}

const Bunfig = z.looseObject({ run: z.unknown().optional() });

function bunChangesScripts(text: string): boolean {
  try {
    // Unreadable, or with a `[run]` table: what `bun run` would do is not ours to guess.
    return Bunfig.parse(parseToml(text)).run !== undefined;
  } catch {
    return true;
  }
}
