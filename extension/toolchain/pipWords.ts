import { type FlagTable, type ReadFlags, readFlags } from "./flags.ts";
import { PIP_PROGRAM, PYTHON_PROGRAM } from "./pythonNames.ts";
import type { ShellWord } from "../shell/command.ts";
import { type Asked, isLiteral } from "./row.ts";

/** The names by which pip is called, with the interpreters that run it as a module. */
export const PIP_NAMES = ["pip", "pip3", "python", "python3"];
/** The same with uv's own form, which passes a lock by. */
export const INSTALLING_NAMES = [...PIP_NAMES, "uv"];

/** Flags of pip that change nothing where uv answers (pip's reference, "General Options"). */
export const QUIET: FlagTable = {
  "--no-input": null,
  "--disable-pip-version-check": null,
  "--no-python-version-warning": null,
  "--no-color": null,
  "--require-virtualenv": null,
  "-q": "--quiet",
  "--quiet": "--quiet",
  "-v": "--verbose",
  "--verbose": "--verbose",
};
export const INSTALL: FlagTable = {
  ...QUIET,
  "--break-system-packages": null,
  "--no-warn-script-location": null,
  "--no-warn-conflicts": null,
  "--prefer-binary": null,
  "--progress-bar": { takes: "ignored" },
  "--root-user-action": { takes: "ignored" },
  "--no-cache-dir": "--no-cache",
  "-r": { takes: "file" },
  "--requirement": { takes: "file" },
  "-e": { takes: "own" },
  "--editable": { takes: "own" },
};
export const UNINSTALL: FlagTable = { ...QUIET, "-y": null, "--yes": null, "--break-system-packages": null };
const READS: Readonly<Record<string, FlagTable>> = {
  list: {
    ...QUIET,
    "-o": "--outdated",
    "--outdated": "--outdated",
    "-e": "--editable",
    "--editable": "--editable",
    "-l": null,
    "--local": null,
    "--format": { with: "--format" },
    "--exclude": { with: "--exclude" },
  },
  show: { ...QUIET, "-f": "--files", "--files": "--files" },
  freeze: { ...QUIET, "-l": null, "--local": null, "--exclude": { with: "--exclude" } },
  check: QUIET,
};
/** The tools that install: pip brings itself up to date with them, and no project depends on them by that. */
export const INSTALLERS = new Set(["pip", "setuptools", "wheel", "uv", "poetry", "pdm", "pipenv", "pipx"]);

/** True where pip is to install a project, or the list of what one needs. */
export function installsProject(program: string, args: readonly ShellWord[]): boolean {
  const asked = pipArgs({ program, args }, "install");
  const read = asked && readFlags(asked, INSTALL);
  if (!read) return false;
  const own = read.operands.some(({ text }) => /^\.{1,2}(?:$|[/[])/.test(text));
  return own || read.values.has("file") || read.values.has("own");
}

/** The words after `pip VERB`, `pip3 VERB`, `python -m pip VERB` or `uv pip VERB`; null for any other command. */
export function pipArgs(
  { program, args }: Pick<Asked, "program" | "args">,
  verb: string,
): readonly ShellWord[] | null {
  const before = wordsBefore(program, args);
  if (before === null || args.slice(0, before + 1).some((word) => !isLiteral(word))) return null;
  return args[before]?.text === verb ? args.slice(before + 1) : null;
}

/** What is asked of an environment, where pip is to tell and every flag is known. */
export function pipRead(asked: Asked): (ReadFlags & { readonly verb: string }) | null {
  for (const [verb, table] of Object.entries(READS)) {
    const args = pipArgs(asked, verb);
    const read = args && readFlags(args, table);
    if (read !== null) return { ...read, verb };
  }
  return null;
}

/** How many words stand between the program and pip's verb; null where it isn't pip. */
function wordsBefore(program: string, args: readonly ShellWord[]): number | null {
  const [first, second] = args;
  if (PIP_PROGRAM.test(program)) return 0;
  if (program === "uv" && first?.text === "pip") return 1;
  return PYTHON_PROGRAM.test(program) && first?.text === "-m" && second?.text === "pip" ? 2 : null;
}
