import { lstat, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Git } from "../../git/run.ts";
import { type BytePath, bytePath, isText, onDisk, shownPath } from "./bytePath.ts";
import { type Bounds, Capture, type StatCache } from "./capture.ts";
import { walkGitFiles } from "./gitFiles.ts";
import { GITLINK, oidBytesOf, readIndex } from "./gitIndex.ts";
import { LineEnds } from "./lineEnds.ts";
import { findInIgnored } from "./ignored.ts";
import type { Limits } from "./limits.ts";
import { type IsNamed, type Listed, type Look, look } from "./look.ts";
import {
  type Entry,
  type GitState,
  type Hash,
  type NotCovered,
  POINT_VERSION,
  type TreeState,
} from "./point.ts";
import type { PointStore } from "./store.ts";
import { walkFolder } from "./walk.ts";

/** Submodules of submodules, and so on. */
const MAX_DEPTH = 4;
const NO_BOUNDS = Number.POSITIVE_INFINITY;

/** What is remembered of a folder between two points. */
export class Memory {
  readonly #lineEnds = new Map<string, LineEnds>();
  readonly #files = new Map<string, StatCache>();
  readonly #indexes = new Map<Hash, IndexFacts>();

  files(folder: string): StatCache {
    const known = this.#files.get(folder) ?? new Map();
    this.#files.set(folder, known);
    return known;
  }

  lineEnds(folder: string): LineEnds {
    const known = this.#lineEnds.get(folder) ?? new LineEnds();
    this.#lineEnds.set(folder, known);
    return known;
  }

  index(hash: Hash): IndexFacts | undefined {
    return this.#indexes.get(hash);
  }

  rememberIndex(hash: Hash, facts: IndexFacts): void {
    // One index a repository is enough: the newest.
    if (this.#indexes.size > 64) this.#indexes.clear();
    this.#indexes.set(hash, facts);
  }
}

interface IndexFacts {
  readonly hidden: readonly BytePath[];
  readonly lineEnds: readonly BytePath[];
  readonly links: readonly BytePath[];
}

export interface Built {
  readonly state: TreeState;
  readonly hash: Hash;
  /** Every blob that the state needs, itself included. */
  readonly blobs: ReadonlySet<Hash>;
  /** The common folders of the repositories in it: their objects belong into a vault. */
  readonly repositories: readonly string[];
}

export interface BuildParts {
  readonly git: Git;
  readonly store: PointStore;
  readonly memory: Memory;
  readonly limits: Limits;
  /** Ignored files below a folder that are kept all the same. */
  readonly named: (root: string) => IsNamed;
  /** Left out: it may lie in a home folder that is a repository. */
  readonly stateDirectory: string;
}

/** Makes a state of what was seen: reads what no commit holds into the store. */
export async function buildState(parts: BuildParts, seen: Look, files: readonly BytePath[]): Promise<Built> {
  const blobs = new Set<Hash>();
  const builder = new Builder(parts, blobs);
  const { state, hash } = await builder.build(seen, files, 0);
  await builder.flush();
  return { state, hash, blobs, repositories: builder.repositories };
}

class Builder {
  readonly repositories: string[] = [];
  readonly #parts: BuildParts;
  readonly #capture: Capture;
  #nested = 0;

  constructor(parts: BuildParts, used: Set<Hash>) {
    this.#parts = parts;
    this.#capture = new Capture(parts.store, used);
  }

  flush(): Promise<void> {
    return this.#capture.flush();
  }

  async build(
    seen: Look,
    files: readonly BytePath[],
    depth: number,
  ): Promise<{ readonly state: TreeState; readonly hash: Hash }> {
    const git = await this.#gitState(seen);
    const facts = await this.#indexFacts(seen, git);
    const { wanted, repositories, bounds, base, missing } = await this.#wanted(seen, facts, files);
    const memory = this.#parts.memory.files(seen.root);
    const ours = bytePath(relative(seen.root, this.#parts.stateDirectory).replaceAll("\\", "/"));
    const theirs = wanted.filter(({ path }) => !path.startsWith(`${ours}/`));
    const { entries, notCovered } = await this.#capture.files(seen.root, theirs, memory, bounds);
    const changed = entries.filter((entry) => entry.state !== "hidden" || entry.kind !== "gone");
    const nested = await this.#nestedStates(seen.root, [...repositories, ...facts.links], depth);
    const state: TreeState = {
      v: POINT_VERSION,
      base,
      git,
      entries: changed,
      notCovered: [...missing, ...notCovered, ...nested.missing],
      nested: nested.states,
    };
    return { state, hash: await this.#capture.keep(Buffer.from(JSON.stringify(state))) };
  }

  async #gitState({ root, repository, status }: Look): Promise<GitState | null> {
    if (repository === null) return null;
    const git = await walkGitFiles(repository);
    const { gitDir, commonDir } = repository;
    this.repositories.push(commonDir);
    const read = async (folder: string, paths: readonly BytePath[]): Promise<readonly Entry[]> => {
      const wanted = paths.map((path) => ({ path, state: "git" as const }));
      const { limits, memory } = this.#parts;
      const bounds = { ...limits, ignoredBytes: 0, files: NO_BOUNDS, totalBytes: limits.walkBytes };
      const { entries } = await this.#capture.files(folder, wanted, memory.files(folder), bounds);
      return entries.filter((entry) => entry.kind !== "gone");
    };
    const [own, common] = await Promise.all([read(gitDir, git.own), read(commonDir, git.common)]);
    const gitFile = await readFile(join(root, ".git"), "utf8").catch(() => null);
    return { head: status?.head ?? null, gitFile, gitDir, commonDir, own, common };
  }

  /** What only the index knows: files that git was told not to look at, and submodules. */
  async #indexFacts({ root, repository, status }: Look, git: GitState | null): Promise<IndexFacts> {
    const none = { hidden: [], lineEnds: [], links: [] };
    const hash = git?.own.find((entry) => entry.path === "index")?.blob;
    if (repository === null || hash === undefined || hash === null) return none;
    const known = this.#parts.memory.index(hash);
    if (known !== undefined) return known;
    const data = await readFile(join(repository.gitDir, "index")).catch(() => null);
    const entries = data === null ? null : readIndex(data, oidBytesOf(git?.head));
    if (entries === null) return none;
    const paths = (some: typeof entries): readonly BytePath[] => some.map((entry) => entry.path);
    const facts = {
      lineEnds:
        status === null
          ? []
          : await this.#parts.memory.lineEnds(root).unusual(this.#parts.git, root, entries),
      hidden: paths(entries.filter((entry) => entry.hidden && entry.mode !== GITLINK)),
      links: paths(entries.filter((entry) => entry.mode === GITLINK)),
    };
    this.#parts.memory.rememberIndex(hash, facts);
    return facts;
  }

  async #wanted(seen: Look, facts: IndexFacts, files: readonly BytePath[]): Promise<Wanted> {
    const { limits } = this.#parts;
    const { status } = seen;
    if (status !== null) {
      const listed = new Set(status.listed.map((each) => each.path));
      const inIgnored = await findInIgnored(seen.root, status.ignored, this.#parts.named(seen.root));
      const more = (paths: readonly BytePath[], state: Listed["state"]): readonly Listed[] =>
        paths.filter((path) => !listed.has(path)).map((path) => ({ path, state }));
      const wanted = [
        ...status.listed,
        ...more(facts.hidden, "hidden"),
        ...more(facts.lineEnds, "line-ends"),
        ...more(inIgnored.files, "ignored"),
      ];
      const repositories = [...status.embedded, ...inIgnored.repositories];
      return { wanted, repositories, bounds: limits, base: "head", missing: [] };
    }
    const walk = await walkFolder(seen.root, limits.walkFiles);
    // Of a folder that is too large as a whole, what is about to be written.
    const named = await Promise.all(files.map((path) => below(seen.root, path, limits.walkFiles)));
    const wanted = [...new Set([...walk.files, ...named.flat()])].map((path) => ({
      path,
      state: "untracked" as const,
    }));
    const bounds = { ...limits, files: limits.walkFiles, totalBytes: limits.walkBytes };
    const missing = walk.complete ? [] : [{ path: "", size: 0, why: "count" as const }];
    return { wanted, repositories: walk.repositories, bounds, base: "none", missing };
  }

  async #nestedStates(
    root: string,
    paths: readonly BytePath[],
    depth: number,
  ): Promise<{ readonly states: TreeState["nested"]; readonly missing: readonly NotCovered[] }> {
    const states: { path: BytePath; state: Hash }[] = [];
    const missing: NotCovered[] = [];
    for (const path of new Set(paths)) {
      if (depth >= MAX_DEPTH || this.#nested >= this.#parts.limits.nested) {
        missing.push({ path, size: 0, why: "count" });
        continue;
      }
      // No program can be started in a folder whose name is no text.
      if (!isText(path)) {
        missing.push({ path, size: 0, why: "unreadable" });
        continue;
      }
      const folder = join(root, shownPath(path));
      const seen = await look(this.#parts.git, folder, this.#parts.named(folder));
      // A submodule that was never checked out.
      if (seen.repository === null) continue;
      this.#nested += 1;
      states.push({ path, state: (await this.build(seen, [], depth + 1)).hash });
    }
    return { states, missing };
  }
}

/** A file, or the files of a folder; none where those are too many. */
async function below(root: string, path: BytePath, limit: number): Promise<readonly BytePath[]> {
  const info = await lstat(onDisk(root, path)).catch(() => null);
  if (info?.isDirectory() !== true) return [path];
  const { files } = await walkFolder(join(root, shownPath(path)), limit);
  return files.map((each) => `${path}/${each}`);
}

interface Wanted {
  readonly wanted: readonly Listed[];
  readonly repositories: readonly BytePath[];
  readonly bounds: Bounds;
  readonly base: TreeState["base"];
  readonly missing: readonly NotCovered[];
}
