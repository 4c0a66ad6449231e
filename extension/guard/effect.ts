import type { RuleId } from "../policy/rules.ts";
import type { CodeQuery } from "./code/lookup.ts";
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
  /** Absolute paths that it reads, writes or removes, as far as the words name them; they may hold patterns. */
  readonly paths?: readonly string[];
  /** Other machines that it talks to, where the words name all of them. */
  readonly hosts?: readonly string[];
  /** Branches whose refs it writes, where the words name them; without, it is the one that is checked out. */
  readonly branches?: readonly string[];
  /** Facts that only a policy asks for: they don't decide whether it is harmless. */
  readonly also?: readonly FactQuery[];
  /** What a person's one yes covers for the rest of the session, a branch at a time, such as `push origin`. */
  readonly standing?: string;
  /** The commands that it belongs to, the one that does it first, the one that runs this one behind it. */
  readonly by?: readonly CommandWords[];
  /** Files that were looked into, or would have to be, to know what runs. */
  readonly looks?: readonly CodeQuery[];
  /** What is not clear names what removes or discards: a build of the project's own is no reason to let it pass. */
  readonly destroys?: true;
  /** Another branch, tag or commit is checked out by it; where the word names a path, the branch stays. */
  readonly checksOut?: {
    readonly ref: string;
    readonly detached: boolean;
    readonly folders: readonly string[];
  };
  /** The absolute path that it changes, which may be a pattern. */
  readonly at?: { readonly path: string; readonly act: "remove" | "write" };
  /** Where content arrives that was moved, and what would be lost of it if it were removed there. */
  readonly moved?: { readonly to: readonly string[]; readonly needs: readonly FactQuery[] };
}

/** Program and arguments as the guard reads them (`git push` for `git -C x push`); null is known at run time only. */
export type CommandWords = readonly (string | null)[];
