import * as l10n from "@vscode/l10n";
import { type ReadFlags, readFlags } from "./flags.ts";
import { INSTALL, INSTALLERS, INSTALLING_NAMES, PIP_NAMES, pipArgs, pipRead, UNINSTALL } from "./pipWords.ts";
import { parseRequirement } from "./pythonNames.ts";
import type { ShellWord } from "../shell/command.ts";
import { quoteAll } from "../shell/quote.ts";
import type { Asked, Built, Row } from "./row.ts";
import { type Declared, declaredIn, lockCovers, ownExtras, type UvProject, uvProject } from "./uvProject.ts";

export const UV_PIP_ROWS: readonly Row[] = [
  {
    id: "uv.sync.pip",
    kind: "same",
    language: "python",
    programs: INSTALLING_NAMES,
    build(asked) {
      const [project, args] = pipInstall(asked);
      if (project === null || args === null || !project.locked) return null;
      return sync(asked, project, args);
    },
    reason: () => l10n.t("uv.lock pins what this project needs: it is installed from there."),
  },
  {
    id: "uv.add.pip",
    kind: "same",
    language: "python",
    programs: INSTALLING_NAMES,
    build(asked) {
      const [project, args] = pipInstall(asked);
      return project === null || args === null ? null : add(asked, project, args);
    },
    reason: () => l10n.t("uv owns this project: a new package is declared in pyproject.toml and locked."),
  },
  {
    id: "uv.remove.pip",
    kind: "same",
    language: "python",
    programs: INSTALLING_NAMES,
    build(asked) {
      const project = uvProject(asked.evidence);
      const args = pipArgs(asked, "uninstall");
      return project === null || args === null ? null : remove(asked, project, args);
    },
    reason: () => l10n.t("uv owns this project: a package is taken out of pyproject.toml and the lock."),
  },
  {
    id: "uv.pip.read",
    kind: "same",
    language: "python",
    programs: PIP_NAMES,
    build(asked) {
      const project = uvProject(asked.evidence);
      if (project === null || project.python.environment === null) return null;
      const read = pipRead(asked);
      return read && [uv(asked), "pip", read.verb, ...read.flags, ...read.operands];
    },
    reason: () => l10n.t("uv owns this project: its own environment is asked, not the one pip belongs to."),
  },
];

function uv(asked: Asked): string {
  return asked.runners.uv ?? "uv";
}

function pipInstall(asked: Asked): [UvProject | null, ReadFlags | null] {
  const args = pipArgs(asked, "install");
  return [uvProject(asked.evidence), args === null ? null : readFlags(args, INSTALL)];
}

/** `uv sync --locked`, when everything that was asked for is what the lock installs anyway. */
function sync(asked: Asked, project: UvProject, args: ReadFlags): Built {
  const files = args.values.get("file") ?? [];
  const own = [...(args.values.get("own") ?? [])];
  const wanted: Declared[] = [];
  for (const { text } of args.operands) {
    const declared = bareDeclared(project, text);
    if (declared === null) own.push(text);
    else wanted.push(declared);
  }
  if (files.length + own.length + wanted.length === 0) return null;
  for (const text of own) {
    const extras = ownExtras(project, asked.folder, text);
    if (extras === null) return null;
    for (const name of extras) {
      const found = extraOrGroup(project, name);
      if (found === null) return null;
      wanted.push(found);
    }
  }
  for (const file of files) {
    if (!lockCovers(project, asked.folder, file)) return { hint: notLocked(file) };
  }
  // An exact sync takes away what an earlier one installed on purpose; pip takes nothing away.
  const inexact = project.python.lock?.hasMore ? ["--inexact"] : [];
  return [uv(asked), "sync", "--locked", ...inexact, ...new Set(wanted.flatMap(selecting)), ...args.flags];
}

/** Where a plain name is declared; null for anything that is no plain name, or is declared nowhere. */
function bareDeclared({ manifest }: UvProject, text: string): Declared | null {
  const requirement = parseRequirement(text);
  if (manifest === null || requirement === null) return null;
  if (requirement.specifier !== "" || requirement.extras.length > 0 || requirement.marker !== "") return null;
  return declaredIn(manifest, requirement.name)[0] ?? null;
}

/** `.[dev]` often means a group of that name since there are groups. */
function extraOrGroup({ manifest }: UvProject, name: string): Declared | null {
  if (manifest?.extras.has(name)) return { in: "extra", name };
  if (!manifest?.groups.has(name)) return null;
  return { in: "group", name, byDefault: manifest.defaultGroups.includes(name) };
}

/** The flag with which a sync installs a table that it would leave out. */
function selecting(declared: Declared): readonly string[] {
  if (declared.in === "extra") return [`--extra=${declared.name}`];
  return declared.in === "group" && !declared.byDefault ? [`--group=${declared.name}`] : [];
}

/** `uv add`, when nothing but packages of the index was asked for. */
function add(asked: Asked, project: UvProject, args: ReadFlags): Built {
  const { manifest } = project;
  if (manifest === null || manifest.name === null || args.operands.length === 0) return null;
  if (args.values.has("file") || args.values.has("own")) return null;
  const fresh: ShellWord[] = [];
  const tables = new Set<string>();
  for (const word of args.operands) {
    const requirement = parseRequirement(word.text);
    if (requirement === null || requirement.marker !== "" || INSTALLERS.has(requirement.name)) return null;
    const declared = declaredIn(manifest, requirement.name)[0];
    // Declared and asked for without a version: the sync that follows an add installs it.
    if (declared !== undefined && bareDeclared(project, word.text) !== null) {
      if (selecting(declared).length > 0) return null;
      continue;
    }
    fresh.push(word);
    tables.add(declared === undefined ? "" : tableFlag(declared));
  }
  const [table, ...others] = tables;
  if (table === undefined || others.length > 0) return null;
  return [uv(asked), "add", ...(table === "" ? [] : [table]), ...args.flags, ...fresh];
}

function remove(asked: Asked, { manifest }: UvProject, args: readonly ShellWord[]): Built {
  const read = readFlags(args, UNINSTALL);
  if (manifest === null || read === null || read.operands.length === 0) return null;
  const tables = new Set<string | null>();
  for (const { text } of read.operands) {
    const requirement = parseRequirement(text);
    const declared = requirement === null ? [] : declaredIn(manifest, requirement.name);
    const [only, ...others] = declared;
    tables.add(only === undefined || others.length > 0 ? null : tableFlag(only));
  }
  const [table, ...others] = tables;
  if (table === undefined || table === null || others.length > 0) return null;
  return [uv(asked), "remove", ...(table === "" ? [] : [table]), ...read.flags, ...read.operands];
}

/** The flag that names a table to `uv add` and `uv remove`. */
function tableFlag(declared: Declared): string {
  if (declared.in === "dependencies") return "";
  if (declared.in === "extra") return `--optional=${declared.name}`;
  return declared.name === "dev" ? "--dev" : `--group=${declared.name}`;
}

function notLocked(file: string) {
  return {
    code: "toolchain.requirements.unlocked",
    message: l10n.t("{0} asks for packages, or versions, that uv.lock doesn't have.", file),
    command: quoteAll(["uv", "add", "-r", file]),
  };
}
