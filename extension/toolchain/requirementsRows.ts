import * as l10n from "@vscode/l10n";
import { readFlags, type FlagTable } from "./flags.ts";
import type { Evidence, PythonEvidence } from "./evidence.ts";
import { memberPath } from "./levels.ts";
import { INSTALL, INSTALLERS, PIP_NAMES, pipArgs, pipRead, UNINSTALL } from "./pipWords.ts";
import { parseRequirement, PYTHON_PROGRAM } from "./pythonNames.ts";
import type { Asked, Built, Row } from "./row.ts";
import { NEVER, understandsPython } from "./uvRun.ts";

const INTO_ENVIRONMENT: FlagTable = {
  ...INSTALL,
  "-r": { with: "--requirement" },
  "--requirement": { with: "--requirement" },
  "-c": { with: "--constraint" },
  "--constraint": { with: "--constraint" },
  "-e": { with: "--editable" },
  "--editable": { with: "--editable" },
  "-U": "--upgrade",
  "--upgrade": "--upgrade",
  "--no-deps": "--no-deps",
};

/**
 * A project that says by requirements files alone what it needs, and has an environment: pip and the programs mean that one,
 * whichever is first on the PATH. Nothing is pinned here but what the files pin.
 */
export const REQUIREMENTS_ROWS: readonly Row[] = [
  {
    id: "uv.pip.install",
    kind: "same",
    language: "python",
    programs: PIP_NAMES,
    build: (asked) => install(asked),
    reason: ({ evidence }) => meant(evidence),
  },
  {
    id: "uv.pip.uninstall",
    kind: "same",
    language: "python",
    programs: PIP_NAMES,
    build(asked) {
      const args = pipArgs(asked, "uninstall");
      const read = args && readFlags(args, UNINSTALL);
      if (read === null || read.operands.length === 0) return null;
      return inEnvironment(asked, (python) => ["pip", "uninstall", python, ...read.flags, ...read.operands]);
    },
    reason: ({ evidence }) => meant(evidence),
  },
  {
    id: "uv.pip.look",
    kind: "same",
    language: "python",
    programs: PIP_NAMES,
    build(asked) {
      const read = pipRead(asked);
      if (read === null) return null;
      return inEnvironment(asked, (python) => ["pip", read.verb, python, ...read.flags, ...read.operands]);
    },
    reason: ({ evidence }) => meant(evidence),
  },
  {
    id: "uv.run.environment",
    kind: "same",
    language: "python",
    programs: null,
    build(asked) {
      const { program, command } = asked;
      const isPython = PYTHON_PROGRAM.test(program);
      if (isPython ? !understandsPython(asked) : NEVER.test(program)) return null;
      if (asked.evidence.python.environment?.programs.has(program) !== true) return null;
      return inEnvironment(asked, (python) => ["run", "--no-project", python, ...command.words]);
    },
    reason: ({ evidence }) => meant(evidence),
  },
];

/** The environment of a project of requirements files; null where anything else says how it is managed. */
function requirementsEnvironment({ python }: Evidence): PythonEvidence["environment"] {
  const { owner, manifest, requirements, environment, activated } = python;
  // A pyproject.toml with a project in it may be anybody's.
  const only =
    owner.state === "unowned" && requirements.length > 0 && (manifest === null || isBare(manifest));
  const isMeant = activated === null || activated === environment?.folder;
  return only && isMeant ? environment : null;
}

function isBare({ broken, name }: NonNullable<PythonEvidence["manifest"]>): boolean {
  return broken === null && name === null;
}

function inEnvironment(asked: Asked, words: (python: string) => Exclude<Built, null>): Built {
  const { evidence, runners, folder } = asked;
  const environment = requirementsEnvironment(evidence);
  if (environment === null || runners.uv === null) return null;
  const built = words(`--python=${memberPath(folder, environment.folder)}`);
  return "hint" in built ? built : [runners.uv, ...built];
}

/** `uv pip install`, when nothing but files of requirements, packages of the index and own folders were asked for. */
function install(asked: Asked): Built {
  const args = pipArgs(asked, "install");
  const read = args && readFlags(args, INTO_ENVIRONMENT);
  if (read === null || read.operands.length + read.flags.length === 0) return null;
  if (asked.evidence.python.pipSettings) return null;
  const known = read.operands.every(({ text }) => {
    const requirement = parseRequirement(text);
    // pip brings itself up to date by these: that is about the pip which was called.
    return requirement === null ? /^\.{1,2}(?:$|[/[])/.test(text) : !INSTALLERS.has(requirement.name);
  });
  if (!known) return null;
  return inEnvironment(asked, (python) => ["pip", "install", python, ...read.flags, ...read.operands]);
}

function meant({ python: { environment, requirements } }: Evidence): string {
  const [first] = requirements;
  return l10n.t(
    "{0} and the environment {1} are this project's: what is asked is done there, by uv.",
    first?.path ?? "requirements.txt",
    environment?.folder ?? ".venv",
  );
}
