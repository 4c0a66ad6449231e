import { devNull } from "node:os";
import type { ShellWord } from "../shell/command.ts";
import { type Asked, isLiteral, type Piece, type Row } from "./row.ts";
import { changed, type SwapParts, swapRow } from "./swapRow.ts";
import { hasProgram, uvRun } from "./uvRun.ts";
import { declaredIn, type UvProject, uvProject } from "./uvProject.ts";

/** One finding a line, as the programs that are compared with it say theirs. */
const RUFF_CHECK = checking("--output-format=concise", "--no-cache");
const TY_CHECK = checking("--output-format=concise");
/** Plugins come from a configuration, and packages from the project's Python, which would be started: mypy is had do without. */
const MYPY_ALONE = ["--config-file=", "--no-site-packages", "--ignore-missing-imports", "--no-incremental"];
/** Both say which files they would write. */
const DIFF_OR_CHECK = ["--check", "--diff"];

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
    look: { asked: changed([], "--isolated"), by: RUFF_CHECK },
  }),
  swap({
    id: "swap.pylint",
    tool: "pylint",
    by: "ruff",
    flags: {},
    command: (flags, paths) =>
      paths.length === 0 ? null : ["check", "--extend-select=PL", ...flags, ...paths],
    look: {
      asked: changed([], `--rcfile=${devNull}`, "--score=n", "--persistent=n"),
      by: RUFF_CHECK,
    },
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
    writes: { unless: DIFF_OR_CHECK },
    look: {
      asked: changed([...DIFF_OR_CHECK, "-q", "--quiet"], "--check", `--config=${devNull}`),
      by: ([verb = "", ...args]) => [
        verb,
        ...changed([...DIFF_OR_CHECK, "--quiet"], "--check", "--no-cache")(args),
      ],
    },
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
    writes: { by: ["--fix"] },
    look: {
      asked: changed(
        ["-c", "--check", "--check-only", "--diff", "-d", "-q", "--quiet"],
        "--check-only",
        `--settings-file=${devNull}`,
      ),
      by: RUFF_CHECK,
    },
  }),
  swap({
    id: "swap.mypy",
    tool: "mypy",
    by: "ty",
    flags: {},
    command: (flags, paths) => (paths.length === 0 ? null : ["check", ...flags, ...paths]),
    look: { asked: changed([], ...MYPY_ALONE), by: TY_CHECK },
  }),
  swap({
    id: "swap.pyright",
    tool: "pyright",
    by: "ty",
    flags: {},
    command: (flags, paths) => ["check", ...flags, ...paths],
    // It starts the project's Python to learn where packages lie.
    look: { asked: null, by: TY_CHECK },
  }),
];

function swap(
  parts: Omit<SwapParts, "language" | "through" | "lacks"> & { readonly by: "ruff" | "ty" },
): Row {
  const { tool, by } = parts;
  return swapRow({
    ...parts,
    language: "python",
    through: ["python", "python3"],
    lacks(asked) {
      const args = toolArgs(asked, tool);
      const project = uvProject(asked.evidence);
      if (args === null || project === null || isOwn(project, tool)) return null;
      const runner = answerer(asked, project, by);
      return runner && { root: project.root, args, runner };
    },
  });
}

/** `check` with other words in front of its own, and nothing by which it writes or is silent. */
function checking(...more: readonly string[]) {
  return ([verb = "", ...args]: readonly string[]): readonly string[] => [
    verb,
    ...changed(["--fix", "--diff", "--quiet"], ...more)(args),
  ];
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
