import * as l10n from "@vscode/l10n";
import { resolve } from "node:path";
import { type FlagTable, readFlags } from "./flags.ts";
import { PYTHON_PROGRAM } from "./pythonNames.ts";
import { type Asked, isLiteral, type Row } from "./row.ts";
import type { ShellWord } from "../shell/command.ts";
import { uvProject } from "./uvProject.ts";

const MODULES = new Set(["venv", "virtualenv"]);
/** pip is none of what a lock's environment is made with. */
const FLAGS: FlagTable = {
  "--upgrade-deps": null,
  "--without-pip": null,
  "-q": "--quiet",
  "--quiet": "--quiet",
};

export const UV_ENVIRONMENT_ROWS: readonly Row[] = [
  {
    id: "uv.sync.venv",
    kind: "same",
    language: "python",
    programs: ["python", "python3", "virtualenv"],
    build(asked) {
      const project = uvProject(asked.evidence);
      const args = creating(asked);
      const read = args && readFlags(args, FLAGS);
      const [place, ...others] = read?.operands ?? [];
      if (!project?.locked || !read || place === undefined || others.length > 0) return null;
      // Any other folder is no matter of the project's.
      if (resolve(asked.folder, place.text) !== project.python.place) return null;
      const python = pythonFlag(asked);
      // A new environment is empty, and one that is there keeps what it has.
      return python && [asked.runners.uv ?? "uv", "sync", "--locked", "--inexact", ...python, ...read.flags];
    },
    reason: () => l10n.t("uv.lock owns this project: its environment is made from there."),
  },
];

/** The words after `python -m venv`, or `virtualenv`. */
function creating({ program, args }: Asked): readonly ShellWord[] | null {
  if (program === "virtualenv") return args;
  const [option, module] = args;
  const isModule = isLiteral(option) && option.text === "-m" && isLiteral(module) && MODULES.has(module.text);
  return isModule && PYTHON_PROGRAM.test(program) ? args.slice(2) : null;
}

/** A Python that is asked for by its version; null where the environment has another one. */
function pythonFlag({ program, evidence }: Asked): readonly string[] | null {
  const [, version] = /^python(\d\.\d+)$/.exec(program) ?? [];
  const { environment } = evidence.python;
  if (version === undefined) return [];
  if (environment === null) return [`--python=${version}`];
  return environment.programs.has(program) ? [] : null;
}
