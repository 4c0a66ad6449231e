import * as l10n from "@vscode/l10n";
import type { ShellWord } from "../shell/command.ts";
import { type FlagTable, readFlags } from "./flags.ts";
import { type Asked, type Built, isLiteral, type Piece, type Row } from "./row.ts";
import { hasProgram, uvRun } from "./uvRun.ts";
import { declaredIn, type UvProject, uvProject } from "./uvProject.ts";

/**
 * Rows in which another program answers. The project's own tool wins: a swap needs a person's consent, and a tool
 * that the project neither declares, configures nor has installed.
 */
export const SWAP_ROWS: readonly Row[] = [
  swap({
    id: "swap.flake8",
    tool: "flake8",
    by: "ruff",
    flags: { "-q": "--quiet", "--quiet": "--quiet" },
    command: (flags, paths) => ["check", ...flags, ...paths],
  }),
  swap({
    id: "swap.pylint",
    tool: "pylint",
    by: "ruff",
    flags: {},
    command: (flags, paths) =>
      paths.length === 0 ? null : ["check", "--extend-select=PL", ...flags, ...paths],
  }),
  swap({
    id: "swap.black",
    tool: "black",
    by: "ruff",
    flags: {
      "--check": "--check",
      "--diff": "--diff",
      "-q": "--quiet",
      "--quiet": "--quiet",
      "-l": { with: "--line-length" },
      "--line-length": { with: "--line-length" },
    },
    command: (flags, paths) => (paths.length === 0 ? null : ["format", ...flags, ...paths]),
  }),
  swap({
    id: "swap.isort",
    tool: "isort",
    by: "ruff",
    flags: {
      "-c": "--check",
      "--check": "--check",
      "--check-only": "--check",
      "--diff": "--diff",
      "-d": "--diff",
      "-q": "--quiet",
      "--quiet": "--quiet",
      "--profile=black": null,
    },
    command(flags, paths) {
      if (paths.length === 0) return null;
      // ruff's `--diff` changes nothing, as isort's; with neither, both write.
      const mode = flags.filter((flag) => flag !== "--check");
      const fix = flags.includes("--check") || flags.includes("--diff") ? [] : ["--fix"];
      return ["check", "--select=I", ...fix, ...mode, ...paths];
    },
  }),
  swap({
    id: "swap.mypy",
    tool: "mypy",
    by: "ty",
    flags: {},
    command: (flags, paths) => (paths.length === 0 ? null : ["check", ...flags, ...paths]),
  }),
  swap({
    id: "swap.pyright",
    tool: "pyright",
    by: "ty",
    flags: {},
    command: (flags, paths) => ["check", ...flags, ...paths],
  }),
];

interface Swap {
  readonly id: string;
  readonly tool: string;
  readonly by: "ruff" | "ty";
  readonly flags: FlagTable;
  readonly command: (flags: readonly string[], paths: readonly ShellWord[]) => readonly Piece[] | null;
}

function swap({ id, tool, by, flags, command }: Swap): Row {
  return {
    id,
    kind: "swap",
    language: "python",
    programs: [tool, "python", "python3"],
    build(asked): Built {
      const args = toolArgs(asked, tool);
      const project = uvProject(asked.evidence);
      if (!asked.swap || args === null || project === null || isOwn(project, tool)) return null;
      const read = readFlags(args, flags);
      const answer = read && command(read.flags, read.operands);
      const runner = answerer(asked, project, by);
      return answer && runner && [...runner, ...answer];
    },
    reason: () => l10n.t("The project has no {0}: {1} answers in its place.", tool, by),
  };
}

/** The words after `TOOL` or `python -m TOOL`. */
function toolArgs({ program, args }: Asked, tool: string): readonly ShellWord[] | null {
  if (program === tool) return args;
  const [flag, module] = args;
  const isModule = /^python3?$/.test(program) && isLiteral(flag) && flag.text === "-m";
  return isModule && isLiteral(module) && module.text === tool ? args.slice(2) : null;
}

/** True when the tool is the project's own: declared, locked, configured or installed. */
function isOwn({ manifest, python }: UvProject, tool: string): boolean {
  if (python.configured.has(tool) || python.environment?.programs.has(tool)) return true;
  return (
    python.lock?.versions.has(tool) === true || (manifest !== null && declaredIn(manifest, tool).length > 0)
  );
}

function answerer(asked: Asked, project: UvProject, by: "ruff" | "ty"): readonly Piece[] | null {
  if (project.locked && hasProgram(project, by)) return [...uvRun(asked), by];
  const found = asked.runners[by];
  return found === null ? null : [found];
}
