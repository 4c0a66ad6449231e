import { createHash } from "node:crypto";
import { lstat, mkdir, readdir, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { fail, messageOf, ok, type Result } from "../errors.ts";
import { PRIVATE_FOLDER } from "../state/directory.ts";
import { isAlive, thisProcess } from "../state/holder.ts";
import { Carrier, carryIndex, type ChangedFile } from "./carry.ts";
import { findRepository, type Repository } from "./repository.ts";
import { type Git, type GitRequest, succeeded } from "./run.ts";
import { AGENT_BRANCHES, slugOf, unique } from "./slug.ts";
import { noCommit, noRepository, notListed, notMade } from "./worktreeProblems.ts";
import { type WorktreeRecord, WorktreeRecords } from "./worktreeRecords.ts";
import { type ListedWorktree, parseWorktrees } from "./worktreeList.ts";

/** Checking out 50,000 files took 9 s on a slow disk. */
const CREATE_MS = 60_000;
const READ_MS = 10_000;
/** Two hosts that make one at the same moment: the second one takes the next number. */
const TRIES = 5;
/** A record without a worktree that is younger may be of one that is being made. */
const OLD_MS = 60 * 60_000;
/** Names of ignored files that a new worktree gets, as in `.gitignore`. */
const INCLUDE_FILE = ".worktreeinclude";

/** A working tree beside the first one, with a branch of its own. */
export interface Worktree {
  /** Its top folder, by its real path. */
  readonly root: string;
  readonly branch: string;
  /** The project's folder in it: the same, or below. */
  readonly folder: string;
}

export interface NewWorktree extends Worktree {
  /** The top folder of the tree that it was made from. */
  readonly from: string;
  /** Files whose uncommitted state it has now, and ignored files that `.worktreeinclude` names. */
  readonly carried: readonly string[];
  readonly included: readonly string[];
  /** What should have come along, and did not. */
  readonly left: readonly string[];
}

/** One of Interlock's worktrees of a repository. */
export interface KnownWorktree {
  /** The last part of its folder: what a person names it by. */
  readonly name: string;
  readonly root: string;
  /** Null for a detached HEAD. */
  readonly branch: string | null;
  readonly head: string | null;
  /** The commit that it was made from; null where that was not kept. */
  readonly base: string | null;
  /** `gone`: its folder was deleted by hand. `making`: a host is at it. `unfinished`: the host that was at it is dead. */
  readonly state: "there" | "gone" | "making" | "unfinished";
}

export interface WorktreeRequest {
  /** In the repository. */
  readonly folder: string;
  /** The project's folder, where it isn't that one. */
  readonly project?: string;
  /** Words that the branch is named by: the first of them that make a name. */
  readonly words: readonly string[];
  /** Uncommitted changes to carry over. */
  readonly carry: readonly ChangedFile[];
}

/**
 * Worktrees for agents. They lie in the state directory, one folder for each repository: outside of every working tree, where no
 * other session may write and no tool of the project looks.
 */
export class Worktrees {
  readonly #git: Git;
  readonly #stateDirectory: string;

  constructor(git: Git, stateDirectory: string) {
    this.#git = git;
    this.#stateDirectory = stateDirectory;
  }

  /** True where one can be made: in a repository that has a commit. */
  async canCreate(folder: string): Promise<boolean> {
    const repository = await findRepository(folder);
    return repository !== null && (await this.#head(repository.root)) !== null;
  }

  /** Makes one from the last commit, on a new branch. The tree that it is made from stays as it is. */
  async create({ folder, project = folder, words, carry }: WorktreeRequest): Promise<Result<NewWorktree>> {
    const repository = await findRepository(folder);
    if (repository === null) return fail(noRepository());
    const from = repository.root;
    const head = await this.#head(from);
    if (head === null) return fail(noCommit());
    try {
      const made = await this.#add(repository, head, words, relative(from, project));
      if (!made.ok) return made;
      const filled = await this.#fill(from, made.value, carry);
      if (filled.ok) await this.#finish(repository, made.value);
      else await this.#discard(repository, made.value);
      return filled;
    } catch (error) {
      return fail(notMade(messageOf(error)));
    }
  }

  /**
   * Takes one away that nothing was done in, with its branch: no change, no untracked or ignored file, nothing under way, no commit
   * of its own. False where it holds something, or that can't be told.
   */
  async removeEmpty({ root, branch }: Pick<Worktree, "root" | "branch">): Promise<boolean> {
    const repository = await findRepository(root);
    if (repository === null || repository.root !== root || repository.gitDir === repository.commonDir)
      return false;
    const [status, on, own] = await Promise.all([
      this.#read(root, [
        "status",
        "--porcelain",
        "-z",
        "--untracked-files=all",
        "--ignored=traditional",
        "--ignore-submodules=none",
      ]),
      this.#read(root, ["symbolic-ref", "--quiet", "HEAD"]),
      this.ownCommits(root, { branch, head: null }),
    ]);
    if (status !== "" || on?.trim() !== `refs/heads/${branch}` || own !== 0) return false;
    if (await isUnderWay(repository.gitDir)) return false;
    const main = dirname(repository.commonDir);
    const folder = (await findRepository(main))?.commonDir === repository.commonDir ? main : root;
    if ((await this.#read(folder, ["worktree", "remove", root])) === null) return false;
    await this.#read(folder, ["branch", "--quiet", "-D", branch]);
    await this.#records(repository.commonDir).remove(basename(root));
    return true;
  }

  /** Those that Interlock made in a folder's repository, and that git still knows. */
  async list(folder: string): Promise<Result<readonly KnownWorktree[]>> {
    const repository = await findRepository(folder);
    if (repository === null) return fail(noRepository());
    const printed = await this.#read(repository.root, ["worktree", "list", "--porcelain", "-z"]);
    if (printed === null) return fail(notListed());
    const { commonDir } = repository;
    const parent = this.#parent(commonDir);
    const real = await realpath(parent).catch(() => parent);
    const records = this.#records(commonDir);
    const own = parseWorktrees(printed).filter(({ root }) => dirname(root) === real);
    await dropOld(records, new Set(own.map(({ root }) => basename(root))));
    return ok(
      await Promise.all(own.map(async (each) => known(each, await records.read(basename(each.root))))),
    );
  }

  /**
   * Takes one away whatever is in it: whoever calls has made sure that nothing in it is lost. Its branch stays where it has
   * commits of its own. Says whether it went, and its branch with it.
   */
  async remove(
    folder: string,
    worktree: KnownWorktree,
  ): Promise<{ readonly removed: boolean; readonly branchLeft: boolean }> {
    const repository = await findRepository(folder);
    if (repository === null) return { removed: false, branchLeft: true };
    const { name, root, branch } = worktree;
    const own = await this.ownCommits(repository.root, worktree);
    // Twice: one that was never made to its end is locked by git.
    const args = ["worktree", "remove", "--force", "--force", root];
    if ((await this.#read(repository.root, args, { timeoutMs: CREATE_MS })) === null)
      return { removed: false, branchLeft: true };
    const goes = own === 0 && branch?.startsWith(AGENT_BRANCHES) === true;
    if (goes) await this.#read(repository.root, ["branch", "--quiet", "-D", branch]);
    await this.#records(repository.commonDir).remove(name);
    return { removed: true, branchLeft: branch !== null && !goes };
  }

  /** Commits that no other branch has than this one. Null where git couldn't say. */
  async ownCommits(
    folder: string,
    { branch, head }: Pick<KnownWorktree, "branch" | "head">,
  ): Promise<number | null> {
    const tip = branch === null ? head : `refs/heads/${branch}`;
    if (tip === null) return 0;
    const but = branch === null ? [] : [`--exclude=${branch}`];
    const args = ["rev-list", "--count", tip, "--not", ...but, "--branches", "--remotes", "--tags"];
    const count = await this.#read(folder, args);
    return count === null || count.trim() === "" ? null : Number(count);
  }

  async #add(
    { root: from, commonDir }: Repository,
    base: string,
    words: readonly string[],
    below: string,
  ): Promise<Result<Worktree>> {
    const slug = words.map((each) => slugOf(each)).find((each) => each !== "") ?? "session";
    const parent = this.#parent(commonDir);
    const records = this.#records(commonDir);
    const making = await thisProcess();
    await mkdir(parent, { recursive: true, mode: PRIVATE_FOLDER });
    let said = "";
    for (let tries = 0; tries < TRIES; tries++) {
      const [taken, reserved] = await Promise.all([this.#taken(from, parent), records.names()]);
      if (taken === null) return fail(notMade(""));
      const name = unique(slug, (each) => taken.has(each) || reserved.includes(each));
      const root = join(await realpath(parent), name);
      const folder = isBelow(below) ? join(root, below) : root;
      const worktree: Worktree = { root, folder, branch: `${AGENT_BRANCHES}${name}` };
      const record = { version: 1, branch: worktree.branch, base, made: Date.now(), making } as const;
      if (!(await records.reserve(name, record))) continue;
      const args = ["worktree", "add", "--quiet", "--no-track", "-b", worktree.branch, worktree.root, base];
      const added = await this.#git.run({ folder: from, args, timeoutMs: CREATE_MS });
      if (succeeded(added)) {
        // A project that was never committed.
        await mkdir(folder, { recursive: true });
        return ok(worktree);
      }
      said = lastLine(added.stderr);
      await records.remove(name);
      // Nobody took the name meanwhile: it fails for another reason.
      if ((await this.#taken(from, parent))?.has(name) !== true) break;
    }
    return fail(notMade(said));
  }

  async #fill(from: string, made: Worktree, carry: readonly ChangedFile[]): Promise<Result<NewWorktree>> {
    const changes = new Carrier(from, made.root);
    const unfiltered = await this.#smudge(from, made.root);
    await changes.carry(carry.map(({ path }) => path));
    const carried = new Set(changes.carried);
    const staged = carry.filter((file) => file.staged && carried.has(file.path)).map(({ path }) => path);
    if (!(await carryIndex(this.#git, from, made.root, staged))) return fail(notMade(""));
    const included = new Carrier(from, made.root);
    await included.carry(await this.#included(from));
    return ok({
      ...made,
      from,
      carried: changes.carried,
      included: included.carried,
      left: [...changes.left, ...included.left, ...unfiltered],
    });
  }

  /**
   * Programs that a repository names as filters don't run here, so files that they make, such as those of Git LFS, are copied
   * from the first tree instead, as far as they are unchanged there. Those that were not: theirs is the committed text.
   */
  async #smudge(from: string, to: string): Promise<readonly string[]> {
    const [listed, differing] = await Promise.all([
      this.#read(from, ["ls-files", "-z"]),
      this.#read(from, ["diff-index", "--name-only", "-z", "HEAD", "--"]),
    ]);
    if (listed === null || listed === "" || differing === null) return [];
    const changed = new Set(differing.split("\0"));
    const args = ["check-attr", "-z", "--stdin", "filter"];
    const told = await this.#read(from, args, { input: Buffer.from(listed) });
    const fields = (told ?? "").split("\0");
    const filtered: string[] = [];
    for (let at = 0; at + 2 < fields.length; at += 3) {
      const [path = "", , value] = fields.slice(at, at + 3);
      if (value !== "unspecified" && value !== "unset" && !changed.has(path)) filtered.push(path);
    }
    const present = await Promise.all(
      filtered.map(async (path) => lstat(join(from, path)).catch(() => null)),
    );
    const carrier = new Carrier(from, to);
    await carrier.carry(filtered.filter((_, index) => present[index]?.isFile() === true));
    return carrier.left;
  }

  /** Ignored files that `.worktreeinclude` names. */
  async #included(from: string): Promise<readonly string[]> {
    const file = join(from, INCLUDE_FILE);
    if ((await lstat(file).catch(() => null))?.isFile() !== true) return [];
    const listed = ["ls-files", "--others", "--ignored", "-z", `--exclude-from=${file}`];
    const named = await this.#read(from, listed);
    if (named === null || named === "") return [];
    const ignored = await this.#read(from, ["check-ignore", "-z", "--stdin"], { input: Buffer.from(named) });
    return (ignored ?? "").split("\0").filter((path) => path !== "");
  }

  /** Names that a branch or a folder has, without what stands before them. */
  async #taken(root: string, parent: string): Promise<ReadonlySet<string> | null> {
    const refs = await this.#read(root, [
      "for-each-ref",
      `--format=%(refname:lstrip=${2 + AGENT_BRANCHES.split("/").length - 1})`,
      `refs/heads/${AGENT_BRANCHES}`,
    ]);
    if (refs === null) return null;
    const folders = await readdir(parent).catch(() => []);
    // `x/y` is in the way of `x`.
    return new Set([...folders, ...refs.split("\n").map((ref) => ref.toLowerCase().split("/", 1)[0] ?? "")]);
  }

  async #head(root: string): Promise<string | null> {
    const said = await this.#read(root, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
    return said === null || said.trim() === "" ? null : said.trim();
  }

  /** What git says; null where it failed. Exit 1 without a word is an empty answer. */
  async #read(
    folder: string,
    args: readonly string[],
    more: Partial<GitRequest> = {},
  ): Promise<string | null> {
    const result = await this.#git.run({ folder, args, timeoutMs: READ_MS, ...more });
    return succeeded(result) ? result.stdout : null;
  }

  async #finish({ commonDir }: Repository, { root }: Worktree): Promise<void> {
    const records = this.#records(commonDir);
    const record = await records.read(basename(root));
    if (record !== null) await records.write(basename(root), { ...record, making: null });
  }

  /** Takes away what was made a moment ago, and nobody has seen. */
  async #discard({ root: from, commonDir }: Repository, { root, branch }: Worktree): Promise<void> {
    await this.#read(from, ["worktree", "remove", "--force", root]);
    await this.#read(from, ["branch", "--quiet", "-D", branch]);
    await this.#records(commonDir).remove(basename(root));
  }

  #parent(commonDir: string): string {
    return join(this.#stateDirectory, "worktrees", keyOf(commonDir));
  }

  #records(commonDir: string): WorktreeRecords {
    return new WorktreeRecords(join(this.#stateDirectory, "worktree-records", keyOf(commonDir)));
  }
}

/** Files and folders of git that say that a merge, a rebase or the like isn't over. */
const UNDER_WAY = [
  "MERGE_HEAD",
  "CHERRY_PICK_HEAD",
  "REVERT_HEAD",
  "BISECT_LOG",
  "rebase-merge",
  "rebase-apply",
];

/** Records of worktrees that a person removed by git. */
async function dropOld(records: WorktreeRecords, listed: ReadonlySet<string>): Promise<void> {
  for (const name of await records.names()) {
    if (listed.has(name)) continue;
    const made = (await records.read(name))?.made ?? 0;
    if (Date.now() - made > OLD_MS) await records.remove(name);
  }
}

async function known(
  { root, head, branch, missing }: ListedWorktree,
  record: WorktreeRecord | null,
): Promise<KnownWorktree> {
  const making = record?.making ?? null;
  const state =
    making === null ? (missing ? "gone" : "there") : (await isAlive(making)) ? "making" : "unfinished";
  return { name: basename(root), root, branch, head, base: record?.base ?? null, state };
}

export async function isUnderWay(gitDir: string): Promise<boolean> {
  const names = await readdir(gitDir).catch(() => UNDER_WAY);
  return UNDER_WAY.some((name) => names.includes(name));
}

function isBelow(path: string): boolean {
  return path !== "" && !path.startsWith("..") && !isAbsolute(path);
}

/** One folder for each repository. */
function keyOf(commonDir: string): string {
  return `${nameOf(commonDir)}-${hashOf(commonDir)}`;
}

/** What a person calls the repository: the folder around `.git`. */
function nameOf(commonDir: string): string {
  const folder = basename(commonDir) === ".git" ? dirname(commonDir) : commonDir;
  return slugOf(basename(folder)) || "repository";
}

function hashOf(commonDir: string): string {
  return createHash("sha256").update(commonDir).digest("hex").slice(0, 8);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
