import * as l10n from "@vscode/l10n";
import type { EffectKind } from "../guard/effect.ts";
import type { Verdict } from "./verdict.ts";

/** How much is asked. `careful` is the default. */
export const MODES = ["read-only", "careful", "trusting"] as const;
export type Mode = (typeof MODES)[number];

/** What an ask looks like: a warning with counts, a neutral question, or a decision that is not the agent's. */
export type AskKind = "loss" | "unclear" | "change";

export interface Rule {
  readonly effect: EffectKind;
  readonly ask: AskKind;
  /** Verdicts in `read-only`, `careful` and `trusting`, in this order. */
  readonly verdicts: readonly [Verdict, Verdict, Verdict];
  /** One sentence for a person: what the act does. */
  readonly reason: () => string;
  /** One sentence for the agent: what it could do instead. */
  readonly remedy?: () => string;
}

const ALWAYS = ["allow", "allow", "allow"] as const;
const WRITES = ["deny", "allow", "allow"] as const;
const ASKS = ["deny", "ask", "ask"] as const;
const TRUSTED = ["deny", "ask", "allow"] as const;
/** Not even `read-only` refuses reading because of a typing error in a file. */
const UNJUDGED = ["ask", "ask", "ask"] as const;
const NEVER = ["deny", "deny", "deny"] as const;

function loss(effect: EffectKind, reason: () => string, remedy?: () => string): Rule {
  return { effect, ask: "loss", verdicts: ASKS, reason, ...(remedy ? { remedy } : {}) };
}

function unclear(reason: () => string): Rule {
  return { effect: "unclear", ask: "unclear", verdicts: ASKS, reason };
}

function change(
  effect: EffectKind,
  verdicts: readonly [Verdict, Verdict, Verdict],
  reason: () => string,
  remedy?: () => string,
): Rule {
  return { effect, ask: "change", verdicts, reason, ...(remedy ? { remedy } : {}) };
}

/**
 * The built-in rules. People write their ids in policies, so an id never changes its meaning and is never used
 * for something else.
 */
export const RULES = {
  read: change("read", ALWAYS, () => l10n.t("Only reads.")),
  "read.outside": change("read", ["ask", "ask", "allow"], () => l10n.t("Reads a file outside the project.")),
  "run.project": change("run.project", WRITES, () => l10n.t("Runs the project's own code.")),

  "fs.write": change("write", WRITES, () => l10n.t("Writes files of the project.")),
  "fs.write.temporary": change("write", ALWAYS, () => l10n.t("Writes temporary files.")),
  "fs.write.outside": change(
    "write.outside",
    ASKS,
    () => l10n.t("Writes outside the project."),
    () => l10n.t("Write inside the project or a temporary folder instead."),
  ),
  "fs.write.protected": change("write.protected", ASKS, () =>
    l10n.t("Writes a file that steers tools, the editor or agents."),
  ),
  "fs.write.instructions": change(
    "write.protected",
    TRUSTED,
    () => l10n.t("Changes what agents are told about this project."),
    () => l10n.t("Propose the change in your answer instead."),
  ),
  "fs.write.elsewhere": change(
    "write",
    ASKS,
    () => l10n.t("Writes outside the folders that the policy opens to agents."),
    () => l10n.t("Write inside those folders instead."),
  ),
  "fs.overwrite": loss(
    "overwrite",
    () => l10n.t("Overwrites content that is saved nowhere else."),
    () => l10n.t("Write to a new file, or commit first."),
  ),
  "fs.delete": loss(
    "delete",
    () => l10n.t("Deletes content that is saved nowhere else."),
    () => l10n.t("Move it aside, or commit first."),
  ),
  "fs.delete.outside": loss("delete", () => l10n.t("Deletes files outside the project.")),
  "fs.delete.around": loss("delete", () => l10n.t("Deletes the project with what lies around it.")),
  "fs.delete.repository": loss("delete", () => l10n.t("Deletes a git repository with its history.")),
  "secret.read": change("secret", ASKS, () => l10n.t("Reads keys or passwords.")),
  "secret.write": change("secret", ASKS, () => l10n.t("Writes a file that holds keys or passwords.")),

  "git.write": change("git.write", WRITES, () => l10n.t("Adds to the repository.")),
  "git.commit.protected": change(
    "git.write",
    TRUSTED,
    () => l10n.t("Commits to a protected branch."),
    () => l10n.t("Commit on a branch such as feature/agent/NAME, in a worktree of its own."),
  ),
  "git.reset.discard": loss(
    "git.discard",
    () => l10n.t("Discards uncommitted changes."),
    () => l10n.t("Keep them with `git stash push` first, or reset single files."),
  ),
  "git.checkout.discard": loss(
    "git.discard",
    () => l10n.t("Discards uncommitted changes."),
    () => l10n.t("Keep them with `git stash push` first."),
  ),
  "git.restore.discard": loss(
    "git.discard",
    () => l10n.t("Discards uncommitted changes."),
    () => l10n.t("Keep them with `git stash push` first."),
  ),
  "git.index.discard": loss("git.discard", () => l10n.t("Discards staged content that is nowhere else.")),
  "git.marked.discard": loss(
    "git.discard",
    () => l10n.t("Discards edits of files that git was told to take for unchanged."),
    () => l10n.t("Copy those files aside first: `git ls-files -v` lists them with small letters."),
  ),
  "git.rm.discard": loss("git.discard", () => l10n.t("Removes files with uncommitted changes.")),
  "git.apply": loss("git.discard", () => l10n.t("Applies a patch over uncommitted changes.")),
  "git.worktree.remove": loss("git.discard", () =>
    l10n.t("Removes a worktree with what is uncommitted in it."),
  ),
  "git.submodule.discard": loss("git.discard", () => l10n.t("Discards changes in submodules.")),
  "git.clean": loss(
    "git.clean",
    () => l10n.t("Deletes untracked files."),
    () => l10n.t("Look with `git clean -n` first, and name the paths."),
  ),
  "git.ref.move": loss("git.ref", () => l10n.t("Moves a branch away from commits that nothing else keeps.")),
  "git.ref.delete": loss("git.ref", () =>
    l10n.t("Deletes a branch or tag whose commits nothing else keeps."),
  ),
  "git.ref.protected": change(
    "git.ref",
    ASKS,
    () => l10n.t("Moves a protected branch."),
    () => l10n.t("Work on a branch such as feature/agent/NAME."),
  ),
  "git.ref.delete.protected": change(
    "git.ref",
    NEVER,
    () => l10n.t("Deletes a protected branch."),
    () => l10n.t("Leave it, and say why it could go: a person deletes it."),
  ),
  "git.branch.elsewhere": change(
    "git.write",
    ASKS,
    () => l10n.t("Writes to a branch that the policy doesn't open to agents."),
    () => l10n.t("Work on a branch such as feature/agent/NAME."),
  ),
  "git.rebase.rewrite": loss("git.ref", () => l10n.t("Rewrites commits, and can drop some.")),
  "git.stash.drop": loss("git.stash.drop", () => l10n.t("Drops stashed changes.")),
  "git.history": loss("git.history", () => l10n.t("Removes history that could still be brought back.")),
  "git.config": change("git.config", ASKS, () => l10n.t("Changes git's configuration.")),
  "git.push": change("git.push", ASKS, () => l10n.t("Sends commits to a remote.")),
  "git.push.force": loss("git.push.force", () => l10n.t("Overwrites or deletes branches of a remote.")),
  "git.push.protected": change(
    "git.push.force",
    NEVER,
    () => l10n.t("Overwrites or deletes a protected branch of a remote."),
    () => l10n.t("Push to a branch such as feature/agent/NAME."),
  ),

  "deps.install": change("deps.install", WRITES, () => l10n.t("Installs the project's dependencies.")),
  "deps.change": change("deps.change", TRUSTED, () => l10n.t("Changes the project's dependencies.")),
  "deps.foreign": change("deps.change", NEVER, () =>
    l10n.t("Another package manager than the one that owns this project."),
  ),
  "network.production": change("network", ASKS, () =>
    l10n.t(
      "Names a production host, and this session was not started for it. Calls that programs make by themselves are not seen.",
    ),
  ),
  "network.closed": change(
    "network",
    ASKS,
    () => l10n.t("Talks to a machine that the policy doesn't name."),
    () => l10n.t("Do without it, or ask the person to add the host to the policy."),
  ),
  "network.read": change("network", ["deny", "allow", "allow"], () => l10n.t("Reads from the network.")),
  "network.send": change("network.send", ASKS, () => l10n.t("Sends data to another machine.")),
  publish: change("publish", ASKS, () => l10n.t("Publishes something.")),
  "remote.change": change("remote.change", ASKS, () =>
    l10n.t("Changes a database, a cloud, a cluster or containers."),
  ),
  privilege: change("privilege", ASKS, () => l10n.t("Asks for other rights.")),
  "process.kill": change("process.kill", TRUSTED, () => l10n.t("Ends processes.")),
  "interlock.off": change(
    "interlock",
    ["deny", "deny", "ask"],
    () => l10n.t("Asks to go past the project's toolchain, by INTERLOCK=off."),
    () => l10n.t("Run it without INTERLOCK=off; the person can have a command run as asked."),
  ),
  "interlock.tamper": change("interlock", NEVER, () => l10n.t("Would change Interlock's own policy or log.")),

  "policy.unreadable": change("interlock", UNJUDGED, () =>
    l10n.t("The policy can't be read, so everything is asked about."),
  ),

  "unclear.syntax": unclear(() => l10n.t("This line could not be read completely.")),
  "unclear.program": unclear(() => l10n.t("What this program does is not known.")),
  "unclear.options": unclear(() => l10n.t("What these options do is not known.")),
  "unclear.code": unclear(() => l10n.t("It runs code that was not looked into.")),
  "unclear.folder": unclear(() => l10n.t("It can't be told in which folder this runs.")),
  "unclear.environment": unclear(() => l10n.t("It sets variables that change what programs do.")),
  "unclear.tool": unclear(() => l10n.t("What this tool of the agent does is not known.")),
  "unclear.shell": unclear(() => l10n.t("This shell's language is not understood.")),
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof RULES;

export function ruleVerdict(id: RuleId, mode: Mode): Verdict {
  return RULES[id].verdicts[MODES.indexOf(mode)] ?? "ask";
}
