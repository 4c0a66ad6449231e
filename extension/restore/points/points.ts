import { randomBytes } from "node:crypto";
import { dirname, isAbsolute, join, relative } from "node:path";
import { fail, ok, type Result } from "../../errors.ts";
import { findRepository } from "../../git/repository.ts";
import type { Git } from "../../git/run.ts";
import { type Built, buildState, Memory } from "./build.ts";
import { bytePath, shownPath } from "./bytePath.ts";
import { isNamed, type Limits, LIMITS } from "./limits.ts";
import { type IsNamed, type Look, look } from "./look.ts";
import { type NotCovered, type Point, POINT_VERSION, type Reason, type TreeState } from "./point.ts";
import { storeProblem } from "./problems.ts";
import { hasPoints, keyOf, PointStore } from "./store.ts";
import { Vault } from "./vault.ts";

/** A status of a large tree must not hold up a prompt: the point is then taken behind it. */
const PROMPT_MS = 1_000;
/** Characters of a prompt or a command that tell points of one session apart. */
const MAX_ABOUT = 80;

export interface TakeRequest {
  /** A folder; where it lies in a repository, the point is of the whole repository. */
  readonly root: string;
  readonly session?: string;
  readonly turn?: number;
  readonly reason: Reason;
  /** The prompt or the command that it is taken for. */
  readonly about?: string;
  /** Absolute paths about to be written: kept also where a folder without git is too large to be kept as a whole. */
  readonly files?: readonly string[];
  /** Where the folder's state is this one still, the newest point does for it, and no other is kept. */
  readonly unlessState?: string;
}

/** A point that is being taken: what is to be kept is known, and is being read. */
export interface Taking {
  readonly id: string;
  /** Resolves when it is kept. */
  readonly settled: Promise<Result<Point>>;
}

/** What belongs to one folder: its store and what is remembered of it. */
export interface Keeper {
  readonly root: string;
  readonly store: PointStore;
  readonly memory: Memory;
  readonly opened: Promise<void>;
  /** The newest state holds only the files that were named: there is no git, and the folder is too large. */
  partial: boolean;
  /** Points of one folder are kept one after the other. */
  queue: Promise<unknown>;
}

/** Which ignored files the policies of this moment want kept, by their absolute paths. */
export type Named = () => (path: string) => boolean;

/** Takes restore points of the folders that agents work in. Nothing of the person's is touched by it. */
export class PointTaker {
  readonly #git: Git;
  readonly stateDirectory: string;
  readonly #limits: Limits;
  readonly #named: Named;
  readonly #keepers = new Map<string, Keeper>();
  readonly #vaults = new Map<string, Vault>();

  constructor(
    git: Git,
    stateDirectory: string,
    limits: Partial<Limits> = {},
    named: Named = () => () => false,
  ) {
    this.#git = git;
    this.stateDirectory = stateDirectory;
    this.#limits = { ...LIMITS, ...limits };
    this.#named = named;
  }

  /**
   * The top folder of a folder's repository, or the folder itself. Where `.git` is gone, the folder that has points
   * is meant.
   */
  async rootOf(folder: string): Promise<string> {
    if (this.#keepers.has(folder)) return folder;
    const top = (await findRepository(folder))?.root;
    for (let each = folder; each !== top; each = dirname(each)) {
      if (this.#keepers.has(each) || (await hasPoints(this.stateDirectory, each))) return each;
      if (each === dirname(each)) break;
    }
    return top ?? folder;
  }

  keeper(root: string): Keeper {
    const known = this.#keepers.get(root);
    if (known !== undefined) return known;
    const store = new PointStore(this.stateDirectory, root);
    const opened = store.open();
    // Told to whoever waits for it.
    opened.catch(() => {});
    const keeper: Keeper = {
      root,
      store,
      memory: new Memory(),
      opened,
      partial: false,
      queue: Promise.resolve(),
    };
    this.#keepers.set(root, keeper);
    return keeper;
  }

  vault(commonDir: string): Vault {
    const known =
      this.#vaults.get(commonDir) ??
      new Vault(this.#git, this.stateDirectory, commonDir, this.#limits.copiedBytes);
    this.#vaults.set(commonDir, known);
    return known;
  }

  /**
   * When a session opens: links the objects of a folder's repository into the vault and reads what no commit holds, so
   * that the first point has to read only what changed since.
   */
  async prepare(folder: string): Promise<void> {
    const keeper = this.keeper(await this.rootOf(folder));
    const prepared = keeper.queue.then(async () => this.#fillVaults(keeper, await this.observe(keeper)));
    keeper.queue = prepared.catch(() => {});
    await prepared;
  }

  /** Resolves when it is known what is to be kept, after one `git status` at most; the rest goes on behind. */
  async take(request: TakeRequest): Promise<Taking> {
    const keeper = this.keeper(await this.rootOf(request.root));
    const id = newId();
    const seen = look(this.#git, keeper.root, this.#isNamed(keeper.root));
    // Reading files while git lists them would only slow it down.
    const settled = keeper.queue.then(() => this.#keep(keeper, id, request, seen));
    keeper.queue = settled;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PROMPT_MS);
    });
    await Promise.race([seen.catch(() => {}), late]);
    clearTimeout(timer);
    return { id, settled };
  }

  /** Whether points of a folder hold only the files that are named. Resolves when those are kept that are being taken. */
  async isPartial(folder: string): Promise<boolean> {
    const keeper = this.keeper(await this.rootOf(folder));
    await keeper.queue;
    return keeper.partial;
  }

  /** What a folder, or another worktree of it, is like now, kept in the folder's store without a point of its own. */
  async observe(keeper: Keeper, root = keeper.root): Promise<Built> {
    await keeper.opened;
    return this.#build(keeper, await look(this.#git, root, this.#isNamed(root)), []);
  }

  async #keep(keeper: Keeper, id: string, request: TakeRequest, seen: Promise<Look>): Promise<Result<Point>> {
    try {
      await keeper.opened;
      let looked = await seen;
      for (let attempt = 0; ; attempt++) {
        const built = await this.#build(keeper, looked, request.files ?? []);
        const same = built.hash === request.unlessState ? (await keeper.store.points()).at(-1) : undefined;
        if (same?.state === built.hash) return ok(same);
        const history = await this.#fillVaults(keeper, built);
        const point = describe(id, keeper.root, request, looked, built, history);
        if (await keeper.store.addPoint(point, built.blobs)) return ok(point);
        // Another host pruned what this point would share: read everything anew.
        if (attempt > 1) throw new Error("pruned again and again");
        await keeper.store.refresh();
        looked = await look(this.#git, keeper.root, this.#isNamed(keeper.root));
      }
    } catch (error) {
      return fail(storeProblem(error));
    }
  }

  async #build(keeper: Keeper, seen: Look, files: readonly string[]): Promise<Built> {
    const inside = files
      .map((path) => relative(keeper.root, path))
      .filter((path) => path !== "" && !path.startsWith("..") && !isAbsolute(path))
      .map((path) => bytePath(path.replaceAll("\\", "/")));
    const parts = {
      git: this.#git,
      store: keeper.store,
      memory: keeper.memory,
      limits: this.#limits,
      named: (root: string) => this.#isNamed(root),
      stateDirectory: this.stateDirectory,
    };
    const built = await buildState(parts, seen, inside);
    const { base, notCovered } = built.state;
    if (seen.root === keeper.root)
      keeper.partial = base === "none" && notCovered.some(({ path }) => path === "");
    return built;
  }

  #isNamed(root: string): IsNamed {
    const wanted = this.#named();
    return (path) => isNamed(path, this.#limits.named) || wanted(join(root, shownPath(path)));
  }

  async #fillVaults({ root }: Keeper, { repositories }: Built): Promise<boolean> {
    let complete = true;
    for (const commonDir of repositories)
      complete = (await this.vault(commonDir).fill(keyOf(root))) && complete;
    return complete;
  }
}

/** The beginning of a text in one line. */
function firstWords(text: string): string | null {
  const line = text
    .slice(0, MAX_ABOUT * 4)
    .replace(/\s+/g, " ")
    .trim();
  if (line.length <= MAX_ABOUT) return line === "" ? null : line;
  const cut = line.slice(0, MAX_ABOUT).replace(/[\uD800-\uDBFF]$/, "");
  return `${cut.replace(/ \S*$/, "")}…`;
}

/** Sorts by time. */
export function newId(): string {
  const time = new Date().toISOString().replace(/[-:]/g, "").replace(".", "").replace("T", "-").slice(0, 18);
  return `${time}-${randomBytes(2).toString("hex")}`;
}

function describe(
  id: string,
  root: string,
  request: TakeRequest,
  seen: Look,
  { state, hash }: Built,
  history: boolean,
): Point {
  const count = (counted: (entry: TreeState["entries"][number]) => boolean): number =>
    state.entries.filter((entry) => counted(entry)).length;
  const missing: readonly NotCovered[] = state.notCovered;
  return {
    v: POINT_VERSION,
    id,
    time: Date.now(),
    root,
    session: request.session ?? null,
    turn: request.turn ?? null,
    reason: request.reason,
    about: request.about === undefined ? null : firstWords(request.about),
    state: hash,
    branch: seen.status?.branch ?? null,
    head: seen.status?.head ?? null,
    history,
    counts: {
      changed: count(({ kind, state }) => kind !== "gone" && (state === "changed" || state === "hidden")),
      untracked: count((entry) => entry.state === "untracked"),
      ignored: count((entry) => entry.state === "ignored"),
      gone: count((entry) => entry.kind === "gone"),
      notCovered: missing.length,
    },
  };
}
