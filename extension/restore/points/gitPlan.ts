import { basename } from "node:path";
import type { BytePath } from "./bytePath.ts";
import { type Change, type Content, contentOf, GONE, isSameContent, type Kept } from "./change.ts";
import { GITLINK, oidBytesOf, readIndex } from "./gitIndex.ts";
import type { Entry, GitState } from "./point.ts";
import { branchOf, loggedObjects, mergeLogs, type Refs, refsOf } from "./refs.ts";
import type { Trees } from "./trees.ts";

/** The state of a merge, a rebase and the like: there only while one goes on. */
const PROGRESS =
  /^(MERGE_(HEAD|MSG|MODE|RR|AUTOSTASH)|AUTO_MERGE|CHERRY_PICK_HEAD|REVERT_HEAD|REBASE_HEAD|SQUASH_MSG|BISECT_\w+|(rebase-merge|rebase-apply|sequencer)\/.*)$/;
/** What git writes again by itself, or what refs and logs stand for. */
const DERIVED = /^(packed-refs|ORIG_HEAD|FETCH_HEAD|COMMIT_EDITMSG|gc\..*|shallow\.lock|worktrees\/.*)$/;
const STASH = "refs/stash";
/** Reflogs that are walked for missing objects. */
const MAX_TIPS = 2_000;

export interface GitReaders {
  readonly trees: Trees;
  readonly onDisk: (root: string, paths: readonly BytePath[]) => Promise<ReadonlyMap<BytePath, Content>>;
  readonly text: (blob: string) => Promise<Buffer | null>;
  readonly keep: (data: Buffer) => Promise<string>;
}

export interface GitPlan {
  readonly changes: readonly Change[];
  readonly kept: readonly Kept[];
  /** True where the repository lacks objects that the point needs. */
  readonly objects: boolean;
}

/** What a repository's own folders hold now. */
export interface GitNow {
  /** Null where its folders are gone. */
  readonly state: GitState | null;
  /** False where git can say nothing of it: what it has of its own is broken, and all of that comes back. */
  readonly readable: boolean;
}

/**
 * What of git's own files is put back: index, HEAD and its branch, refs and stash entries that are gone or were moved off what
 * they had, reflogs, a merge or rebase that was going on. Configuration and hooks come back only where they are gone. What a
 * worktree shares with others is theirs as well: their branches stay where they are.
 */
export async function planGit(
  point: GitState,
  now: GitNow,
  readers: GitReaders,
  loss: GitState | null,
): Promise<GitPlan> {
  return new GitPlanner(point, now, readers, loss).plan();
}

class GitPlanner {
  readonly #point: GitState;
  readonly #now: GitState | null;
  readonly #readable: boolean;
  readonly #readers: GitReaders;
  /** Right after the loss: what was moved since then the person moved. */
  readonly #loss: GitState | null;
  readonly #changes: Change[] = [];
  readonly #kept: Kept[] = [];
  readonly #tips: string[] = [];

  constructor(point: GitState, now: GitNow, readers: GitReaders, loss: GitState | null) {
    this.#loss = loss;
    this.#point = point;
    this.#now = now.state;
    this.#readable = now.readable;
    this.#readers = readers;
  }

  async plan(): Promise<GitPlan> {
    const point = this.#point;
    const own = new Map(point.own.map((entry) => [entry.path, entry]));
    const isLinked = point.gitDir !== point.commonDir;
    const shared = isLinked ? new Map(point.common.map((each) => [each.path, each])) : own;
    if (this.#now === null || !this.#readable) await this.#write(point.gitDir, point.own);
    else await this.#ownFiles(own);
    if (this.#now === null) await this.#write(point.commonDir, point.common);
    else if (this.#readable || isLinked) {
      await this.#refs(own, shared, this.#now);
      for (const folder of new Set([point.gitDir, point.commonDir]))
        await this.#rest(folder, folder === point.commonDir ? shared : own);
    }
    const whole =
      this.#readable &&
      (await this.#readers.trees.isWhole(this.#tips.slice(0, MAX_TIPS), await this.#staged(own)));
    return { changes: this.#changes, kept: this.#kept, objects: !whole };
  }

  /** Index, HEAD, its log, and what is going on. */
  async #ownFiles(own: ReadonlyMap<BytePath, Entry>): Promise<void> {
    const { gitDir } = this.#point;
    // After a commit or a switch of the person's own, index and HEAD belong to that.
    if (this.#loss !== null && !this.#isSameHead(this.#loss)) return;
    const exact = [...own.values()].filter(
      ({ path }) => path === "index" || path === "HEAD" || PROGRESS.test(path),
    );
    await this.#write(gitDir, exact);
    const over = (this.#now?.own ?? []).filter(({ path }) => PROGRESS.test(path) && !own.has(path));
    const there = await this.#readers.onDisk(
      gitDir,
      over.map(({ path }) => path),
    );
    for (const [path, from] of there) this.#change(gitDir, path, from, GONE);
    if (gitDir !== this.#point.commonDir) await this.#logs(gitDir, [...own.values()]);
  }

  async #refs(
    own: ReadonlyMap<BytePath, Entry>,
    shared: ReadonlyMap<BytePath, Entry>,
    now: GitState,
  ): Promise<void> {
    const { commonDir, head } = this.#point;
    const before = await this.#refsOf(shared);
    const after = await this.#refsOf(this.#sharedOf(now));
    const elsewhere = await this.#checkedOutElsewhere(now);
    const since = this.#loss === null ? after : await this.#refsOf(this.#sharedOf(this.#loss));
    const branch = branchOf((await this.#textOf(own.get("HEAD"))) ?? "");
    for (const [name, value] of before) {
      if (after.get(name) === value) continue;
      const isTheirs = after.get(name) !== since.get(name) || elsewhere.has(name);
      if (after.has(name) && isTheirs) {
        this.#kept.push({ folder: commonDir, path: name, why: "yours" });
        continue;
      }
      if (!(await this.#isLost(name, value, after.get(name), name === branch))) continue;
      await this.#writeText(commonDir, name, `${value}\n`);
    }
    await this.#logs(commonDir, [...shared.values()]);
    for (const value of [head, ...before.values()])
      if (value !== null && !value.startsWith("ref:")) this.#tips.push(value);
  }

  /** Branches of other worktrees: their files and index belong to what these are at. */
  async #checkedOutElsewhere({ gitDir, commonDir, own, common }: GitState): Promise<ReadonlySet<string>> {
    const isLinked = gitDir !== commonDir;
    const mine = isLinked ? `worktrees/${basename(gitDir)}/HEAD` : "HEAD";
    const heads = (isLinked ? common : own).filter(
      ({ path }) => path !== mine && /^(worktrees\/[^/]+\/)?HEAD$/.test(path),
    );
    const texts = await Promise.all(heads.map((entry) => this.#textOf(entry)));
    return new Set(texts.flatMap((text) => branchOf(text ?? "") ?? []));
  }

  /**
   * A branch that only went on keeps what it had, and so does one of which that can't be told; the one that was checked out
   * goes back with the files.
   */
  async #isLost(name: string, value: string, now: string | undefined, checkedOut: boolean): Promise<boolean> {
    if (now === undefined || checkedOut) return true;
    if (name === STASH || name.startsWith("refs/remotes/")) return false;
    if (!name.startsWith("refs/heads/") || value.startsWith("ref:")) return true;
    return (await this.#readers.trees.isAncestor(value, now)) === false;
  }

  /** Lines that a reflog lost come back; of the stash they are its entries. */
  async #logs(folder: string, entries: readonly Entry[]): Promise<void> {
    for (const entry of entries.filter(({ path }) => path.startsWith("logs/"))) {
      const before = (await this.#textOf(entry)) ?? "";
      const there = (await this.#readers.onDisk(folder, [entry.path])).get(entry.path) ?? GONE;
      const now =
        there.blob === null ? "" : ((await this.#readers.text(there.blob))?.toString("latin1") ?? "");
      const merged = mergeLogs(before, now);
      const isStash = entry.path === `logs/${STASH}`;
      if (isStash) this.#tips.push(...loggedObjects(before));
      if (merged === null) continue;
      await this.#writeText(folder, entry.path, merged);
      const newest = loggedObjects(merged).at(-1);
      if (isStash && newest !== undefined) await this.#writeText(folder, STASH, `${newest}\n`);
    }
  }

  /** Configuration, hooks and the like: only where they are gone. */
  async #rest(folder: string, entries: ReadonlyMap<BytePath, Entry>): Promise<void> {
    const rest = [...entries.values()].filter(
      ({ path }) =>
        !/^(refs|logs)\//.test(path) &&
        path !== "index" &&
        path !== "HEAD" &&
        !PROGRESS.test(path) &&
        !DERIVED.test(path),
    );
    const there = await this.#readers.onDisk(
      folder,
      rest.map(({ path }) => path),
    );
    for (const entry of rest)
      if ((there.get(entry.path) ?? GONE).kind === "gone")
        this.#change(folder, entry.path, GONE, contentOf(entry));
  }

  async #staged(own: ReadonlyMap<BytePath, Entry>): Promise<readonly string[]> {
    const index = own.get("index");
    const data = index?.blob ? await this.#readers.text(index.blob) : null;
    const entries = data === null ? null : readIndex(data, oidBytesOf(this.#point.head));
    const objects = (entries ?? []).filter(({ mode, oid }) => mode !== GITLINK && !/^0+$/.test(oid));
    return objects.map(({ oid }) => oid);
  }

  #isSameHead(loss: GitState): boolean {
    const heads = [loss, this.#now].map((state) => state?.own.find(({ path }) => path === "HEAD")?.blob);
    return heads[0] === heads[1] && loss.head === this.#now?.head;
  }

  #sharedOf({ gitDir, commonDir, own, common }: GitState): ReadonlyMap<BytePath, Entry> {
    return new Map((gitDir === commonDir ? own : common).map((entry) => [entry.path, entry]));
  }

  async #refsOf(files: ReadonlyMap<BytePath, Entry>): Promise<Refs> {
    return refsOf([...files.keys()], (path) => this.#textOf(files.get(path)));
  }

  async #textOf(entry: Entry | undefined): Promise<string | null> {
    const data = entry?.blob ? await this.#readers.text(entry.blob) : null;
    return data?.toString("latin1") ?? null;
  }

  async #write(folder: string, entries: readonly Entry[]): Promise<void> {
    const there = await this.#readers.onDisk(
      folder,
      entries.map(({ path }) => path),
    );
    for (const entry of entries)
      this.#change(folder, entry.path, there.get(entry.path) ?? GONE, contentOf(entry));
  }

  async #writeText(folder: string, path: BytePath, text: string): Promise<void> {
    const from = (await this.#readers.onDisk(folder, [path])).get(path) ?? GONE;
    const blob = await this.#readers.keep(Buffer.from(text, "latin1"));
    const earlier = this.#changes.findIndex((change) => change.folder === folder && change.path === path);
    if (earlier >= 0) this.#changes.splice(earlier, 1);
    this.#change(folder, path, from, { kind: "file", mode: from.kind === "file" ? from.mode : 0o644, blob });
  }

  #change(folder: string, path: BytePath, from: Content, to: Content): void {
    if (!isSameContent(from, to)) this.#changes.push({ folder, path, from, to, area: "git", merged: false });
  }
}
