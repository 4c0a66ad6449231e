import { type Git, type GitRequest, succeeded } from "./run.ts";

/** Merging trees of 50,000 files took 2 s. */
const MERGE_MS = 30_000;
const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

export interface MergedTree {
  readonly tree: string;
  /** Paths that both sides changed in the same lines; the tree has marks in them. */
  readonly conflicts: readonly string[];
}

/** Commits, trees and their merges, none of which touches a working tree, an index or a branch. Null where git failed. */
export class Merging {
  readonly #git: Git;
  readonly #folder: string;

  constructor(git: Git, folder: string) {
    this.#git = git;
    this.#folder = folder;
  }

  async commitOf(ref: string): Promise<string | null> {
    return this.#hash(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  }

  async treeOf(commit: string): Promise<string | null> {
    return this.#hash(["rev-parse", "--verify", "--quiet", `${commit}^{tree}`]);
  }

  /** The best common ancestor. */
  async base(one: string, other: string): Promise<string | null> {
    return this.#hash(["merge-base", one, other]);
  }

  async isAncestor(one: string, other: string): Promise<boolean> {
    return (await this.#read(["merge-base", "--is-ancestor", one, other])) !== null;
  }

  /** What two trees come to, seen from a third one. */
  async merge(base: string, ours: string, theirs: string): Promise<MergedTree | null> {
    // git finds the ancestor by itself: commits that have no other one leave it no choice.
    const root = await this.#throwAway(base, []);
    if (root === null) return null;
    const [one, other] = await Promise.all([ours, theirs].map((tree) => this.#throwAway(tree, [root])));
    return one && other ? this.#merged(one, other) : null;
  }

  /** Whether what a commit has changed is in another one already. */
  async hasLanded(commit: string, into: string): Promise<boolean> {
    const [tree, merged] = await Promise.all([this.treeOf(into), this.#merged(into, commit)]);
    return merged !== null && merged.conflicts.length === 0 && merged.tree === tree;
  }

  /** By the person, as git knows them. Git's word on it where it failed. */
  async commit(
    tree: string,
    parents: readonly string[],
    message: string,
  ): Promise<{ readonly id: string } | { readonly said: string }> {
    const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent]), "-F", "-"];
    const result = await this.#run(args, { input: Buffer.from(`${message}\n`) });
    const id = result.stdout.trim();
    return succeeded(result) && HASH.test(id)
      ? { id }
      : { said: result.stderr.trim().split("\n").at(-1) ?? "" };
  }

  async #merged(one: string, other: string): Promise<MergedTree | null> {
    const args = ["merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", one, other];
    const result = await this.#run(args);
    // 1: there are conflicts.
    const said = !result.timedOut && !result.truncated && (result.code === 0 || result.code === 1);
    const [tree = "", ...paths] = said ? result.stdout.split("\0") : [];
    return HASH.test(tree) ? { tree, conflicts: [...new Set(paths.filter((path) => path !== ""))] } : null;
  }

  #throwAway(tree: string, parents: readonly string[]): Promise<string | null> {
    const who = ["-c", "user.name=Interlock", "-c", "user.email=interlock@localhost"];
    return this.#hash([...who, "commit-tree", tree, ...parents.flatMap((each) => ["-p", each]), "-m", "-"]);
  }

  async #hash(args: readonly string[]): Promise<string | null> {
    const said = (await this.#read(args))?.trim() ?? "";
    return HASH.test(said) ? said : null;
  }

  async #read(args: readonly string[]): Promise<string | null> {
    const result = await this.#run(args);
    return succeeded(result) ? result.stdout : null;
  }

  #run(args: readonly string[], more: Partial<GitRequest> = {}) {
    return this.#git.run({ folder: this.#folder, args, timeoutMs: MERGE_MS, ...more });
  }
}
