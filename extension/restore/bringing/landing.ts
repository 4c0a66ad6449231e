import { fail, ok, type Result } from "../../errors.ts";
import { Merging } from "../../git/merging.ts";
import { currentBranch, findRepository } from "../../git/repository.ts";
import { type Git, succeeded } from "../../git/run.ts";
import { snapshotTree } from "../../git/snapshot.ts";
import { isUnderWay } from "../../git/worktrees.ts";
import { shownPath } from "../points/bytePath.ts";
import type { IncomingFile } from "../points/incomingPlan.ts";
import type { Incoming } from "../points/restorePoints.ts";
import { readStatus } from "../status.ts";
import { busy, filtered, inConflict, inTheWay, noCommits, notLanded, nothingNew } from "./problems.ts";

/** A person waits for it. */
const GIT_MS = 30_000;

export type Landing = "commit" | "merge";

/** What a commit is called where the person says nothing: as git does, in git's language. */
export function landingMessage(how: Landing, branch: string): string {
  return how === "merge" ? `Merge branch '${branch}'` : `Bring back ${branch}`;
}

/** A commit that is made already, and that the person's branch can move on to. */
export interface Planned {
  readonly commit: string;
  /** The person's branch; null for a detached HEAD. */
  readonly into: string | null;
  /** Paths that differ from where the branch is. */
  readonly files: readonly string[];
}

/** Brings a worktree's change as commits of the person's branch. All that could go wrong is found before anything is touched. */
export class Lander {
  readonly #git: Git;
  readonly #folder: string;
  readonly #merging: Merging;

  /** `folder`: the top of the person's working tree. */
  constructor(git: Git, folder: string) {
    this.#git = git;
    this.#folder = folder;
    this.#merging = new Merging(git, folder);
  }

  /**
   * `commit`: all of the change, also what is in no commit there, as one commit. `merge`: the commits of its branch, and only
   * those. `files`: all that differs in the worktree.
   */
  async plan(
    how: Landing,
    incoming: Incoming,
    files: readonly IncomingFile[],
    message: string,
  ): Promise<Result<Planned>> {
    const repository = await findRepository(this.#folder);
    const [head, tip] = await Promise.all([
      this.#merging.commitOf("HEAD"),
      new Merging(this.#git, incoming.root).commitOf("HEAD"),
    ]);
    if (repository === null || head === null || tip === null) return fail(notLanded(""));
    if (await isUnderWay(repository.gitDir)) return fail(busy());
    if (how === "merge" && (await this.#merging.isAncestor(tip, head))) return fail(noCommits(incoming.name));
    const made =
      how === "merge"
        ? await this.#mergeCommit(head, tip, message)
        : await this.#squashed(head, tip, incoming, files, message);
    if (!made.ok) return made;
    const changed = await this.#between(head, made.value);
    if (changed === null) return fail(notLanded(""));
    const [own, through] = await Promise.all([this.#uncommittedAmong(changed), this.#filteredAmong(changed)]);
    if (own === null || through === null) return fail(notLanded(""));
    if (through.length > 0) return fail(filtered(through, incoming.name));
    if (own.length > 0) return fail(inTheWay(own));
    return ok({ commit: made.value, into: await currentBranch(repository), files: changed });
  }

  /** Moves the person's branch, index and files on, as a fast-forward does: what they have besides stays. */
  async land({ commit }: Planned): Promise<Result<void>> {
    const args = ["merge", "--ff-only", "--no-autostash", "--quiet", "--no-stat", commit];
    const result = await this.#git.run({ folder: this.#folder, args, timeoutMs: GIT_MS });
    return succeeded(result) ? ok(undefined) : fail(notLanded(lastLine(result.stderr)));
  }

  async #mergeCommit(head: string, tip: string, message: string): Promise<Result<string>> {
    // As `git merge` does.
    if (await this.#merging.isAncestor(head, tip)) return ok(tip);
    const base = await this.#merging.base(head, tip);
    if (base === null) return fail(notLanded(""));
    return this.#commit({ base, theirs: tip }, head, [head, tip], message);
  }

  async #squashed(
    head: string,
    tip: string,
    { root, base, name }: Incoming,
    files: readonly IncomingFile[],
    message: string,
  ): Promise<Result<string>> {
    const paths = files.filter((file) => file.uncommitted).map(({ path }) => path);
    const through = await this.#filteredAmong(
      paths.map((path) => shownPath(path)),
      root,
    );
    if (through === null) return fail(notLanded(""));
    if (through.length > 0) return fail(filtered(through, name));
    const tree = await snapshotTree(this.#git, root, tip, paths);
    return tree === null ? fail(notLanded("")) : this.#commit({ base, theirs: tree }, head, [head], message);
  }

  async #commit(
    { base, theirs }: { readonly base: string; readonly theirs: string },
    head: string,
    parents: readonly string[],
    message: string,
  ): Promise<Result<string>> {
    const trees = await Promise.all([base, head, theirs].map((each) => this.#merging.treeOf(each)));
    const [old, ours, other] = trees;
    if (!old || !ours || !other) return fail(notLanded(""));
    const merged = await this.#merging.merge(old, ours, other);
    if (merged === null) return fail(notLanded(""));
    if (merged.conflicts.length > 0) return fail(inConflict(merged.conflicts));
    if (merged.tree === ours && parents.length === 1) return fail(nothingNew());
    const made = await this.#merging.commit(merged.tree, parents, message);
    return "id" in made ? ok(made.id) : fail(notLanded(made.said));
  }

  async #between(one: string, other: string): Promise<readonly string[] | null> {
    const args = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", one, other];
    const result = await this.#git.run({ folder: this.#folder, args, timeoutMs: GIT_MS });
    return succeeded(result) ? result.stdout.split("\0").filter((path) => path !== "") : null;
  }

  /** What the person has changed of these, and not committed. */
  async #uncommittedAmong(paths: readonly string[]): Promise<readonly string[] | null> {
    const root = this.#folder;
    const asked = { root, folder: root, paths: null, literal: false, untracked: true, ignored: false };
    const status = await readStatus(this.#git, { ...asked, timeoutMs: GIT_MS });
    if (status === null) return null;
    const coming = new Set(paths);
    return status.entries.map(({ path }) => path).filter((path) => coming.has(path));
  }

  /** Those that a program of the person's configuration would have to write, such as git-lfs: ours runs none. */
  async #filteredAmong(paths: readonly string[], root = this.#folder): Promise<readonly string[] | null> {
    if (paths.length === 0) return [];
    const args = ["check-attr", "-z", "--stdin", "filter"];
    const input = Buffer.from(paths.map((path) => `${path}\0`).join(""));
    const result = await this.#git.run({ folder: root, args, input, timeoutMs: GIT_MS });
    if (!succeeded(result)) return null;
    const fields = result.stdout.split("\0");
    const found: string[] = [];
    for (let at = 0; at + 2 < fields.length; at += 3) {
      const [path = "", , value] = fields.slice(at, at + 3);
      if (value !== "unspecified" && value !== "unset") found.push(path);
    }
    return found;
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
