import * as l10n from "@vscode/l10n";
import { fail, ok, type Result } from "../errors.ts";
import { MODES, type Mode } from "../policy/rules.ts";
import type { SwapMode } from "../toolchain/swapConsents.ts";
import { nearest } from "../text/nearest.ts";
import { PROVIDED_TOOLS, type ProvidedTool } from "../toolchain/provision/pins.ts";
import { providedTool } from "../toolchain/provision/providedTools.ts";
import { COMMANDS, type Options, readOptions } from "./options.ts";

interface Common {
  /** As typed; the current folder where it wasn't. */
  readonly cwd: string;
  readonly json: boolean;
  readonly mode: Mode;
  /** `ask`: what a person accepted for the project counts, as in the editor. */
  readonly swap: SwapMode;
}

export interface CheckArguments extends Common {
  readonly command: "check";
  /** The words behind `--`: one word is a line of shell, several are a program with its arguments. */
  readonly words: readonly string[];
  readonly stdin: boolean;
  /** Print every step on the way to the verdict. */
  readonly explain: boolean;
}

export interface RouteArguments extends Common {
  readonly command: "route";
  /** The words behind `--`: one word is a line of shell, several are a program with its arguments. */
  readonly words: readonly string[];
}

export interface RunArguments extends Common {
  readonly command: "run";
  readonly agent: string;
  /** A JSON file with agents, shaped like the setting `interlock.agents`. */
  readonly agents: string | undefined;
  /** The environment whose hosts are open to it. */
  readonly environment: string | undefined;
  /** A worktree of its own, and whether the uncommitted changes come along. */
  readonly worktree: boolean;
  readonly carry: boolean;
  /** Also where the policy's limit of spending is reached. */
  readonly pastLimit: boolean;
  readonly prompt: string;
}

export interface ExecArguments extends Common {
  readonly command: "exec";
  /** What the session is called; the program where it isn't said. */
  readonly name: string | undefined;
  /** The words behind `--`: a program with its arguments. */
  readonly words: readonly [string, ...string[]];
}

export interface DoctorArguments extends Common {
  readonly command: "doctor";
}

export const TOOLS_ACTIONS = ["list", "get", "remove"] as const;

export interface ToolsArguments extends Common {
  readonly command: "tools";
  readonly action: (typeof TOOLS_ACTIONS)[number];
  /** None for `list`. */
  readonly tools: readonly ProvidedTool[];
  /** A person has said yes to what would be fetched. */
  readonly yes: boolean;
}

export const AGENTS_ACTIONS = ["list", "verify"] as const;

export interface AgentsArguments extends Common {
  readonly command: "agents";
  readonly action: (typeof AGENTS_ACTIONS)[number];
  /** Of the agent to verify; empty for `list`. */
  readonly id: string;
  /** A JSON file with agents, shaped like the setting `interlock.agents`. */
  readonly agents: string | undefined;
}

export const RESTORE_ACTIONS = ["list", "show", "diff", "apply", "finish", "undo"] as const;

export interface RestoreArguments extends Common {
  readonly command: "restore";
  readonly action: (typeof RESTORE_ACTIONS)[number];
  /** Of a point, or for `finish` and `undo` of a restore; empty for `list`. */
  readonly id: string;
  /** As typed, seen from `cwd`; all where there is none. */
  readonly paths: readonly string[];
  readonly exact: boolean;
  readonly conflicts: "keep" | "point";
}

export const WORKTREES_ACTIONS = ["list", "show", "bring", "remove"] as const;
export const BRING_AS = ["files", "commit", "merge"] as const;

export interface WorktreesArguments extends Common {
  readonly command: "worktrees";
  readonly action: (typeof WORKTREES_ACTIONS)[number];
  /** Names of worktrees: one for `show` and `bring`, none for `list`. */
  readonly names: readonly string[];
  /** As typed, seen from `cwd`; all where there is none. */
  readonly paths: readonly string[];
  readonly as: (typeof BRING_AS)[number];
  /** Of the commit that is made. */
  readonly message: string | undefined;
  readonly conflicts: "keep" | "theirs";
  /** All that hold nothing. */
  readonly empty: boolean;
  /** A person has said yes to what the policy would ask. */
  readonly yes: boolean;
}

export const POLICY_ACTIONS = ["init", "validate", "show"] as const;

export interface PolicyArguments extends Common {
  readonly command: "policy";
  readonly action: (typeof POLICY_ACTIONS)[number];
  /** A file to validate; the ones that count here where none was named. */
  readonly file: string | undefined;
  /** The user's own policy instead of the project's. */
  readonly user: boolean;
}

export type Arguments =
  | CheckArguments
  | RouteArguments
  | RunArguments
  | ExecArguments
  | DoctorArguments
  | ToolsArguments
  | AgentsArguments
  | RestoreArguments
  | WorktreesArguments
  | PolicyArguments;

/** Reads the words of a call. `help` and `version` are answers of their own. */
export function readArguments(argv: readonly string[]): Result<Arguments | "help" | "version"> {
  const [command, ...rest] = argv;
  if (command === undefined || command === "help" || command === "--help" || command === "-h")
    return ok("help");
  if (command === "--version" || command === "-V" || command === "version") return ok("version");
  const known = COMMANDS.find((each) => each === command);
  if (known === undefined) return usage(noCommand(command));
  const read = readOptions(known, rest);
  if (!read.ok) return usage(read.error);
  const { options: values, positionals, dashes } = read.value;
  if (values.help) return ok("help");
  if (values.version) return ok("version");
  const mode = MODES.find((each) => each === (values.mode ?? "careful"));
  if (mode === undefined) return usage(l10n.t("“--mode” is one of: {0}.", MODES.join(", ")));
  const swap = values.swap === true ? ("on" as const) : ("ask" as const);
  const common = { cwd: values.cwd ?? ".", json: values.json ?? false, mode, swap };
  switch (known) {
    case "check": {
      if (values.stdin) {
        if (positionals.length > 0)
          return usage(l10n.t("With “--stdin” the commands are read from standard input."));
      } else if (!dashes || positionals.length === 0) return usage(l10n.t("Name the command behind “--”."));
      const { stdin = false, explain = false } = values;
      if (stdin && explain) return usage(l10n.t("“--explain” takes one command, behind “--”."));
      return ok({ ...common, command: "check", words: positionals, stdin, explain });
    }
    case "route":
      if (!dashes || positionals.length === 0) return usage(l10n.t("Name the command behind “--”."));
      return ok({ ...common, command: "route", words: positionals });
    case "run":
      if (values.agent === undefined) return usage(l10n.t("Name an agent, as in “--agent builtin”."));
      if (positionals.length === 0) return usage(l10n.t("Write the prompt behind the options."));
      return ok({
        ...common,
        command: "run",
        agent: values.agent,
        agents: values.agents,
        environment: values.environment,
        worktree: values.worktree ?? false,
        carry: values.carry ?? false,
        pastLimit: values["past-limit"] ?? false,
        prompt: positionals.join(" "),
      });
    case "exec": {
      const [program, ...words] = positionals;
      if (!dashes || program === undefined) return usage(l10n.t("Name the command behind “--”."));
      return ok({ ...common, command: "exec", name: values.name, words: [program, ...words] });
    }
    case "doctor":
      if (positionals.length > 0)
        return usage(l10n.t("“doctor” takes no words of its own; name a folder with “--cwd”."));
      return ok({ ...common, command: "doctor" });
    case "tools":
      return readTools(common, positionals, values.yes ?? false);
    case "agents":
      return readAgentsArguments(common, positionals, values.agents);
    case "restore":
      return readRestore(common, positionals, values.exact ?? false, values.conflicts ?? "keep");
    case "worktrees":
      return readWorktrees(common, positionals, values);
    case "policy":
      return readPolicyArguments(common, positionals, values.user ?? false);
  }
}

function readTools(
  common: Common,
  [word = "list", ...names]: readonly string[],
  yes: boolean,
): Result<ToolsArguments> {
  const action = TOOLS_ACTIONS.find((each) => each === word);
  if (action === undefined) return usage(l10n.t("“tools” takes one of: {0}.", TOOLS_ACTIONS.join(", ")));
  const unknown = names.find((name) => providedTool(name) === null);
  if (unknown !== undefined)
    return usage(l10n.t("Interlock brings no “{0}”. There are: {1}.", unknown, PROVIDED_TOOLS.join(", ")));
  if (action === "list" && names.length > 0) return usage(l10n.t("“tools list” takes no words of its own."));
  if (action !== "list" && names.length === 0)
    return usage(l10n.t("Name the tools, as in “tools {0} ruff”.", action));
  const tools = PROVIDED_TOOLS.filter((tool) => names.includes(tool));
  return ok({ ...common, command: "tools", action, tools, yes });
}

function readAgentsArguments(
  common: Common,
  [word = "list", id = "", ...more]: readonly string[],
  agents: string | undefined,
): Result<AgentsArguments> {
  const action = AGENTS_ACTIONS.find((each) => each === word);
  if (action === undefined) return usage(l10n.t("“agents” takes one of: {0}.", AGENTS_ACTIONS.join(", ")));
  if (action === "list" && id !== "") return usage(l10n.t("“agents list” takes no words of its own."));
  if (action === "verify" && (id === "" || more.length > 0))
    return usage(l10n.t("Name one agent by its id, as in “agents verify codex”."));
  return ok({ ...common, command: "agents", action, id, agents });
}

function readRestore(
  common: Common,
  [word = "list", id = "", ...paths]: readonly string[],
  exact: boolean,
  chosen: string,
): Result<RestoreArguments> {
  const action = RESTORE_ACTIONS.find((each) => each === word);
  if (action === undefined) return usage(l10n.t("“restore” takes one of: {0}.", RESTORE_ACTIONS.join(", ")));
  if (action === "list" ? id !== "" : id === "")
    return usage(
      action === "list"
        ? l10n.t("“restore list” takes no words of its own.")
        : l10n.t("Name the point by its id."),
    );
  const conflicts = (["keep", "point"] as const).find((each) => each === chosen);
  if (conflicts === undefined) return usage(l10n.t("“--conflicts” is one of: {0}.", "keep, point"));
  return ok({ ...common, command: "restore", action, id, paths, exact, conflicts });
}

function readWorktrees(
  common: Common,
  [word = "list", ...words]: readonly string[],
  { as = "files", conflicts = "keep", message, empty, yes }: Options,
): Result<WorktreesArguments> {
  const action = WORKTREES_ACTIONS.find((each) => each === word);
  if (action === undefined)
    return usage(l10n.t("“worktrees” takes one of: {0}.", WORKTREES_ACTIONS.join(", ")));
  if (action === "list" && words.length > 0)
    return usage(l10n.t("“worktrees list” takes no words of its own."));
  if (action !== "list" && words.length === 0 && !(action === "remove" && empty))
    return usage(l10n.t("Name the worktree, as in “worktrees {0} NAME”.", action));
  const [names, paths] = action === "bring" ? [words.slice(0, 1), words.slice(1)] : [words, []];
  if (action === "show" && words.length > 1) return usage(l10n.t("“worktrees show” takes one name."));
  const how = BRING_AS.find((each) => each === as);
  if (how === undefined) return usage(l10n.t("“--as” is one of: {0}.", BRING_AS.join(", ")));
  if (how !== "files" && paths.length > 0) return usage(l10n.t("Single files come “--as files” alone."));
  const chosen = (["keep", "theirs"] as const).find((each) => each === conflicts);
  if (chosen === undefined) return usage(l10n.t("“--conflicts” is one of: {0}.", "keep, theirs"));
  return ok({
    ...common,
    command: "worktrees",
    action,
    names,
    paths,
    as: how,
    message,
    conflicts: chosen,
    empty: empty ?? false,
    yes: yes ?? false,
  });
}

function readPolicyArguments(
  common: Common,
  [name, file, ...more]: readonly string[],
  user: boolean,
): Result<PolicyArguments> {
  const action = POLICY_ACTIONS.find((each) => each === name);
  if (action === undefined)
    return usage(l10n.t("“policy” is followed by one of: {0}.", POLICY_ACTIONS.join(", ")));
  if (more.length > 0 || (file !== undefined && (action !== "validate" || user)))
    return usage(l10n.t("Only “policy validate” takes a file, and only one."));
  return ok({ ...common, command: "policy", action, file, user });
}

function noCommand(word: string): string {
  const said = l10n.t("There is no command “{0}”.", word);
  const near = nearest(word, COMMANDS);
  return near === undefined
    ? `${said} ${l10n.t("There are: {0}.", COMMANDS.join(", "))}`
    : `${said} ${l10n.t("Did you mean “{0}”?", near)}`;
}

function usage(message: string): Result<never> {
  return fail({ code: "cli.usage", message, next: l10n.t("See “interlock --help”.") });
}
