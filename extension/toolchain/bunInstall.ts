import * as l10n from "@vscode/l10n";
import type { ShellWord } from "../shell/command.ts";
import { bun, type BunProject, bunProject } from "./bunProject.ts";
import { type FlagTable, readFlags } from "./flags.ts";
import { type Asked, type Built, isLiteral, type Row } from "./row.ts";

const PROGRAMS = ["npm", "yarn", "pnpm"];

/** The same act by each manager's names (their references; npm's aliases from `npm help`). */
const VERBS = {
  install: {
    npm: ["install", "i", "in", "ins", "inst", "ci", "clean-install", "ic", "install-clean"],
    yarn: ["install"],
    pnpm: ["install", "i"],
  },
  add: { npm: ["install", "i", "in", "ins", "inst", "add"], yarn: ["add"], pnpm: ["add"] },
  remove: {
    npm: ["uninstall", "un", "unlink", "remove", "rm", "r"],
    yarn: ["remove"],
    pnpm: ["remove", "rm", "uninstall", "un"],
  },
} as const;

/** Flags that say how to talk, or that change nothing where bun answers. */
const COMMON: FlagTable = {
  "--no-audit": null,
  "--audit=false": null,
  "--no-fund": null,
  "--fund=false": null,
  "--no-update-notifier": null,
  "--non-interactive": null,
  // Only npm's resolver refuses on peers; bun's lock and resolver don't.
  "--legacy-peer-deps": null,
  "--loglevel": { takes: "ignored" },
  "--silent": "--silent",
  "-s": "--silent",
  "--no-progress": "--no-progress",
  "--progress=false": "--no-progress",
  "--prefer-offline": "--prefer-offline",
  "--ignore-scripts": "--ignore-scripts",
};
const INSTALL: FlagTable = {
  ...COMMON,
  "--frozen-lockfile": null,
  "--immutable": null,
  "--production": "--production",
  "--prod": "--production",
  "--omit": { with: "--omit" },
};
const SAVE: FlagTable = {
  ...COMMON,
  "-D": "--dev",
  "--save-dev": "--dev",
  "-E": "--exact",
  "--save-exact": "--exact",
  "-O": "--optional",
  "--save-optional": "--optional",
  "--save-peer": "--peer",
};
const ADD: Readonly<Record<string, FlagTable>> = {
  npm: { ...SAVE, "-S": null, "--save": null, "-P": "--save-prod", "--save-prod": "--save-prod" },
  pnpm: { ...SAVE, "-P": "--save-prod", "--save-prod": "--save-prod" },
  yarn: {
    ...SAVE,
    "--dev": "--dev",
    "--exact": "--exact",
    "--optional": "--optional",
    "-P": "--peer",
    "--peer": "--peer",
  },
};
const REMOVE: FlagTable = { ...COMMON, "-D": null, "--save-dev": null, "-S": null, "--save": null };

const NAME = String.raw`(?:@[a-z0-9~][\w.~-]*/)?[a-z0-9~][\w.~-]*`;
/** A package of the registry, with a version, a range or a tag. Paths, addresses and repositories are left as asked. */
const PACKAGE = new RegExp(String.raw`^${NAME}(?:@[\w.^~<>=|*+ -]+)?$`, "i");
const PLAIN_NAME = new RegExp(`^${NAME}$`, "i");

/** Flags with which no project is installed. */
const ELSEWHERE = new Set(
  "-g --global --lockfile-only --package-lock-only --dry-run --help -h --version".split(" "),
);
const TAKES_NEXT = new Set(["--loglevel", "--omit", "--registry", "--filter", "--cwd", "--cache-dir"]);

export const BUN_INSTALL_ROWS: readonly Row[] = [
  {
    id: "bun.install",
    kind: "same",
    language: "javascript",
    programs: PROGRAMS,
    build(asked) {
      const project = bunProject(asked.evidence);
      const args = project && verbArgs(asked, "install");
      if (!project || !args) return null;
      const read = readFlags(args, INSTALL);
      if (read === null || read.operands.length > 0) return null;
      return project.locked ? [bun(asked), "install", "--frozen-lockfile", ...read.flags] : null;
    },
    reason: () => l10n.t("bun's lock pins what this project needs: it is installed from there."),
  },
  {
    id: "bun.add",
    kind: "same",
    language: "javascript",
    programs: PROGRAMS,
    build: (asked) => packages(asked, "add", ADD[asked.program], PACKAGE),
    reason: () => l10n.t("bun owns this project: a new package is declared in package.json and locked."),
  },
  {
    id: "bun.remove",
    kind: "same",
    language: "javascript",
    programs: PROGRAMS,
    build: (asked) => packages(asked, "remove", REMOVE, PLAIN_NAME),
    reason: () => l10n.t("bun owns this project: a package is taken out of package.json and the lock."),
  },
];

function packages(asked: Asked, verb: "add" | "remove", table: FlagTable | undefined, shape: RegExp): Built {
  const project = bunProject(asked.evidence);
  const args = project && verbArgs(asked, verb);
  if (!project || !args || table === undefined) return null;
  const read = readFlags(args, table);
  if (read === null || read.operands.length === 0) return null;
  if (!read.operands.every(({ text }) => shape.test(text))) return null;
  if (!ownFolder(project, asked)) return null;
  return [bun(asked), verb, ...read.flags, ...read.operands];
}

/** Managers differ in which package.json they change from below a package's own folder: there it stays as asked. */
function ownFolder(project: BunProject, asked: Asked): boolean {
  return asked.folder === project.manifest.folder;
}

/** The words after the verb; a bare `yarn` installs. */
function verbArgs({ program, args }: Asked, act: keyof typeof VERBS): readonly ShellWord[] | null {
  if (program !== "npm" && program !== "yarn" && program !== "pnpm") return null;
  const [verb] = args;
  if (program === "yarn" && act === "install" && (verb === undefined || verb.text.startsWith("-")))
    return args;
  const verbs: readonly string[] = VERBS[act][program];
  return isLiteral(verb) && verbs.includes(verb.text) ? args.slice(1) : null;
}

/** True for the words that install a whole project, by whichever manager's name. */
export function installsAll(program: string, args: readonly ShellWord[]): boolean {
  const verb = args.findIndex((word) => !word.text.startsWith("-"));
  const rest = verb < 0 ? args : args.slice(verb + 1);
  if (!args.every(isLiteral) || rest.some(({ text }) => ELSEWHERE.has(text))) return false;
  if (rest.some(({ text }, at) => !text.startsWith("-") && !TAKES_NEXT.has(rest[at - 1]?.text ?? "")))
    return false;
  const verbs: readonly string[] | undefined = {
    ...VERBS.install,
    bun: ["install", "i", "ci"],
  }[program as "bun"];
  const text = args[verb]?.text;
  return text === undefined ? program === "yarn" && args.length === 0 : verbs?.includes(text);
}
