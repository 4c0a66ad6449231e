import * as l10n from "@vscode/l10n";

import { command, type Command } from "./command.ts";
import type { Project, PythonPart, WebPart } from "./project.ts";
import type { Runner } from "./runners.ts";

/** One command of a chore, and what it is for. */
export interface Step {
  readonly title: string;
  readonly command: Command;
  /** What it complains about, `/fix` looks at too. */
  readonly fixable?: boolean;
  /** What the host sends it through, if it is there. */
  readonly runner?: Runner | null;
}

/** The commands are the plain ones that people type: which tool runs them is the host's business. */
export function tests(project: Project): readonly Step[] {
  return [
    ...project.python.map((part) => step(l10n.t("Tests"), part, "pytest")),
    ...project.web
      .filter((part) => part.tested)
      .map((part) => step(l10n.t("Tests"), part, part.manager, "test")),
  ];
}

export function lint(project: Project): readonly Step[] {
  return fixable([
    ...project.python.map((part) => step(l10n.t("Lint"), part, "ruff", "check", ".")),
    ...project.web.flatMap((part) =>
      part.linters.map((linter) =>
        linter === "oxlint"
          ? step(l10n.t("Lint"), part, "npx", "oxlint")
          : step(l10n.t("Lint"), part, "npx", "eslint", "."),
      ),
    ),
  ]);
}

export function types(project: Project): readonly Step[] {
  return fixable([
    ...project.python.map((part) => step(l10n.t("Types"), part, "ty", "check")),
    ...project.web
      .filter((part) => part.typed)
      .map((part) => step(l10n.t("Types"), part, "npx", "tsc", "--noEmit")),
  ]);
}

export function check(project: Project): readonly Step[] {
  return [...lint(project), ...types(project), ...tests(project)];
}

/** What a whole check leaves out, and why: what is not named would be taken for checked. */
export function unchecked({ python, web }: Project): readonly string[] {
  return [
    ...(python.length === 0
      ? [l10n.t("Python: no pyproject.toml, requirements.txt or setup.py here or one folder below")]
      : []),
    ...(web.length === 0
      ? [l10n.t("JavaScript and TypeScript: no package.json or tsconfig.json here or one folder below")]
      : []),
    ...web.flatMap((part) => [
      ...(part.linters.length === 0
        ? [leftOut(l10n.t("Lint"), part, l10n.t("neither oxlint nor ESLint is set up"))]
        : []),
      ...(part.typed ? [] : [leftOut(l10n.t("Types"), part, l10n.t("no tsconfig.json"))]),
      ...(part.tested ? [] : [leftOut(l10n.t("Tests"), part, l10n.t("no test script in package.json"))]),
    ]),
  ];
}

function leftOut(title: string, part: WebPart, why: string): string {
  return `${titleIn(title, part)}: ${why}`;
}

export function install(project: Project): readonly Step[] {
  const oneForAll = project.web.some((part) => part.name === "" && part.workspaces);
  return [
    ...project.python.map((part) =>
      part.requirements
        ? step(l10n.t("Install"), part, "pip", "install", "-r", "requirements.txt")
        : step(l10n.t("Install"), part, "pip", "install", "-e", "."),
    ),
    ...project.web
      .filter((part) => part.installable && (part.name === "" || !oneForAll))
      .map((part) => step(l10n.t("Install"), part, part.manager, ...installing(part))),
  ];
}

/** What the lockfile says is installed, and nothing newer; `npm ci` by the names the others have for it. */
function installing(part: WebPart): readonly string[] {
  if (!part.locked) {
    return ["install"];
  }
  return part.manager === "npm" ? ["ci"] : ["install", "--frozen-lockfile"];
}

function fixable(steps: readonly Step[]): readonly Step[] {
  return steps.map((each) => ({ ...each, fixable: true }));
}

export function step(title: string, part: PythonPart | WebPart, ...words: [string, ...string[]]): Step {
  return {
    title: titleIn(title, part),
    command: command(part.folder, ...words),
    runner: part.runner,
  };
}

function titleIn(title: string, { name }: PythonPart | WebPart): string {
  return name === "" ? title : l10n.t("{0} in {1}", title, name);
}
