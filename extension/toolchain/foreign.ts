import * as l10n from "@vscode/l10n";
import type { ShellScript, SimpleCommand } from "../shell/command.ts";
import type { Evidence, JavaScriptManager, Language, PythonManager } from "./evidence.ts";
import { wordsOf, type WrittenRoutes } from "./routeScript.ts";
import { isLiteral } from "./row.ts";

/** A package command of another manager than the one that owns the project. */
export interface Foreign {
  /** The words of the command; null stands for one that is known at run time only. */
  readonly words: readonly (string | null)[];
  /** One localised sentence: whose the project is. */
  readonly reason: string;
  /** One localised sentence: the command to use. */
  readonly instead: string;
}

type Does = "add" | "remove" | "install" | "update";
type Verbs = Readonly<Record<string, Does>>;
type Known = Exclude<PythonManager, "conda"> | JavaScriptManager;

const NODE: Verbs = {
  install: "install",
  i: "install",
  add: "add",
  remove: "remove",
  rm: "remove",
  uninstall: "remove",
  un: "remove",
  update: "update",
  up: "update",
  upgrade: "update",
  dedupe: "update",
};

/** What of each manager writes its own lock, or installs by it; an empty word is the command without one. */
const VERBS: Readonly<Record<Known, Verbs>> = {
  npm: {
    ...NODE,
    r: "remove",
    ci: "install",
    "clean-install": "install",
    "install-test": "install",
    it: "install",
  },
  pnpm: { ...NODE, import: "install" },
  yarn: { ...NODE, "": "install" },
  bun: { ...NODE, a: "add" },
  uv: { add: "add", remove: "remove", sync: "install", lock: "update" },
  poetry: {
    add: "add",
    remove: "remove",
    install: "install",
    sync: "install",
    update: "update",
    lock: "update",
  },
  pdm: {
    add: "add",
    remove: "remove",
    install: "install",
    sync: "install",
    update: "update",
    lock: "update",
  },
  pipenv: { install: "install", sync: "install", uninstall: "remove", update: "update", lock: "update" },
};

const LANGUAGES = {
  npm: "javascript",
  pnpm: "javascript",
  yarn: "javascript",
  bun: "javascript",
  uv: "python",
  poetry: "python",
  pdm: "python",
  pipenv: "python",
} as const satisfies Readonly<Record<Known, Language>>;

/** What each owner calls it. */
const OWN: Readonly<Record<Known, Readonly<Record<Does, string>>>> = {
  npm: { add: "npm install", remove: "npm uninstall", install: "npm ci", update: "npm update" },
  pnpm: { add: "pnpm add", remove: "pnpm remove", install: "pnpm install", update: "pnpm update" },
  yarn: { add: "yarn add", remove: "yarn remove", install: "yarn install", update: "yarn upgrade" },
  bun: { add: "bun add", remove: "bun remove", install: "bun install", update: "bun update" },
  uv: { add: "uv add", remove: "uv remove", install: "uv sync", update: "uv lock --upgrade" },
  poetry: { add: "poetry add", remove: "poetry remove", install: "poetry install", update: "poetry update" },
  pdm: { add: "pdm add", remove: "pdm remove", install: "pdm sync", update: "pdm update" },
  pipenv: {
    add: "pipenv install",
    remove: "pipenv uninstall",
    install: "pipenv sync",
    update: "pipenv update",
  },
};

/** What is meant for the whole machine or for another folder is none of the project's, and what only tells changes nothing. */
const ELSEWHERE =
  /^(-g|--global|--location=global|--prefix|-C|--cwd|--dir|--directory|--project|-p|--help|-h|--version|-v|-V|--dry-run)(=|$)/;
/** The name of a package with its version, and nothing that needs another form for another manager. */
const PACKAGE = /^@?[A-Za-z0-9][\w./-]*((==|>=|<=|~=|@|>|<)[\w.^~*-]+)?$/;

/**
 * The first package command of a line whose manager is not the one that owns the project: it would write a second lock, or
 * install what the project's own doesn't say. What a person has sent somewhere by a rule is left alone.
 */
export function foreignCommand(
  script: ShellScript,
  { evidenceOf, isHere, written = () => null }: ForeignParts,
): Foreign | null {
  const start = script.commands[0]?.folders?.[0];
  for (const command of [...script.commands, ...(script.runners ?? [])]) {
    const candidates = (command.folders ?? []).map(evidenceOf).filter((evidence) => evidence.exists);
    const [found = null, ...others] = candidates.map((evidence) => foreign(command, evidence));
    // The line's own folder first means that a branch may have led elsewhere (`routeScript`).
    const unsure = candidates[0]?.folder === start && others.some((other) => other?.owner !== found?.owner);
    if (unsure) continue;
    // Without the owner's own program the command to use instead would be none.
    if (found === null || !isHere(found.owner, found.folder)) continue;
    if (written(wordsOf(command)) === null) return found;
  }
  return null;
}

export interface ForeignParts {
  readonly evidenceOf: (folder: string) => Evidence;
  /** True where a program can be run from a folder. */
  readonly isHere: (program: string, folder: string) => boolean;
  readonly written?: WrittenRoutes | undefined;
}

interface Found extends Foreign {
  readonly owner: Known;
  readonly folder: string;
}

function foreign(command: SimpleCommand, evidence: Evidence): Found | null {
  const [head, ...args] = command.words;
  if (!isLiteral(head)) return null;
  if (!isKnown(head.text) || args.some(({ text }) => ELSEWHERE.test(text))) return null;
  const manager = head.text;
  const verb = args.find(({ text }) => !text.startsWith("-"));
  const says = verb?.text ?? "";
  const does = Object.hasOwn(VERBS[manager], says) ? VERBS[manager][says] : undefined;
  const { owner } = evidence[LANGUAGES[manager]];
  if (does === undefined || owner.state !== "owned" || owner.manager === manager) return null;
  if (!isKnown(owner.manager)) return null;
  const rest = args.slice(verb === undefined ? 0 : args.indexOf(verb) + 1);
  const packages = rest.filter(({ text }) => !text.startsWith("-"));
  const means = does === "install" && packages.length > 0 ? "add" : does;
  // Where its lock is missing, that is the person's to decide first, by whichever name it is installed.
  if (means === "install" && owner.manager === "bun" && evidence.javascript.lock === null) return null;
  const own = OWN[owner.manager][means];
  const takes = means === "add" || means === "remove";
  const plain = rest.every((word) => isLiteral(word) && PACKAGE.test(word.text));
  const names = plain ? packages.map(({ text }) => text).join(" ") : "NAME";
  return {
    owner: owner.manager,
    folder: evidence.folder,
    words: wordsOf(command),
    reason: l10n.t(
      "{0} owns this project, by {1}: {2} would work beside it.",
      owner.manager,
      owner.proof.what,
      manager,
    ),
    instead: l10n.t("Use `{0}`.", takes ? `${own} ${names}` : own),
  };
}

function isKnown(name: string): name is Known {
  return Object.hasOwn(VERBS, name);
}
