import type { ShellWord } from "../shell/command.ts";
import { bun, type BunProject, bunProject } from "./bunProject.ts";
import { type Asked, isLiteral, type Piece, type Row } from "./row.ts";
import { asAsked, changed, type SwapParts, swapRow } from "./swapRow.ts";

/**
 * Rows in which another program answers for one of JavaScript's that a project of bun doesn't have. What is asked for by `npx`
 * would otherwise be fetched, in its newest version, for this one call.
 */
export const SCRIPT_SWAP_ROWS: readonly Row[] = [
  swap({
    id: "swap.eslint",
    tool: "eslint",
    by: "oxlint",
    flags: { "--fix": "--fix", "--quiet": "--quiet", "--max-warnings": { with: "--max-warnings" } },
    command: (flags, paths) => [...flags, ...paths],
    writes: { by: ["--fix"] },
    // What it finds is all said by a configuration, which is code.
    look: { asked: null, by: changed(["--fix"], "--format=unix") },
  }),
  swap({
    id: "swap.prettier",
    tool: "prettier",
    by: "bun",
    flags: { "--check": "--check", "-c": "--check", "--write": "--write", "-w": "--write" },
    command(flags, paths) {
      // With neither it prints; with both the tools differ.
      if (flags.length !== 1 || paths.length === 0) return null;
      return ["fmt", "--no-script", ...flags.filter((flag) => flag !== "--write"), ...paths];
    },
    writes: { unless: ["--check"] },
    look: {
      asked: changed(["--check", "-c", "--write", "-w"], "--check", "--no-config"),
      by: ([verb = "", ...args]) => [verb, ...changed(["--check"], "--check")(args)],
    },
  }),
  swap({
    id: "swap.jest",
    tool: "jest",
    by: "bun",
    flags: {
      "--ci": null,
      "--coverage": "--coverage",
      "-t": { with: "--test-name-pattern" },
      "--testNamePattern": { with: "--test-name-pattern" },
    },
    command: (flags, paths) => (paths.every(isPath) ? ["test", ...flags, ...paths] : null),
  }),
  swap({
    id: "swap.vitest",
    tool: "vitest",
    by: "bun",
    flags: {
      "--coverage": "--coverage",
      "-t": { with: "--test-name-pattern" },
      "--testNamePattern": { with: "--test-name-pattern" },
    },
    command(flags, [verb, ...paths]) {
      // Without `run` it stays and watches.
      return verb?.text === "run" && paths.every(isPath) ? ["test", ...flags, ...paths] : null;
    },
  }),
  swap({
    id: "swap.tsc",
    tool: "tsc",
    package: "typescript",
    configuredAs: "typescript",
    by: "bun",
    // No `--project`: what it names is a configuration.
    flags: { "--noEmit": "--noEmit", "--pretty": { takes: "ignored" } },
    command(flags, paths) {
      const check = flags.filter((flag) => flag !== "--noEmit");
      // What writes files is a build; files that are named leave the project's settings out.
      return flags.includes("--noEmit") && paths.length === 0 ? ["check", "--no-script", ...check] : null;
    },
    look: { asked: changed([], "--incremental", "false"), by: asAsked },
  }),
];

function swap(
  parts: Omit<SwapParts, "language" | "through" | "lacks"> & { readonly by: "oxlint" | "bun" },
): Row {
  const { tool, by, package: name = tool, configuredAs = tool } = parts;
  return swapRow({
    ...parts,
    language: "javascript",
    through: ["npx", "bunx", "bun"],
    lacks(asked) {
      const args = toolArgs(asked, tool);
      const project = bunProject(asked.evidence);
      const own = project !== null && isOwn(asked, project, { tool, configuredAs, name });
      if (args === null || project === null || own) return null;
      const runner = answerer(asked, project, by);
      return runner && { root: project.root, args, runner };
    },
  });
}

/** The project's own program where it has one. */
function answerer(asked: Asked, { programs }: BunProject, by: "oxlint" | "bun"): readonly Piece[] | null {
  if (by !== "bun" && programs.has(by)) return [bun(asked), "x", "--no-install", by];
  const found = asked.runners[by];
  return found === null ? null : [found];
}

/** The words after `TOOL`, `npx TOOL`, `bunx TOOL` or `bun x TOOL`. */
function toolArgs({ program, args }: Asked, tool: string): readonly ShellWord[] | null {
  if (program === tool) return args;
  const [verb] = args;
  if (program === "bun" && !(isLiteral(verb) && verb.text === "x")) return null;
  const rest = program === "bun" ? args.slice(1) : args;
  const at = rest.findIndex((word) => !isLiteral(word) || !/^(?:-y|--yes|--bun)$/.test(word.text));
  const named = rest[at];
  return isLiteral(named) && named.text === tool ? rest.slice(at + 1) : null;
}

/** True when the tool is the project's own: declared, configured, installed, or named by one of its scripts. */
function isOwn(
  { evidence }: Asked,
  { manifest, programs }: BunProject,
  { tool, configuredAs, name }: Readonly<Record<"tool" | "configuredAs" | "name", string>>,
): boolean {
  const { configured, rootManifest } = evidence.javascript;
  if (programs.has(tool) || configured.has(configuredAs)) return true;
  const word = new RegExp(String.raw`\b${tool}\b`);
  return [manifest, rootManifest].some(
    (each) =>
      each !== null &&
      (each.dependencies.has(name) || [...each.scripts.values()].some((script) => word.test(script))),
  );
}

/** Runners take patterns, and read them differently: a plain path means the same to all. */
function isPath({ text }: ShellWord): boolean {
  return /^[\w./-]+$/.test(text);
}
