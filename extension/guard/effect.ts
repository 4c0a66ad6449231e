import type { RuleId } from "../policy/rules.ts";
import type { FactQuery } from "./facts.ts";

/**
 * The kinds of effect that a command can have. They stand in policies, records and `interlock check`, so a
 * kind never changes its meaning; new kinds may come.
 */
export const EFFECTS = [
  /** Reads files or state, prints. */
  "read",
  /** Runs the project's own code: tests, builds, scripts, programs. */
  "run.project",
  /** Writes files inside the project. */
  "write",
  /** Writes outside the project and the temporary folders. */
  "write.outside",
  /** Overwrites a file's content. */
  "overwrite",
  /** Removes files. */
  "delete",
  /** Writes what steers tools or agents: git's configuration, hooks, editor settings, policies, CI. */
  "write.protected",
  /** Reads or sends key material. */
  "secret",
  /** Adds to the repository without losing anything: add, commit, branch, fetch, stash push. */
  "git.write",
  /** Discards uncommitted changes of the working tree or the index. */
  "git.discard",
  /** Removes untracked files from the working tree. */
  "git.clean",
  /** Moves or deletes a ref so that commits can become unreachable. */
  "git.ref",
  /** Drops stash entries. */
  "git.stash.drop",
  /** Expires reflogs, prunes objects, rewrites history. */
  "git.history",
  /** Writes git's configuration. */
  "git.config",
  /** Sends refs to a remote. */
  "git.push",
  /** Overwrites or deletes refs of a remote. */
  "git.push.force",
  /** Installs dependencies as the lock says. */
  "deps.install",
  /** Changes the project's dependencies, or installs what no lock names. */
  "deps.change",
  /** Talks to another machine. */
  "network",
  /** Sends data to another machine. */
  "network.send",
  /** Publishes packages, releases, images. */
  "publish",
  /** Changes databases, clouds, clusters, containers. */
  "remote.change",
  /** Gains other rights: sudo, su, chown, setuid. */
  "privilege",
  /** Ends processes. */
  "process.kill",
  /** Switches Interlock off, edits its policy or log. */
  "interlock",
  /** Can't tell what this does. */
  "unclear",
] as const;
export type EffectKind = (typeof EFFECTS)[number];

/** One thing that a command would do. */
export interface Effect {
  readonly kind: EffectKind;
  /** The rule that it falls under. */
  readonly rule: RuleId;
  /** The words of the command that say so. */
  readonly words: string;
  /** What decides whether it is harmless here. Without needs the rule alone decides. */
  readonly needs: readonly FactQuery[];
  /** The absolute path that it changes, which may be a pattern. */
  readonly at?: { readonly path: string; readonly act: "remove" | "write" };
  /** Where content arrives that was moved, and what would be lost of it if it were removed there. */
  readonly moved?: { readonly to: readonly string[]; readonly needs: readonly FactQuery[] };
}
