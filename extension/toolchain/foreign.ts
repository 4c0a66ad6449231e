import * as l10n from "@vscode/l10n";
import { lockNeeds } from "./lockNeeds.ts";
import { memberPath } from "./levels.ts";
import type { Evidence, Manager, Ownership } from "./evidence.ts";
import { INSTALLERS } from "./pipWords.ts";
import { parseRequirement, PIP_PROGRAM, PYTHON_PROGRAM } from "./pythonNames.ts";
import type { ShellScript, ShellWord, SimpleCommand } from "../shell/command.ts";
import { resolvePath } from "../shell/path.ts";
import { quoteAll } from "../shell/quote.ts";
import { wordsOf, type WrittenRoutes } from "./routeScript.ts";
import { isLiteral, isPlain } from "./row.ts";
import { isCalm, isReachable, programName } from "./surroundings.ts";
import { uvWords } from "./uvWords.ts";
import { namesMember } from "./workspaces.ts";

/** A manager at work in a project whose packages another one manages. */
export interface Foreign {
  readonly program: string;
  readonly owner: Manager;
  readonly root: string;
  /** The words of the command; null stands for one that is known at run time only. */
  readonly words: readonly (string | null)[];
  /** One localised sentence: whose the project is. */
  readonly reason: string;
  /** The command that does the same by the owner. */
  readonly instead: string;
  /** A script that may bring dependencies of its own, and then is no matter of the project's. */
  readonly script?: string;
}

/** `sync` installs all there is and names nothing, whatever stands behind it. */
type Act = "install" | "sync" | "add" | "remove" | "update" | "lock" | "run" | "show";
/** With the flag that puts a package among those of development, and the one that reads a file of requirements. */
type Acts = Readonly<Partial<Record<Act, string>> & { readonly dev: string; readonly file?: string }>;

/** How each manager is told to do it (their references). Conda's file lies in many projects that it doesn't manage. */
const OWN: Readonly<Partial<Record<Manager, Acts>>> = {
  uv: {
    dev: "--dev",
    file: "-r",
    install: "uv sync",
    add: "uv add",
    remove: "uv remove",
    update: "uv lock --upgrade",
    lock: "uv lock",
    run: "uv run",
    show: "uv tree",
  },
  poetry: {
    dev: "--group=dev",
    install: "poetry install",
    add: "poetry add",
    remove: "poetry remove",
    update: "poetry update",
    lock: "poetry lock",
    run: "poetry run",
    show: "poetry show --tree",
  },
  pdm: {
    dev: "--dev",
    install: "pdm install",
    add: "pdm add",
    remove: "pdm remove",
    update: "pdm update",
    lock: "pdm lock",
    run: "pdm run",
    show: "pdm list --tree",
  },
  pipenv: {
    dev: "--dev",
    file: "-r",
    install: "pipenv install",
    add: "pipenv install",
    remove: "pipenv uninstall",
    update: "pipenv update",
    lock: "pipenv lock",
    run: "pipenv run",
    show: "pipenv graph",
  },
  bun: { dev: "--dev", install: "bun install", add: "bun add", remove: "bun remove", update: "bun update" },
  npm: {
    dev: "--save-dev",
    install: "npm install",
    add: "npm install",
    remove: "npm uninstall",
    update: "npm update",
  },
  pnpm: {
    dev: "--save-dev",
    install: "pnpm install",
    add: "pnpm add",
    remove: "pnpm remove",
    update: "pnpm update",
  },
  yarn: {
    dev: "--dev",
    install: "yarn install",
    add: "yarn add",
    remove: "yarn remove",
    update: "yarn upgrade",
  },
};

/** Verbs that write an environment or a lock, by what they do. */
const PLAIN: Readonly<Record<string, Act>> = {
  install: "install",
  sync: "sync",
  add: "add",
  remove: "remove",
  rm: "remove",
  uninstall: "remove",
  un: "remove",
  update: "update",
  up: "update",
  upgrade: "update",
  lock: "lock",
};
const PYTHON: Readonly<Record<string, Act>> = { ...PLAIN, run: "run" };
const SCRIPT: Readonly<Record<string, Act>> = {
  ...PLAIN,
  ...Object.fromEntries(
    ["i", "in", "ins", "inst", "isnt", "it", "install-test"].map((verb) => [verb, "install"]),
  ),
  ...Object.fromEntries(
    ["ci", "clean-install", "ic", "install-clean", "cit", "dedupe", "ddp"].map((verb) => [verb, "sync"]),
  ),
  r: "remove",
};
/** By uv `upgrade` and `install` are no verbs of a project; what it tells of one writes a lock where there is none. */
const UV: Readonly<Record<string, Act>> = {
  sync: "sync",
  add: "add",
  remove: "remove",
  lock: "lock",
  run: "run",
  tree: "show",
  export: "show",
};
const PIP: Readonly<Record<string, Act>> = { install: "install", sync: "sync", uninstall: "remove" };
/** Where no other environment is named, it works in the one that is active. */
const CONDA: Readonly<Record<string, Act>> = {
  install: "install",
  remove: "remove",
  uninstall: "remove",
  update: "update",
  upgrade: "update",
};
/** Flags that say how to talk or how to resolve: the owner does it its own way. */
const DROPPED =
  /^(?:-[yqvUEfn]|--(?:yes|quiet|verbose|silent|upgrade|pre|force|force-reinstall|no-deps|no-cache-dir|save|exact|save-exact|no-audit|no-fund|legacy-peer-deps|no-package-lock|frozen-lockfile|no-frozen-lockfile|prefer-offline|ignore-scripts|no-interaction|no-root|break-system-packages))$/;
const DEV = /^(?:-D|--dev|--save-dev)$/;
const FILE = /^(?:-r|--requirements?)$/;
const EDITABLE = /^(?:-e|--editable)$/;
/** A folder of the project's own, which its owner installs with the rest. */
const OWN_FOLDER = /^\.{1,2}(?:$|[/[])/;

const VERBS: Readonly<Record<string, Readonly<Record<string, Act>>>> = {
  poetry: PYTHON,
  pdm: PYTHON,
  pipenv: PYTHON,
  npm: SCRIPT,
  pnpm: SCRIPT,
  yarn: SCRIPT,
  // In a project of npm it reads package-lock.json, and writes no lock of its own.
  bun: { ...SCRIPT, ci: "show" },
  conda: CONDA,
  mamba: CONDA,
  micromamba: CONDA,
};
const SCRIPT_MANAGERS = new Set(["npm", "pnpm", "yarn", "bun"]);
/** Flags with which a manager is about another place, or about nothing. */
const ELSEWHERE =
  /^(?:-g|--global|-C|--dir|--cwd|--prefix|--directory|--project|--dry-run|--help|-h|--version|-V)(?:=|$)/;
/** Another environment of conda's. */
const OTHER_ENVIRONMENT = /^(?:-n|--name|-p)(?:=|$)/;
/** The same of pip. */
const OTHER_PLACE =
  /^(?:-t|--target|--prefix|--root|--user|--system|-p|--python|--path|--dry-run|--help|-h)(?:=|$)/;

export interface ForeignParts {
  readonly evidenceOf: (folder: string) => Evidence;
  readonly written?: WrittenRoutes | undefined;
}

/**
 * The first command of a line with which a manager would work on a project that another one owns; null where there is none. What a
 * person has sent somewhere by a rule is left alone.
 */
export function foreignCommand(
  script: ShellScript,
  { evidenceOf, written = () => null }: ForeignParts,
): Foreign | null {
  // What chooses another environment is no matter of the project's.
  if (!isCalm(script, evidenceOf)) return null;
  const start = script.commands[0]?.folders?.[0];
  for (const command of [...script.commands, ...(script.runners ?? [])]) {
    const [head, ...args] = command.words;
    if (!isLiteral(head) || !isReachable(script.text, command) || written(wordsOf(command)) !== null)
      continue;
    const candidates = (command.folders ?? []).map(evidenceOf).filter(({ exists }) => exists);
    const [found = null, ...others] = candidates.map((evidence) => {
      const act = actOf(programName(head.text, command, evidence), args);
      return act && foreignIn(act, command, evidence, evidenceOf);
    });
    // The line's own folder first means that a branch may have led elsewhere (`routeScript`).
    const unsure = candidates[0]?.folder === start && others.some((other) => other?.owner !== found?.owner);
    if (found !== null && !unsure) return found;
  }
  return null;
}

interface Managing {
  readonly program: string;
  readonly act: Act;
  /** The words after the verb. */
  readonly rest: readonly ShellWord[];
}

function actOf(program: string, args: readonly ShellWord[]): Managing | null {
  const isModule = PYTHON_PROGRAM.test(program) && args[0]?.text === "-m" && args[1]?.text === "pip";
  if (isModule) return pipAct(args.slice(2));
  if (PIP_PROGRAM.test(program)) return pipAct(args);
  if (program === "uv") return uvAct(args);
  const verbs = Object.hasOwn(VERBS, program) ? VERBS[program] : undefined;
  if (verbs === undefined) return null;
  const at = args.findIndex((word) => !word.text.startsWith("-"));
  const verb = args[at];
  if (verb === undefined) return program === "yarn" && args.length === 0 ? installing(program) : null;
  const act = isLiteral(verb) && Object.hasOwn(verbs, verb.text) ? verbs[verb.text] : undefined;
  if (act === undefined || args.some(({ text }) => act !== "run" && ELSEWHERE.test(text))) return null;
  if (verbs === CONDA && args.some(({ text }) => OTHER_ENVIRONMENT.test(text))) return null;
  return { program, act, rest: args.slice(at + 1) };
}

function uvAct(args: readonly ShellWord[]): Managing | null {
  const words = uvWords(args);
  if (words === null || words.apart || words.folder !== null) return null;
  if (words.verb === "pip") return pipAct(args.slice(args.findIndex(({ text }) => text === "pip") + 1));
  const act = Object.hasOwn(UV, words.verb) ? UV[words.verb] : undefined;
  if (act === undefined || words.flags.some((flag) => ELSEWHERE.test(flag))) return null;
  return { program: "uv", act, rest: act === "run" ? words.operands : args.slice(1) };
}

function installing(program: string): Managing {
  return { program, act: "install", rest: [] };
}

/** pip at work; null where it brings managers up to date, or installs into another place. */
function pipAct([verb, ...rest]: readonly ShellWord[]): Managing | null {
  const act = isLiteral(verb) && Object.hasOwn(PIP, verb.text) ? PIP[verb.text] : undefined;
  if (act === undefined || rest.some(({ text }) => OTHER_PLACE.test(text))) return null;
  const named = rest.filter(({ text }) => !text.startsWith("-"));
  const itself = named.every(({ text }) => INSTALLERS.has(parseRequirement(text)?.name ?? ""));
  if (named.length > 0 && itself) return null;
  return { program: "pip", act, rest };
}

function foreignIn(
  { program, act, rest }: Managing,
  command: SimpleCommand,
  evidence: Evidence,
  evidenceOf: (folder: string) => Evidence,
): Foreign | null {
  const isScript = SCRIPT_MANAGERS.has(program);
  const owner = isScript ? ownerOfScripts(evidence) : evidence.python.owner;
  if (owner?.state !== "owned" || owner.manager === program) return null;
  // Where there is no lock yet, that comes first.
  const needs = hasNoLock(evidence, owner.manager) ? lockNeeds(command, evidenceOf) : [];
  if (needs.some(({ root }) => root === owner.root)) return null;
  const instead = insteadOf(act, rest, command.openEnded, OWN[owner.manager]);
  if (instead === null) return null;
  const [file] = rest;
  const script =
    act === "run" && isLiteral(file) && file.text.endsWith(".py")
      ? { script: resolvePath(evidence.folder, file.text) }
      : {};
  const reason = l10n.t(
    "{0} owns this project, by {1}: {2} would work beside it.",
    owner.manager,
    owner.proof.what,
    program,
  );
  return {
    program,
    owner: owner.manager,
    root: owner.root,
    words: wordsOf(command),
    reason,
    instead,
    ...script,
  };
}

/** What does the same by the owner; null where it has nothing like it. */
function insteadOf(
  act: Act,
  rest: readonly ShellWord[],
  isOpen: boolean,
  own: Acts | undefined,
): string | null {
  const { words, names } = act === "run" ? asTheyAre(rest) : namedBy(rest, own);
  const isAdd = act === "install" && (names || isOpen);
  const verb = own?.[isAdd ? "add" : act === "sync" ? "install" : act];
  if (verb === undefined) return null;
  if (!isAdd && act !== "add" && act !== "remove" && act !== "run") return verb;
  const named = words === null || isOpen ? "…" : quoteAll(words);
  return named === "" ? verb : `${verb} ${named}`;
}

function hasNoLock({ python, javascript }: Evidence, manager: Manager): boolean {
  return manager === "uv" ? python.lock === null : manager === "bun" && javascript.lock === null;
}

/** A package in a folder of its own that no workspace names may be anybody's. */
function ownerOfScripts({ javascript }: Evidence): Ownership | null {
  const { owner, manifest, rootManifest } = javascript;
  if (owner.state !== "owned" || manifest === null || manifest.folder === owner.root) return owner;
  const member = memberPath(owner.root, manifest.folder);
  return namesMember(rootManifest?.workspaces ?? [], member) ? owner : null;
}

interface Named {
  /** Null where words or flags are not known, or mean something else by the owner. */
  readonly words: readonly string[] | null;
  /** True where packages are named, or files of them. */
  readonly names: boolean;
}

function asTheyAre(words: readonly ShellWord[]): Named {
  return { words: words.every(isLiteral) ? words.map(({ text }) => text) : null, names: true };
}

/** What a command names, in the owner's words. The project itself, and a list that the owner can't read, are all that it has. */
function namedBy(rest: readonly ShellWord[], own: Acts | undefined): Named {
  const words: string[] = [];
  let [names, isSure] = [false, true];
  for (let at = 0; at < rest.length; at++) {
    const { text } = rest[at] as ShellWord;
    const known = isPlain(rest[at]);
    if (known && EDITABLE.test(text)) at++;
    else if (known && FILE.test(text)) {
      const file = rest[++at];
      if (own?.file === undefined) continue;
      names = true;
      if (isPlain(file)) words.push(own.file, file.text);
      else isSure = false;
    } else if (known && DEV.test(text)) words.push(own?.dev ?? "");
    else if (known && text.startsWith("-")) {
      if (DROPPED.test(text)) continue;
      isSure = false;
      // What follows may be its value.
      if (!text.includes("=") && rest[at + 1]?.text.startsWith("-") === false) at++;
    } else if (!known || !OWN_FOLDER.test(text)) {
      names = true;
      if (known) words.push(text);
      else isSure = false;
    }
  }
  return { words: isSure ? words : null, names };
}
