import type { ShellAssignment } from "../shell/command.ts";
import { isHarmlessGitVariable } from "./git/git.ts";

/** Variables by which other programs are run, or the same name means another program. */
const STEERS =
  /^(PATH|LD_\w+|DYLD_\w+|NODE_OPTIONS|NODE_PATH|BASH_ENV|ENV|BASHOPTS|SHELLOPTS|PS4|IFS|PROMPT_COMMAND|PYTHONSTARTUP|PYTHONHOME|PYTHONINSPECT|PYTHONPATH|PERL5LIB|PERL5DB|TAR_OPTIONS|CDPATH|GREP_OPTIONS|RSYNC_RSH|GOFLAGS|FCEDIT|SUDO_EDITOR|BROWSER|PERL5OPT|RUBYOPT|RUBYLIB|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|EDITOR|VISUAL|PAGER|MANPAGER|LESSOPEN|LESSCLOSE|MAKEFLAGS|MAKE|SHELL|HOME|XDG_CONFIG_HOME|npm_config_\w+|NPM_CONFIG_\w+)$/i;

/** Values under which a steering variable runs nothing. */
const HARMLESS: Readonly<Record<string, RegExp>> = {
  NODE_OPTIONS:
    /^(--(max-old-space-size|max-semi-space-size|stack-trace-limit)=\d+|--(no-warnings|trace-warnings|enable-source-maps|experimental-vm-modules|experimental-strip-types|unhandled-rejections=\w+|no-deprecation|openssl-legacy-provider)|\s)+$/,
  PAGER: /^(cat|less( -\S+)*|)$/,
  EDITOR: /^(:|true|cat)$/,
  VISUAL: /^(:|true|cat)$/,
};

export type AssignmentMeaning = "harmless" | "steers" | "interlock";

/** What setting a variable for a command, or for what follows, means. */
export function meaningOf(assignment: ShellAssignment): AssignmentMeaning {
  const { name, value } = assignment;
  if (name.startsWith("INTERLOCK")) return "interlock";
  if (name.startsWith("GIT_")) return isHarmlessGitVariable(name, value) ? "harmless" : "steers";
  // `BASH_FUNC_x%%` and the like define functions.
  if (!/^\w+$/.test(name)) return "steers";
  if (!STEERS.test(name)) return "harmless";
  const allowed = Object.hasOwn(HARMLESS, name) ? HARMLESS[name] : undefined;
  return allowed !== undefined && value.known && allowed.test(value.text) ? "harmless" : "steers";
}
