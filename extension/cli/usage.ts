import * as l10n from "@vscode/l10n";

export function usageText(): string {
  return l10n.t(`interlock: coding agents under one policy, without an editor

  interlock run --agent ID [--cwd DIR] [--json] PROMPT
      Runs a session in the terminal. What would need a person's yes is refused.
      Exit status: 0 where the agent came to its end, also where a command of it failed; 1 where anything was
      refused, or the session failed.
      --json      print the session's events, one JSON object a line
      --agents FILE
                  a JSON file with agents, shaped like the setting interlock.agents; without it
                  agents.json beside your own policy
      --worktree  in a worktree of its own, on a new branch feature/agent/…; with --carry the uncommitted changes
                  come along. It stays where anything is in it.
      --environment NAME
                  commands may name the hosts of this environment of the policy
      --past-limit
                  also where the policy's limit of spending is reached

  interlock exec [--name NAME] [--cwd DIR] -- COMMAND
      Runs an agent, or anything else, on this terminal and guarded like a session: its programs ask first, Claude Code
      and Codex with a hook, and restore points are kept. What would need a person's yes is refused. COMMAND itself is
      asked about, too, and goes where its project sends it, unless it starts a known agent.
      Exit status: the command's own; 125 where it would not be guarded, and so was not started; 126 or 127 where it
      can't be run.

  interlock check [--cwd DIR] [--json] -- COMMAND
      Says what would become of a command: verdict, rule, reason and route. Nothing is run.
      One word behind -- is a line of shell, several are a program with its arguments.
      Exit status: 0 allow, 10 ask, 11 deny.
      --explain   print every step: what was read, where it is routed, what it would do, and who says what of it

  interlock check --stdin
      Reads JSON lines {"id"?, "command", "cwd"?} and answers each on one line, in order.

  interlock route [--cwd DIR] [--json] -- COMMAND
      Says where a command would be sent, who owns the project's packages, and by which evidence. Nothing is run.

  interlock policy init [--user] [--cwd DIR]
      Writes a policy with comments, to agent-policy.json or as the user's own.

  interlock policy validate [FILE] [--json]
      Says what is wrong with a policy, by line and column. Without a file: with those that count here.

  interlock policy show [--json]
      Says which policies count here, and what of the project's is not in force.

  interlock doctor [--cwd DIR] [--json]
      Says what a folder and this machine have and lack.

  interlock tools list | get TOOL... [--yes] | remove TOOL... [--json]
      uv, ruff, ty and bun, where this machine has none: get fetches the pinned version from PyPI or npm, as your own
      settings name them, into Interlock's state folder. It says what, how much, from where and where to, and asks first.
      --yes       you have read that, and don't want to be asked

  interlock agents list [--agents FILE] [--json]
      The agents that are set up, and known ones that this machine has, each with how it is started.

  interlock agents verify ID [--agents FILE] [--json]
      Tries what an agent does, in a repository that is thrown away, with a model of Interlock's own: no key, no network, and
      nothing of yours is touched. Once in a clean home, once with those of your settings by which it asks.
      Says by which doorway each act was caught, and keeps that.
      Exit status: 0 where everything that should be was held or routed before it happened; 1 otherwise.

  interlock restore list | show ID | diff ID [PATH...] | apply ID [PATH...] [--cwd DIR] [--json]
      Lists the restore points of a folder by session and turn, shows what one holds and what it would change, and
      brings it back. Without a PATH index, HEAD, refs and stash entries come back too. A point is taken before.
      --exact     remove what came since as well
      --conflicts keep|point
                  what stays where you and the point changed the same lines (keep)

  interlock restore finish ID | undo ID
      Ends a restore that was interrupted, or takes one back.

  interlock worktrees list | show NAME | bring NAME [PATH...] | remove NAME... [--cwd DIR] [--json]
      The worktrees that sessions work in, what each holds that lies nowhere else, and what it changed. bring puts that
      into your own working tree, merged with what you changed; a restore point is taken before. remove refuses one that
      holds work; commits stay on its branch.
      --as files|commit|merge
                  as files (files), as one commit of your branch, or by merging its branch; nothing is touched where
                  that would conflict
      --message TEXT
                  of the commit
      --conflicts keep|theirs
                  what stays where you and the worktree changed the same lines (keep)
      --empty     remove all that hold nothing
      --yes       you have read what your policy would ask, and don't want to be asked

  --mode read-only|careful|trusting   how much is asked (careful)
  --swap                              another program may answer for one that the project lacks
  --version, --help`);
}
