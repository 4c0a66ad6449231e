import { createHash } from "node:crypto";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { type Git, succeeded } from "../../git/run.ts";
import { type BytePath, shownPath } from "../points/bytePath.ts";
import { Capture } from "../points/capture.ts";
import type { Content } from "../points/change.ts";
import type { Entry, TreeState } from "../points/point.ts";
import { branchOf, lines, type Refs, refsOf } from "../points/refs.ts";
import type { PointStore } from "../points/store.ts";
import { Trees } from "../points/trees.ts";
import { hashOf } from "../points/pack.ts";
import { HALFWAY_MARKS } from "../halfway.ts";
import { isWhollyRebuildable } from "../rebuildable.ts";
import type { Evidence, Held, WatchedFile, WatchedRef } from "./compare.ts";
import { hasUnmerged, unstagedBetween } from "./staged.ts";
import { droppedStashes, isAutostash, type PutAside, putAside } from "./stashes.ts";
import { MAX_TEXT, textOf } from "./text.ts";

const TIMEOUT_MS = 10_000;
/** The names of a hundred thousand commits with what they brought. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Branches that a lost one may have been merged into. */
const MAX_TARGETS = 20;
/** What programs keep beside a file while they have it open, or make anew: it comes and goes. */
const PASSING = /(^|\/)(\.#[^/]*|#[^/]*#|\.~lock\.[^/]*#|4913)$|\.(sw[op]|tmp|pid)$|~$|-(wal|shm|journal)$/;
const UNBOUNDED = {
  files: 10_000,
  fileBytes: MAX_TEXT * 8,
  ignoredBytes: MAX_TEXT * 8,
  ignoredTotalBytes: MAX_TEXT * 512,
  totalBytes: MAX_TEXT * 512,
};

export interface EvidenceParts {
  readonly git: Git;
  readonly store: PointStore;
  /** The vault's objects: what the repository lost already. */
  readonly vault: string;
  readonly root: string;
}

/** Gathers what tells an ordinary change from a loss between two states of a folder. */
export async function gatherEvidence(
  parts: EvidenceParts,
  before: TreeState,
  now: TreeState,
  explained: Evidence["explained"],
): Promise<Evidence> {
  const gatherer = new Gatherer(parts, before, now);
  try {
    return await gatherer.gather(explained);
  } finally {
    await gatherer.dispose();
  }
}

class Gatherer {
  readonly #parts: EvidenceParts;
  readonly #before: TreeState;
  readonly #now: TreeState;
  readonly #trees: Trees;
  /** Beside the repository: what is tried there leaves no objects in it. */
  readonly #aside: Trees;

  constructor(parts: EvidenceParts, before: TreeState, now: TreeState) {
    this.#parts = parts;
    this.#before = before;
    this.#now = now;
    const { git, store, vault, root } = parts;
    const repository = now.git === null ? null : { root, commonDir: now.git.commonDir };
    const config = before.git?.head?.length === 64 ? "objectformat = sha256\n" : "";
    this.#trees = new Trees({ git, store, repository, vault, config });
    this.#aside = new Trees({ git, store, repository: null, vault, config });
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#trees.dispose(), this.#aside.dispose()]);
  }

  async gather(explained: Evidence["explained"]): Promise<Evidence> {
    const [files, others] = await Promise.all([this.#files(), this.#others()]);
    const [before, now] = await Promise.all([this.#refsOf(this.#before), this.#refsOf(this.#now)]);
    const asideBefore = await this.#putAside(this.#before);
    const asideNow = await this.#putAside(this.#now);
    const tips = [this.#now.git?.head, ...now.values(), ...asideNow.map(({ oid }) => oid)];
    const known = [this.#before.git?.head, ...before.values(), ...asideBefore.map(({ oid }) => oid)];
    const [staged, refs] = [await this.#staged(), await this.#refs(before, now)];
    const since = await this.#objects(oidsOf(tips), oidsOf(known));
    const committed = files.length + refs.length === 0 ? [] : await this.#committed();
    return {
      files,
      staged,
      others,
      carried: new Set([...since, ...committed]),
      refs,
      stashes: await droppedStashes(asideBefore, asideNow, (args, input) => this.#ask(args, input)),
      repository: await this.#hasRepository(),
      explained,
    };
  }

  /** A worktree or a submodule that is removed leaves the repository where it is. */
  async #hasRepository(): Promise<boolean> {
    if (this.#before.git === null || this.#now.git !== null) return true;
    const head = join(this.#before.git.commonDir, "HEAD");
    return (await lstat(head).catch(() => null)) !== null;
  }

  /** Names of the contents that the commit of now has, under any path: a copy of them is nothing of its own. */
  async #committed(): Promise<readonly string[]> {
    const head = this.#now.git?.head ?? null;
    if (head === null) return [];
    const listed = (await this.#ask(["ls-tree", "-r", "-z", "--full-tree", head], "")) ?? "";
    return [...listed.matchAll(/(?:^|\0)\d+ blob ([0-9a-f]+)\t/g)].map(([, oid = ""]) => oid);
  }

  /** Files whose content no commit held, and that are another one now. */
  async #files(): Promise<readonly WatchedFile[]> {
    const now = new Map(this.#now.entries.map((entry) => [entry.path, entry]));
    const left = this.#before.entries.filter(
      (entry) =>
        entry.kind === "file" &&
        entry.state !== "line-ends" &&
        now.get(entry.path)?.blob !== entry.blob &&
        !(entry.state === "untracked" && isPassing(entry.path)),
    );
    const paths = left.map(({ path }) => path);
    const { store, root } = this.#parts;
    const capture = new Capture(store, new Set());
    const wanted = paths.map((path) => ({ path, state: "changed" as const }));
    const { entries: disk } = await capture.files(root, wanted, new Map(), UNBOUNDED);
    await capture.flush();
    const there = new Map(disk.map((entry) => [entry.path, entry]));
    const head = this.#before.git?.head ?? null;
    const tracked = left
      .filter(({ state }) => state === "changed" || state === "hidden")
      .map(({ path }) => path);
    const bases = head === null ? null : await this.#trees.contents(head, tracked);
    const merged = await this.#merged(tracked);
    // What git wrote there when a merge stopped is nobody's work yet.
    const theirs = left.filter(({ path, blob }) => merged.get(path)?.blob !== blob);
    return Promise.all(
      theirs.map(async (entry): Promise<WatchedFile> => {
        const committed = bases?.get(entry.path)?.blob ?? null;
        const base = merged.get(entry.path)?.blob ?? committed;
        const is = there.get(entry.path);
        return {
          path: shownPath(entry.path),
          was: await this.#held(entry),
          base: base === null ? null : textOf(await store.read(base)),
          committed,
          is: is === undefined || is.kind !== "file" ? null : await this.#held(is),
        };
      }),
    );
  }

  /** What git made of files when a merge, a rebase or the like stopped halfway; empty where none did. */
  async #merged(paths: readonly BytePath[]): Promise<ReadonlyMap<BytePath, Content>> {
    const own = this.#before.git?.own ?? [];
    // Git leaves the file there when that is over, and then it may name what a stash entry brought: that is a person's.
    const isHalfway = own.some(({ path }) => HALFWAY_MARKS.some((mark) => path.split("/", 1)[0] === mark));
    const tree = (await this.#text(own.find(({ path }) => path === "AUTO_MERGE")))?.trim() ?? "";
    const index = await this.#data(own.find(({ path }) => path === "index"));
    const isUnmerged = index !== null && hasUnmerged(index, this.#before.git?.head ?? null);
    if (!isHalfway || !isUnmerged || oidsOf([tree]).length === 0) return new Map();
    return (await this.#trees.contents(tree, paths)) ?? new Map();
  }

  async #putAside(state: TreeState): Promise<readonly PutAside[]> {
    const kept = (state.git?.own ?? []).filter(({ path }) => isAutostash(path));
    const named = await Promise.all(kept.map(async (entry) => (await this.#text(entry))?.trim()));
    return putAside(await this.#log(state, "logs/refs/stash"), oidsOf(named));
  }

  /** Content that only the index held, and doesn't any more. `is` is what the folder has under the same path. */
  async #staged(): Promise<readonly WatchedFile[]> {
    const [before, now] = [this.#before.git, this.#now.git];
    if (before === null || now === null) return [];
    const [was, is] = [before, now].map(({ own }) => own.find(({ path }) => path === "index"));
    if (was === undefined || was.blob === is?.blob) return [];
    const ask = (args: readonly string[], input: string): Promise<string | null> => this.#ask(args, input);
    const lost = await unstagedBetween(await this.#data(was), await this.#data(is), before.head, ask);
    const there = new Map(this.#now.entries.map((entry) => [entry.path, entry]));
    const merged = await this.#merged(lost.map(({ path }) => path));
    const theirs = lost.filter(({ path, content }) => merged.get(path)?.blob !== hashOf(content));
    return Promise.all(
      theirs.map(async ({ path, content, committed }): Promise<WatchedFile> => {
        const entry = there.get(path);
        return {
          path: shownPath(path),
          was: this.#heldData(hashOf(content), content),
          base: textOf(committed),
          committed: committed === null ? null : hashOf(committed),
          is: entry?.kind === "file" ? await this.#held(entry) : null,
        };
      }),
    );
  }

  /** What is in the folder and was not there before. */
  async #others(): Promise<readonly Held[]> {
    const before = new Map(this.#before.entries.map(({ path, blob }) => [path, blob]));
    const fresh = this.#now.entries.filter(
      ({ kind, path, blob }) => kind === "file" && before.get(path) !== blob,
    );
    return Promise.all(fresh.map((entry) => this.#held(entry)));
  }

  async #held({ blob }: Entry): Promise<Held> {
    const data = blob === null ? null : await this.#parts.store.read(blob);
    if (blob === null || data === null) return { blob: blob ?? "", oids: [], text: null };
    return this.#heldData(blob, data);
  }

  #heldData(blob: string, data: Buffer): Held {
    const algorithm = this.#before.git?.head?.length === 64 ? "sha256" : "sha1";
    const unified = Buffer.from(data.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
    return { blob, oids: [data, unified].map((each) => oidOf(each, algorithm)), text: textOf(data) };
  }

  /** Names of the objects that some commits need and others don't. */
  async #objects(tips: readonly string[], known: readonly string[]): Promise<ReadonlySet<string>> {
    const fresh = tips.filter((tip) => !known.includes(tip));
    if (fresh.length === 0 || this.#now.git === null) return new Set();
    const args = ["rev-list", "--objects", "--no-object-names", "--ignore-missing", "--stdin"];
    const output = await this.#ask(args, without(fresh, known));
    return new Set(lines(output ?? ""));
  }

  async #refs(before: Refs, now: Refs): Promise<readonly WatchedRef[]> {
    const found: WatchedRef[] = [];
    const head = this.#now.git?.head;
    const detached = await this.#detached();
    const watched = [...before].filter(([name]) => /^refs\/(heads|tags)\//.test(name));
    for (const [name, value] of detached === null ? watched : [...watched, detached]) {
      if ((name === "HEAD" ? head : now.get(name)) === value || value.startsWith("ref:")) continue;
      const tips = oidsOf([
        head,
        ...[...now].filter(([other]) => other !== "refs/stash").map(([, oid]) => oid),
      ]);
      const count = await this.#ask(["rev-list", "--ignore-missing", "--stdin"], without([value], tips));
      const commits = lines(count ?? "").length;
      if (commits === 0) continue;
      const objects = await this.#changedBlobs([...lines(count ?? "")]);
      const isThere = name === "HEAD" || now.has(name);
      const movedBy = isThere ? await this.#movedBy(name) : null;
      const merged = await this.#isMerged(value, tips);
      found.push({ name, commits, movedBy, merged, oids: objects });
    }
    return found;
  }

  /** `HEAD` where it was on no branch: what is committed there is nowhere else. */
  async #detached(): Promise<readonly ["HEAD", string] | null> {
    const { git } = this.#before;
    const head = git?.head ?? null;
    if (head === null || this.#now.git === null) return null;
    const text = (await this.#text(git?.own.find(({ path }) => path === "HEAD"))) ?? "";
    return branchOf(text) === null ? ["HEAD", head] : null;
  }

  async #isMerged(value: string, tips: readonly string[]): Promise<boolean> {
    for (const tip of tips.slice(0, MAX_TARGETS))
      if (await this.#aside.changesNothing(tip, value)) return true;
    return false;
  }

  /** Names of the contents that some commits brought. */
  async #changedBlobs(commits: readonly string[]): Promise<readonly string[]> {
    const args = ["diff-tree", "-r", "--root", "--no-commit-id", "--no-renames", "--stdin"];
    const output = (await this.#ask(args, `${commits.join("\n")}\n`)) ?? "";
    return lines(output).flatMap((line) => {
      const [, , , to = "", kind] = line.split(/[ \t]/);
      return line.startsWith(":") && kind !== "D" ? [to] : [];
    });
  }

  async #movedBy(name: string): Promise<string | null> {
    const log =
      name === "HEAD"
        ? await this.#text(this.#now.git?.own.find(({ path }) => path === "logs/HEAD"))
        : await this.#log(this.#now, `logs/${name}`);
    return (
      lines(log ?? "")
        .at(-1)
        ?.split("\t")[1] ?? null
    );
  }

  async #refsOf(state: TreeState): Promise<Refs> {
    const files = sharedFiles(state);
    return refsOf([...files.keys()], (path) => this.#text(files.get(path)));
  }

  async #log(state: TreeState, path: BytePath): Promise<string> {
    return (await this.#text(sharedFiles(state).get(path))) ?? "";
  }

  async #text(entry: Entry | undefined): Promise<string | null> {
    return (await this.#data(entry))?.toString("latin1") ?? null;
  }

  async #data(entry: Entry | undefined): Promise<Buffer | null> {
    return entry?.blob ? this.#parts.store.read(entry.blob) : null;
  }

  async #ask(args: readonly string[], input: string): Promise<string | null> {
    if (this.#now.git === null) return null;
    const result = await this.#parts.git.run({
      folder: this.#parts.root,
      args,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      encoding: "latin1",
      input: Buffer.from(input),
      env: { GIT_ALTERNATE_OBJECT_DIRECTORIES: this.#parts.vault },
    });
    // Of half an answer it can't be told what is gone.
    if (result.timedOut || result.truncated) throw new Error(`git ${args[0]} took too long or said too much`);
    return succeeded(result) ? result.stdout : null;
  }
}

function isPassing(path: BytePath): boolean {
  return PASSING.test(path) || isWhollyRebuildable(path);
}

function sharedFiles({ git }: TreeState): ReadonlyMap<BytePath, Entry> {
  if (git === null) return new Map();
  return new Map((git.gitDir === git.commonDir ? git.own : git.common).map((entry) => [entry.path, entry]));
}

function oidsOf(values: readonly (string | null | undefined)[]): readonly string[] {
  return [...new Set(values.filter((each): each is string => /^[0-9a-f]{40,64}$/.test(each ?? "")))];
}

/** Revisions for git's standard input: what some reach and others don't. */
function without(tips: readonly string[], others: readonly string[]): string {
  return [...tips, ...others.map((oid) => `^${oid}`)].map((line) => `${line}\n`).join("");
}

/** The name that git gives to content. */
function oidOf(data: Buffer, algorithm: "sha1" | "sha256"): string {
  return createHash(algorithm).update(`blob ${data.length}\0`).update(data).digest("hex");
}
