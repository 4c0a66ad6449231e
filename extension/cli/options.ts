import * as l10n from "@vscode/l10n";
import { parseArgs } from "node:util";
import { fail, ok, type Result } from "../errors.ts";
import { nearest } from "../text/nearest.ts";

export const COMMANDS = [
  "check",
  "route",
  "run",
  "exec",
  "doctor",
  "tools",
  "agents",
  "restore",
  "worktrees",
  "policy",
] as const;
export type CommandName = (typeof COMMANDS)[number];

/** What each option is followed by, and the commands that know it; those without one are everybody's. */
const OPTIONS = {
  agent: { type: "string", of: "run" },
  agents: { type: "string", of: ["run", "agents"] },
  as: { type: "string", of: "worktrees" },
  carry: { type: "boolean", of: "run" },
  conflicts: { type: "string", of: ["restore", "worktrees"] },
  cwd: { type: "string" },
  empty: { type: "boolean", of: "worktrees" },
  environment: { type: "string", of: "run" },
  exact: { type: "boolean", of: "restore" },
  explain: { type: "boolean", of: "check" },
  help: { type: "boolean", short: "h" },
  json: { type: "boolean" },
  message: { type: "string", of: "worktrees" },
  mode: { type: "string" },
  name: { type: "string", of: "exec" },
  "past-limit": { type: "boolean", of: "run" },
  stdin: { type: "boolean", of: "check" },
  swap: { type: "boolean" },
  user: { type: "boolean", of: "policy" },
  version: { type: "boolean", short: "V" },
  worktree: { type: "boolean", of: "run" },
  yes: { type: "boolean", of: ["tools", "worktrees"] },
} as const satisfies Readonly<Record<string, Option>>;

interface Option {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly of?: CommandName | readonly CommandName[];
}

type Name = keyof typeof OPTIONS;
/** Those that were given. */
export type Options = {
  readonly [Each in Name]?: (typeof OPTIONS)[Each]["type"] extends "string" ? string : true;
};

export interface Words {
  readonly options: Options;
  readonly positionals: readonly string[];
  /** True where `--` stands among them. */
  readonly dashes: boolean;
}

/** Splits the words of a call. What is wrong is said in our own words: Node's speak of its API. */
export function readOptions(command: CommandName, args: readonly string[]): Result<Words, string> {
  // Not strict: it would throw, and say nothing that could be told to a person.
  const { tokens } = parseArgs({
    args: [...args],
    options: parserOptions(),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const options: Partial<Record<Name, string | true>> = {};
  const positionals: string[] = [];
  let dashes = false;
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    else if (token.kind === "option-terminator") dashes = true;
    else {
      const { name, rawName, value } = token;
      if (!isKnown(name, command)) return fail(unknownOption(command, rawName));
      const takes = OPTIONS[name].type === "string";
      if (!takes && value !== undefined) return fail(l10n.t("“{0}” takes no value.", rawName));
      // A word that begins with a dash is the next option, unless an equals sign says that it is not.
      if (takes && (value === undefined || (!token.inlineValue && value.startsWith("-"))))
        return fail(l10n.t("“{0}” wants a value behind it.", rawName));
      options[name] = value ?? true;
    }
  }
  return ok({ options: options as Options, positionals, dashes });
}

function parserOptions(): Record<string, { type: "string" | "boolean"; short?: string }> {
  return Object.fromEntries(
    Object.entries(OPTIONS).map(([name, option]: [string, Option]) => [
      name,
      { type: option.type, ...(option.short === undefined ? {} : { short: option.short }) },
    ]),
  );
}

function isKnown(name: string, command: CommandName): name is Name {
  return namesOf(command).includes(name);
}

function namesOf(command: CommandName): readonly string[] {
  return Object.entries(OPTIONS)
    .filter(([, { of }]: [string, Option]) => of === undefined || [of].flat().includes(command))
    .map(([name]) => name);
}

function unknownOption(command: CommandName, raw: string): string {
  const names = namesOf(command);
  const said = l10n.t("“{0}” is no option of “{1}”.", raw, command);
  const near = raw.length > 2 ? nearest(raw.replace(/^-+/, ""), names) : undefined;
  if (near !== undefined) return `${said} ${l10n.t("Did you mean “{0}”?", `--${near}`)}`;
  const all = names.map((name) => `--${name}`).join(", ");
  return `${said} ${l10n.t("It takes: {0}.", all)}`;
}
