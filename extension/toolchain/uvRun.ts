import * as l10n from "@vscode/l10n";
import { normalise, PYTHON_PROGRAM } from "./pythonNames.ts";
import { type Asked, isLiteral, type Piece, type Row } from "./row.ts";
import { type UvProject, uvProject } from "./uvProject.ts";

/** Modules that manage environments or packages: they are rows of their own, or left as asked. */
const MANAGING_MODULES = new Set([
  "pip",
  "venv",
  "virtualenv",
  "ensurepip",
  "uv",
  "pipx",
  "poetry",
  "pdm",
  "pipenv",
  "conda",
  "piptools",
]);
/** Python's options that take the next word (python(1)). */
const TAKES_NEXT = new Set(["-W", "-X", "--check-hash-based-pycs"]);

/** Programs whose distribution has another name, and those so common that a lock alone tells they are there. */
const PROGRAM_OF: Readonly<Record<string, string>> = {
  alembic: "alembic",
  autopep8: "autopep8",
  bandit: "bandit",
  black: "black",
  celery: "celery",
  coverage: "coverage",
  "django-admin": "django",
  dmypy: "mypy",
  fastapi: "fastapi-cli",
  flake8: "flake8",
  flask: "flask",
  gunicorn: "gunicorn",
  hatch: "hatch",
  hypercorn: "hypercorn",
  inv: "invoke",
  invoke: "invoke",
  ipython: "ipython",
  isort: "isort",
  jupyter: "jupyter-core",
  maturin: "maturin",
  mkdocs: "mkdocs",
  mypy: "mypy",
  nox: "nox",
  "pip-audit": "pip-audit",
  "pre-commit": "pre-commit",
  "py.test": "pytest",
  pycodestyle: "pycodestyle",
  pydocstyle: "pydocstyle",
  pyflakes: "pyflakes",
  pylint: "pylint",
  pyright: "pyright",
  pytest: "pytest",
  ruff: "ruff",
  scrapy: "scrapy",
  "sphinx-build": "sphinx",
  streamlit: "streamlit",
  tox: "tox",
  twine: "twine",
  ty: "ty",
  uvicorn: "uvicorn",
  vulture: "vulture",
  yapf: "yapf",
};
/** Programs that may lie in an environment and are not the project's to run: they manage it, or are the system's. */
export const NEVER =
  /^(python.*|pip.*|uvx?|poetry|pdm|pipenv|conda|virtualenv|node|npm|npx|corepack|bun|bunx|git|(ba|da|z|k)?sh|env|sudo)$/;

export const UV_RUN_ROWS: readonly Row[] = [
  {
    id: "uv.run.python",
    kind: "same",
    language: "python",
    programs: ["python", "python3"],
    build(asked) {
      const project = lockedProject(asked);
      if (project === null || !PYTHON_PROGRAM.test(asked.program)) return null;
      const versioned = asked.program.includes(".");
      if (versioned && !project.python.environment?.programs.has(asked.program)) return null;
      return understandsPython(asked) ? run(asked) : null;
    },
    reason: () => l10n.t("uv.lock owns this project: Python runs in its locked environment."),
  },
  {
    id: "uv.run.tool",
    kind: "same",
    language: "python",
    programs: null,
    build(asked) {
      const project = lockedProject(asked);
      return project !== null && hasProgram(project, asked.program) ? run(asked) : null;
    },
    reason: ({ program }) =>
      l10n.t("uv.lock owns this project, and {0} belongs to its environment.", program),
  },
];

/** Programs that projects of Python have, whether this one does or not. */
export function usualTools(): readonly string[] {
  return Object.keys(PROGRAM_OF);
}

/** The words that run something in the locked environment, or in the one that is there. */
export function uvRun(asked: Asked): readonly Piece[] {
  const { owner } = asked.evidence.python;
  const asItIs = owner.state === "owned" && asked.asItIs(owner.root);
  return [asked.runners.uv ?? "uv", "run", asItIs ? "--no-sync" : "--locked"];
}

function run(asked: Asked): readonly Piece[] {
  return [...uvRun(asked), ...asked.command.words];
}

function lockedProject(asked: Asked): UvProject | null {
  const project = uvProject(asked.evidence);
  return project?.locked ? project : null;
}

/** True when the environment has a program, or will have it after the sync that `uv run` does. */
export function hasProgram(project: UvProject, program: string): boolean {
  if (NEVER.test(program)) return false;
  if (project.python.environment?.programs.has(program) || project.manifest?.scripts.has(program))
    return true;
  const distribution = Object.hasOwn(PROGRAM_OF, program) ? PROGRAM_OF[program] : undefined;
  return distribution !== undefined && project.installs?.has(normalise(distribution)) === true;
}

/** True when it is clear what Python is asked to run, and that it doesn't manage packages or environments. */
export function understandsPython({ args }: Asked): boolean {
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    if (word === undefined) return true;
    // Of a word that is known in part, a beginning that can't be an option is enough.
    if (!isLiteral(word)) return word.text !== "" && !word.text.startsWith("-");
    if (word.text === "-m" || /^-[a-zA-Z]*m$/.test(word.text)) {
      const module = args[index + 1];
      return isLiteral(module) && !MANAGING_MODULES.has(module.text);
    }
    if (/^-[a-zA-Z]*m./.test(word.text)) return !MANAGING_MODULES.has(word.text.replace(/^-[a-zA-Z]*?m/, ""));
    if (/^-[a-zA-Z]*c/.test(word.text)) return true;
    if (TAKES_NEXT.has(word.text)) index++;
    // `setup.py install` puts things into an environment by itself.
    else if (!word.text.startsWith("-") || word.text === "-") return !/(^|[/\\])setup\.py$/.test(word.text);
  }
  return true;
}
