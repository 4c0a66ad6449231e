import { createHash } from "node:crypto";
import { isUtf8 } from "node:buffer";
import { type Git, succeeded } from "../../git/run.ts";
import { type BytePath, shownPath } from "../points/bytePath.ts";
import { Capture } from "../points/capture.ts";
import type { Entry, TreeState } from "../points/point.ts";
import { loggedObjects, lines, type Refs, refsOf } from "../points/refs.ts";
import type { PointStore } from "../points/store.ts";
import { Trees } from "../points/trees.ts";
import { hashOf } from "../points/pack.ts";
import type { Evidence, Held, StashedFile, WatchedFile, WatchedRef, WatchedStash } from "./compare.ts";
import { unstagedBetween } from "./staged.ts";

/** Text that is compared word by word. */
const MAX_TEXT = 512 * 1024;
const TIMEOUT_MS = 10_000;
/** Files of one stash entry that are compared word by word. */
const MAX_READ = 20;
const UNBOUNDED = {
  files: 10_000,
  fileBytes: MAX_TEXT * 8,
  ignoredBytes: MAX_TEXT * 8,
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

  constructor(parts: EvidenceParts, before: TreeState, now: TreeState) {
    this.#parts = parts;
    this.#before = before;
    this.#now = now;
    const { git, store, vault, root } = parts;
    const repository = now.git === null ? null : { root, commonDir: now.git.commonDir };
    this.#trees = new Trees({ git, store, repository, vault, config: "" });
  }

  dispose(): Promise<void> {
    return this.#trees.dispose();
  }

  async gather(explained: Evidence["explained"]): Promise<Evidence> {
    const [files, others] = await Promise.all([this.#files(), this.#others()]);
    const [before, now] = await Promise.all([this.#refsOf(this.#before), this.#refsOf(this.#now)]);
    const stashBefore = await this.#log(this.#before, "logs/refs/stash");
    const stashNow = await this.#log(this.#now, "logs/refs/stash");
    const tips = [this.#now.git?.head, ...now.values(), ...loggedObjects(stashNow)];
    const known = [this.#before.git?.head, ...before.values(), ...loggedObjects(stashBefore)];
    return {
      files,
      staged: await this.#staged(),
      others,
      carried: await this.#objects(oidsOf(tips), oidsOf(known)),
      refs: await this.#refs(before, now),
      stashes: await this.#stashes(stashBefore, stashNow),
      repository: this.#before.git === null || this.#now.git !== null,
      explained,
    };
  }

  /** Files whose content no commit held, and that are another one now. */
  async #files(): Promise<readonly WatchedFile[]> {
    const now = new Map(this.#now.entries.map((entry) => [entry.path, entry]));
    const left = this.#before.entries.filter(
      (entry) =>
        entry.kind === "file" && entry.state !== "line-ends" && now.get(entry.path)?.blob !== entry.blob,
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
    return Promise.all(
      left.map(async (entry): Promise<WatchedFile> => {
        const base = bases?.get(entry.path)?.blob ?? null;
        const is = there.get(entry.path);
        return {
          path: shownPath(entry.path),
          was: await this.#held(entry),
          base: base === null ? null : textOf(await store.read(base)),
          committed: base,
          is: is === undefined || is.kind !== "file" ? null : await this.#held(is),
        };
      }),
    );
  }

  /** Content that only the index held, and doesn't any more. `is` is what the folder has under the same path. */
  async #staged(): Promise<readonly WatchedFile[]> {
    const [before, now] = [this.#before.git, this.#now.git];
    if (before === null || now === null) return [];
    const [was, is] = [before, now].map(({ own }) => own.find(({ path }) => path === "index"));
    if (was === undefined || was.blob === is?.blob) return [];
    const read = async (entry: Entry | undefined): Promise<Buffer | null> =>
      entry?.blob ? this.#parts.store.read(entry.blob) : null;
    const ask = (args: readonly string[], input: string): Promise<string | null> => this.#ask(args, input);
    const lost = await unstagedBetween(await read(was), await read(is), before.head, ask);
    const there = new Map(this.#now.entries.map((entry) => [entry.path, entry]));
    return Promise.all(
      lost.map(async ({ path, content, committed }): Promise<WatchedFile> => {
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
    for (const [name, value] of before) {
      if (!/^refs\/(heads|tags)\//.test(name) || now.get(name) === value || value.startsWith("ref:"))
        continue;
      const tips = oidsOf([
        head,
        ...[...now].filter(([other]) => other !== "refs/stash").map(([, oid]) => oid),
      ]);
      const count = await this.#ask(["rev-list", "--ignore-missing", "--stdin"], without([value], tips));
      const commits = lines(count ?? "").length;
      if (commits === 0) continue;
      const objects = await this.#changedBlobs([...lines(count ?? "")]);
      found.push({ name, commits, movedBy: now.has(name) ? await this.#movedBy(name) : null, oids: objects });
    }
    return found;
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
    const log = await this.#log(this.#now, `logs/${name}`);
    return lines(log).at(-1)?.split("\t")[1] ?? null;
  }

  async #stashes(before: string, now: string): Promise<readonly WatchedStash[]> {
    const kept = new Set(loggedObjects(now));
    const dropped = lines(before).filter((line) => !kept.has(line.split(" ")[1] ?? ""));
    return Promise.all(
      dropped.map(async (line) => ({
        message: line.split("\t")[1] ?? "",
        files: await this.#stashed(line.split(" ")[1] ?? ""),
      })),
    );
  }

  /** What a stash entry holds: its changes against its first parent, and its untracked files. */
  async #stashed(oid: string): Promise<readonly StashedFile[]> {
    const changes = await this.#ask(["diff-tree", "-r", "--no-renames", `${oid}^1`, oid], "");
    const untracked = await this.#ask(["ls-tree", "-r", "--object-only", `${oid}^3`], "");
    const changed = lines(changes ?? "").flatMap((line) => {
      const [, , from = "", to = "", kind] = line.split(/[ \t]/);
      return kind === "D" ? [] : [{ oid: to, base: /^0+$/.test(from) ? null : from }];
    });
    const all = [...changed, ...lines(untracked ?? "").map((each) => ({ oid: each, base: null }))];
    // Of more than a few it is the same content or none.
    const read = all.length <= MAX_READ;
    return Promise.all(
      all.map(async (each) => ({
        oid: each.oid,
        text: read ? await this.#blob(each.oid) : null,
        base: read && each.base !== null ? await this.#blob(each.base) : null,
      })),
    );
  }

  async #blob(oid: string): Promise<string | null> {
    const data = await this.#ask(["cat-file", "blob", oid], "");
    return data === null ? null : textOf(Buffer.from(data, "latin1"));
  }

  async #refsOf(state: TreeState): Promise<Refs> {
    const files = sharedFiles(state);
    return refsOf([...files.keys()], (path) => this.#text(files.get(path)));
  }

  async #log(state: TreeState, path: BytePath): Promise<string> {
    return (await this.#text(sharedFiles(state).get(path))) ?? "";
  }

  async #text(entry: Entry | undefined): Promise<string | null> {
    const data = entry?.blob ? await this.#parts.store.read(entry.blob) : null;
    return data?.toString("latin1") ?? null;
  }

  async #ask(args: readonly string[], input: string): Promise<string | null> {
    if (this.#now.git === null) return null;
    const result = await this.#parts.git.run({
      folder: this.#parts.root,
      args,
      timeoutMs: TIMEOUT_MS,
      encoding: "latin1",
      input: Buffer.from(input),
      env: { GIT_ALTERNATE_OBJECT_DIRECTORIES: this.#parts.vault },
    });
    return succeeded(result) ? result.stdout : null;
  }
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

function textOf(data: Buffer | null): string | null {
  return data === null || data.length > MAX_TEXT || data.includes(0) || !isUtf8(data)
    ? null
    : data.toString("utf8");
}
