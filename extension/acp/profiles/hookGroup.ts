/** The tool by which Claude Code and Codex run commands, as both tell it to hooks. */
export const COMMAND_TOOL = "Bash";

/** One hook in the form that both take. */
export function hookGroup(hook: object): object {
  return { matcher: COMMAND_TOOL, hooks: [hook] };
}
