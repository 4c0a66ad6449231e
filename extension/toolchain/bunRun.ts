import * as l10n from "@vscode/l10n";
import type { ShellWord } from "../shell/command.ts";
import { bun, type BunProject, bunProject } from "./bunProject.ts";
import { type Asked, isLiteral, type Row } from "./row.ts";

const RUN_VERBS = new Set(["run", "run-script", "rum", "urn"]);
/** Verbs that stand for a script of a fixed name. */
const SHORT: Readonly<Record<string, string>> = {
  test: "test",
  t: "test",
  tst: "test",
  start: "start",
  stop: "stop",
};
/**
 * Commands of yarn and pnpm (pnpm hands npm's on): a script of such a name is not what `yarn NAME` runs. From their
 * references.
 */
const OWN_COMMANDS = new Set(
  (
    "access add adduser approve-builds audit autoclean bin bugs cache cat-file check ci clean completion config " +
    "constraints create dedupe deploy deprecate dist-tag dlx docs doctor edit env exec explain fetch find-hash " +
    "generate-lock-entry global help i import info init install install-test it licenses link list ll ln login " +
    "logout ls node npm outdated owner pack patch patch-commit patch-remove ping pkg plugin policies prefix profile " +
    "prune publish rb rebuild recursive remove repo restart rm root run run-script sbom search self-update server set " +
    "setup show stage star stars store tag team token un uninstall unlink unplug unpublish up update upgrade " +
    "upgrade-interactive version versions view whoami why workspace workspaces x"
  ).split(" "),
);
/** Variables that npm gives to scripts and bun doesn't, or gives another value. */
const NPM_VARIABLES = /\bnpm_(?!lifecycle_|package_name\b|package_version\b)|INIT_CWD/;

export const BUN_RUN_ROWS: readonly Row[] = [
  {
    id: "bun.run.script",
    kind: "same",
    language: "javascript",
    programs: ["npm", "yarn", "pnpm"],
    build(asked) {
      const project = bunProject(asked.evidence);
      if (project === null || asked.evidence.javascript.scriptSettings) return null;
      const script = scriptOf(asked, project);
      if (script === null || !runsAlike(project, script.name, asked.program)) return null;
      return [bun(asked), "run", ...script.flags, script.name, ...script.tail];
    },
    reason: () => l10n.t("bun owns this project: its scripts are run by bun, and under the same Node."),
  },
  {
    id: "bun.exec",
    kind: "same",
    language: "javascript",
    programs: ["npx", "npm", "yarn", "pnpm"],
    build(asked) {
      const project = bunProject(asked.evidence);
      if (project === null) return null;
      const found = programOf(asked, project);
      if (found === null || !project.programs.has(found.name)) return null;
      return [bun(asked), "x", "--no-install", found.name, ...found.tail];
    },
    reason: () => l10n.t("bun owns this project, and the program is installed in node_modules."),
  },
];

interface Found {
  readonly name: string;
  readonly flags: readonly string[];
  readonly tail: readonly ShellWord[];
}

/** The package.json script that a command runs, with what it is given. */
function scriptOf({ program, args }: Asked, project: BunProject): Found | null {
  if (program !== "npm" && program !== "yarn" && program !== "pnpm") return null;
  const before = scriptFlags(args);
  const [verb] = before.rest;
  if (!isLiteral(verb)) return null;
  let name = Object.hasOwn(SHORT, verb.text) ? SHORT[verb.text] : undefined;
  let flags = before.flags;
  let rest = before.rest.slice(1);
  if (RUN_VERBS.has(verb.text)) {
    const after = scriptFlags(rest);
    const [word] = after.rest;
    if (!isLiteral(word)) return null;
    name = word.text;
    flags = [...flags, ...after.flags];
    rest = after.rest.slice(1);
  } else if (name === undefined && program !== "npm" && !OWN_COMMANDS.has(verb.text)) name = verb.text;
  if (name === undefined || name.startsWith("-") || !project.manifest.scripts.has(name)) return null;
  if (program !== "npm") {
    const tail = plainTail(rest);
    return tail && { name, flags, tail };
  }
  // Behind the name, too, they are npm's own.
  const after = scriptFlags(rest);
  const tail = npmTail(after.rest);
  return tail && { name, flags: [...flags, ...after.flags], tail };
}

/** Flags beside a script's name that both sides understand. */
function scriptFlags(words: readonly ShellWord[]): { flags: readonly string[]; rest: readonly ShellWord[] } {
  const flags: string[] = [];
  let index = 0;
  for (; isLiteral(words[index]); index++) {
    const text = words[index]?.text;
    if (text === "--silent" || text === "-s") flags.push("--silent");
    else if (text === "--if-present") flags.push("--if-present");
    else break;
  }
  return { flags, rest: words.slice(index) };
}

/**
 * What npm hands on: words before `--` that are no options (it keeps those for itself), and all after it. The first
 * `--` is taken away; bun takes one away only where it comes first, so it stays where the next word may be another.
 */
function npmTail(words: readonly ShellWord[]): readonly ShellWord[] | null {
  const at = words.findIndex((word) => word.text === "--" && word.known);
  const before = at < 0 ? words : words.slice(0, at);
  if (before.some((word) => !isLiteral(word) || word.text.startsWith("-"))) return null;
  if (at < 0) return before;
  const after = words.slice(at + 1);
  const [first] = after;
  const plain = before.length > 0 || first === undefined || (isLiteral(first) && first.text !== "--");
  return plain ? [...before, ...after] : words;
}

/** What yarn and pnpm hand on: everything. Their versions differ in what becomes of `--`: it is left as asked. */
function plainTail(words: readonly ShellWord[]): readonly ShellWord[] | null {
  const unsure = words.some((word) => word.text === "--" || (!word.known && word.text === ""));
  return unsure ? null : words;
}

/** True when a script does the same whichever manager starts it. */
function runsAlike({ manifest }: BunProject, name: string, program: string): boolean {
  const around = [`pre${name}`, `post${name}`].filter((each) => manifest.scripts.has(each));
  // Some versions of yarn and pnpm run the scripts around a script, and some don't.
  if (around.length > 0 && program !== "npm") return false;
  return [name, ...around].every((each) => !NPM_VARIABLES.test(manifest.scripts.get(each) ?? ""));
}

type Program = Omit<Found, "flags">;

/** The program of node_modules/.bin that a command runs, with what it is given. */
function programOf({ program, args }: Asked, project: BunProject): Program | null {
  const [verb, ...rest] = args;
  if (program === "npx") return named(skipConsent(args).rest);
  if (!isLiteral(verb)) return null;
  if (program === "npm") return verb.text === "exec" || verb.text === "x" ? npmProgram(rest) : null;
  if (program === "pnpm" && verb.text === "exec") return named(rest);
  if (program !== "pnpm" && program !== "yarn") return null;
  const found = named(verb.text === "run" && program === "yarn" ? rest : args);
  if (found === null || OWN_COMMANDS.has(found.name) || project.manifest.scripts.has(found.name)) return null;
  const tail = plainTail(found.tail);
  return tail && { name: found.name, tail };
}

/** After `npm exec --` everything is the program's; before it, npm keeps options for itself. */
function npmProgram(words: readonly ShellWord[]): Program | null {
  const { rest, dashed } = skipConsent(words);
  const found = named(rest);
  const tail = found && (dashed ? found.tail : npmTail(found.tail));
  return found && tail && { name: found.name, tail };
}

/** Words after the flags that only say whether to ask before a download: here there is none to come. */
function skipConsent(words: readonly ShellWord[]): { rest: readonly ShellWord[]; dashed: boolean } {
  let index = 0;
  for (; isLiteral(words[index]); index++) {
    const text = words[index]?.text ?? "";
    if (text === "--") return { rest: words.slice(index + 1), dashed: true };
    if (text !== "-y" && text !== "--yes" && text !== "--no-install") break;
  }
  return { rest: words.slice(index), dashed: false };
}

/** A plain program name first, without version, scope or path. */
function named(words: readonly ShellWord[]): Program | null {
  const [name, ...tail] = words;
  return isLiteral(name) && /^\w[\w.-]*$/.test(name.text) ? { name: name.text, tail } : null;
}
