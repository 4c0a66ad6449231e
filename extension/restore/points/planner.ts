import { lstat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Git } from "../../git/run.ts";
import { bytePath, type BytePath } from "./bytePath.ts";
import { Capture } from "./capture.ts";
import { type Change, type Content, contentOf, GONE, type Kept } from "./change.ts";
import { type FileOptions, type FileReaders, isChosen, nestedRoot, planFiles } from "./filePlan.ts";
import { walkGitFiles } from "./gitFiles.ts";
import { type GitNow, planGit } from "./gitPlan.ts";
import { type IncomingFile, incomingFiles, type IncomingStates, planIncoming } from "./incomingPlan.ts";
import { type Entry, type GitState, NOTHING, type TreeState } from "./point.ts";
import type { Keeper, PointTaker } from "./points.ts";
import { Trees } from "./trees.ts";

export interface Planned {
  /** In the order in which they are made. */
  readonly changes: readonly Change[];
  readonly kept: readonly Kept[];
  /** Common folders of repositories that lack objects. */
  readonly objects: readonly string[];
}

export interface PlannedIncoming extends Planned {
  /** All that the other worktree has changed, whichever of it was chosen. */
  readonly files: readonly IncomingFile[];
}

export interface States {
  readonly root: string;
  readonly point: TreeState;
  readonly now: TreeState;
  readonly base: TreeState | null;
}

const UNBOUNDED = {
  files: Number.POSITIVE_INFINITY,
  fileBytes: Number.POSITIVE_INFINITY,
  ignoredBytes: Number.POSITIVE_INFINITY,
  ignoredTotalBytes: Number.POSITIVE_INFINITY,
  totalBytes: Number.POSITIVE_INFINITY,
};

/** Finds out what a restore would change. What lies in the way of a change is kept in the store, to be put back. */
export class Planner {
  readonly #git: Git;
  readonly #taker: PointTaker;
  readonly #keeper: Keeper;
  readonly #capture: Capture;
  readonly #changes: Change[] = [];
  readonly #kept: Kept[] = [];
  readonly #objects = new Set<string>();

  constructor(git: Git, taker: PointTaker, keeper: Keeper) {
    this.#git = git;
    this.#taker = taker;
    this.#keeper = keeper;
    this.#capture = new Capture(keeper.store, new Set());
  }

  /** `git`: whether index, refs and the like are put back too. Null where the point's commits can't be read any more. */
  async plan(states: States, options: FileOptions, git: boolean): Promise<Planned | null> {
    if (!(await this.#tree(states, options, git))) return null;
    return this.#planned();
  }

  /** The same for what another worktree of the repository has changed. Null where its commits can't be read. */
  async planIncoming(
    states: IncomingStates,
    now: TreeState,
    options: Pick<FileOptions, "paths" | "onConflict">,
  ): Promise<PlannedIncoming | null> {
    const { root, theirs } = states;
    const trees = await this.#trees({ root, point: theirs, now });
    const readers = this.#readers(trees);
    try {
      const incoming = await incomingFiles(states, readers);
      if (incoming === null) return null;
      const { changes, kept } = await planIncoming(root, incoming, readers, options);
      this.#changes.push(...changes);
      this.#kept.push(...kept);
      return { ...(await this.#planned()), files: incoming.files };
    } finally {
      await trees.dispose();
    }
  }

  async #planned(): Promise<Planned> {
    await this.#capture.flush();
    const order = (change: Change): number => (change.area === "git" ? 2 : change.to.kind === "gone" ? 0 : 1);
    const changes = this.#changes.toSorted((a, b) => order(a) - order(b));
    return { changes, kept: this.#kept, objects: [...this.#objects] };
  }

  #readers(trees: Trees): FileReaders {
    return {
      trees,
      onDisk: (folder, paths) => this.#onDisk(folder, paths),
      text: async (blob) => {
        await this.#capture.flush();
        return this.#keeper.store.read(blob);
      },
      keep: (data) => this.#capture.keep(data),
    };
  }

  async #tree(states: States, options: FileOptions, git: boolean): Promise<boolean> {
    const { root, point, now, base } = states;
    const trees = await this.#trees(states);
    const readers = this.#readers(trees);
    try {
      const files = await planFiles(states, readers, options);
      if (files === null) return false;
      this.#changes.push(...files.changes);
      this.#kept.push(...files.kept);
      if (git && point.git !== null) {
        const loss = options.baseIsLoss ? (base?.git ?? null) : null;
        await this.#gitFiles(root, point.git, await this.#gitNow(point.git, now), readers, loss);
      }
    } finally {
      await trees.dispose();
    }
    for (const { path, state } of point.nested) {
      if (!isChosen(path, options.paths) && !reachesInto(path, options.paths)) continue;
      const inner = await this.#nested(path, state, now, base);
      if (inner === null) return false;
      // Another worktree of the same repository is a place of its own: it comes back where it is gone or asked for.
      const isWorktree = point.git !== null && inner.point.git?.commonDir === point.git.commonDir;
      if (isWorktree && inner.now.git !== null && options.paths === null && !options.baseIsLoss) continue;
      const paths =
        options.paths === null || isChosen(path, options.paths) ? null : inside(path, options.paths);
      if (!(await this.#tree({ root: nestedRoot(root, path), ...inner }, { ...options, paths }, git)))
        return false;
    }
    return true;
  }

  async #gitFiles(
    root: string,
    point: NonNullable<TreeState["git"]>,
    now: GitNow,
    readers: Parameters<typeof planGit>[2],
    loss: TreeState["git"],
  ): Promise<void> {
    const planned = await planGit(point, now, readers, loss);
    this.#changes.push(...planned.changes);
    this.#kept.push(...planned.kept);
    if (planned.objects) this.#objects.add(point.commonDir);
    if (point.gitFile === null) return;
    const from = (await this.#onDisk(root, [".git"])).get(".git") ?? GONE;
    if (from.kind !== "gone") return;
    const blob = await this.#capture.keep(Buffer.from(point.gitFile));
    const to = { kind: "file", mode: 0o644, blob } as const;
    this.#changes.push({ folder: root, path: ".git", from, to, area: "tree", merged: false });
  }

  /** A worktree or submodule may be gone while the folders that git keeps for it, or shares with others, are there. */
  async #gitNow({ gitDir, commonDir }: GitState, now: TreeState): Promise<GitNow> {
    if (now.git !== null) return { state: now.git, readable: now.base === "head" };
    const isThere = (await lstat(join(commonDir, "HEAD")).catch(() => null)) !== null;
    if (!isThere) return { state: null, readable: false };
    const { own, common } = await walkGitFiles({ root: gitDir, gitDir, commonDir });
    const read = async (folder: string, paths: readonly BytePath[]): Promise<readonly Entry[]> => {
      const wanted = paths.map((path) => ({ path, state: "git" as const }));
      return (await this.#capture.files(folder, wanted, new Map(), UNBOUNDED)).entries;
    };
    const state = { head: null, gitFile: null, gitDir, commonDir };
    const files = { own: await read(gitDir, own), common: await read(commonDir, common) };
    return { state: { ...state, ...files }, readable: true };
  }

  async #nested(
    path: BytePath,
    hash: string,
    now: TreeState,
    base: TreeState | null,
  ): Promise<Omit<States, "root"> | null> {
    const { store } = this.#keeper;
    const find = async (state: TreeState | null): Promise<TreeState | null> => {
      const there = state?.nested.find((each) => each.path === path);
      return there === undefined ? null : store.readState(there.state);
    };
    const point = await store.readState(hash);
    return point === null ? null : { point, now: (await find(now)) ?? NOTHING, base: await find(base) };
  }

  async #onDisk(root: string, paths: readonly BytePath[]): Promise<ReadonlyMap<BytePath, Content>> {
    const wanted = paths.map((path) => ({ path, state: "changed" as const }));
    const { entries } = await this.#capture.files(root, wanted, new Map(), UNBOUNDED);
    return new Map(entries.map((entry) => [entry.path, contentOf(entry)]));
  }

  async #trees({ root, point, now }: Omit<States, "base">): Promise<Trees> {
    const commonDir = point.git?.commonDir ?? now.git?.commonDir ?? join(root, ".git");
    const entries = point.git === null ? [] : [...point.git.common, ...point.git.own];
    const config = entries.find(({ path }) => path === "config")?.blob;
    const data = config === undefined || config === null ? null : await this.#keeper.store.read(config);
    return new Trees({
      git: this.#git,
      store: this.#keeper.store,
      // Where git said nothing it can't be trusted to read either.
      repository: now.git === null || now.base === "none" ? null : { root, commonDir: now.git.commonDir },
      vault: this.#taker.vault(commonDir).objects,
      config: data?.toString("utf8") ?? "",
    });
  }
}

function reachesInto(folder: BytePath, paths: readonly BytePath[] | null): boolean {
  return paths?.some((path) => path.startsWith(`${folder}/`)) ?? true;
}

function inside(folder: BytePath, paths: readonly BytePath[]): readonly BytePath[] {
  return paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
}

/** Paths as people write them, relative to `cwd`, as paths below `root`. */
export function chosenPaths(root: string, cwd: string, paths: readonly string[]): readonly BytePath[] {
  return paths.map((path) => {
    const below = relative(root, join(path.startsWith("/") ? "" : cwd, path));
    return bytePath(below.replaceAll("\\", "/").replace(/\/$/, ""));
  });
}
