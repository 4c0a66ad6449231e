import * as l10n from "@vscode/l10n";

export function usageText(): string {
  return l10n.t(`interlock: coding agents under one policy, without an editor

  interlock run --agent ID [--cwd DIR] [--json] PROMPT
      Runs a session in the terminal. What would need a person's yes is refused.
      Exit status: 0 where all went well, 1 where something failed or was refused for want of a yes.
      --json      print the session's events, one JSON object a line
      --agents FILE
                  a JSON file with agents, shaped like the setting interlock.agents

  interlock check [--cwd DIR] [--json] -- COMMAND
      Says what would become of a command: verdict, rule, reason and route. Nothing is run.
      One word behind -- is a line of shell, several are a program with its arguments.
      Exit status: 0 allow, 10 ask, 11 deny.

  interlock check --stdin
      Reads JSON lines {"id"?, "command", "cwd"?} and answers each on one line, in order.

  interlock doctor [--cwd DIR] [--json]
      Says what a folder and this machine have and lack.

  --mode read-only|careful|trusting   how much is asked (careful)
  --swap                              another program may answer for one that the project lacks
  --version, --help`);
}
