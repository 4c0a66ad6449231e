import { lstat, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FactQuery } from "../guard/facts.ts";
import type { Git } from "../git/run.ts";
import type { Loss } from "../guard/loss.ts";
import { lossOfFiles } from "./files.ts";
import { OwnCommits } from "./ownCommits.ts";

/** Files that are remembered for one session; what it makes beyond is asked about like a person's own. */
const MAX_MADE = 5_000;
/** A file that couldn't be looked at in this time counts as the person's. */
const LOOK_MS = 1_000;

type FilesQuery = Extract<FactQuery, { fact: "files" }>;

/** What an act may make. Paths are absolute. */
export interface Making {
  /** What it writes by name. */
  readonly writes: readonly string[];
  /** What its words may name: of this only what is new, a folder with all that is in it, and what is its own already. */
  readonly mayMake: readonly string[];
  /** Beginnings of names, in folders: of what begins so, only what is new. */
  readonly begins: readonly string[];
  /** What would be lost of the content that it moves, if that were gone: then it is not the session's. */
  readonly moved: readonly FactQuery[];
  /** It does nothing else. */
  readonly only: boolean;
  /** Where it may commit. */
  readonly commitsIn: string | null;
}

/**
 * Files whose uncommitted content is all a session's own, as it left them: those that it made, and those that held
 * nothing uncommitted when it first wrote to them. What somebody has changed since is no longer its own.
 */
export class MadeFiles {
  /** Whether a process was started by an agent. */
  readonly started: (pid: number) => Promise<boolean>;
  readonly commits = new OwnCommits();
  readonly #stamps = new Map<string, string>();
  /** What calls that go on are making. Whoever waits for the end of a command hears of it before this does. */
  readonly #making = new Map<string, readonly string[]>();
  /** What was there of the names that calls are to make, by how they begin. */
  readonly #there = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();

  constructor(started: (pid: number) => Promise<boolean>) {
    this.started = started;
  }

  /** Before a call runs: of the files that it names those that hold nothing of the person's will be its own. */
  async before(call: string, making: Making, git: Git): Promise<void> {
    const { writes, mayMake, begins, only, commitsIn } = making;
    if (commitsIn !== null) await this.commits.before(call, commitsIn, git);
    if (only && begins.length > 0)
      this.#there.set(
        call,
        new Map(await Promise.all(begins.map(async (each) => [each, await namesLike(each)] as const))),
      );
    if (writes.length + mayMake.length === 0) return;
    const own = await this.#owns(making, git);
    for (const [other, paths] of this.#making)
      if (other !== call)
        this.#making.set(
          other,
          paths.filter((path) => !writes.includes(path)),
        );
    const before = (this.#making.get(call) ?? []).filter((path) => !writes.includes(path));
    this.#making.set(call, [...before, ...own]);
  }

  async #owns({ writes, mayMake, moved, only }: Making, git: Git): Promise<readonly string[]> {
    if (!only) return [];
    const losses = await Promise.all(moved.map((query) => this.#isHarmless(git, query)));
    if (losses.includes(false)) return [];
    const [written, made] = await Promise.all([
      kept(writes, async (path) => (await isFree(path)) || (await this.#isOwn(git, path))),
      kept(mayMake, async (path) => (await isFree(path)) || (await this.isMade(path))),
    ]);
    // A formatter that is told a folder.
    const below = [...this.#stamps.keys()].filter((path) =>
      mayMake.some((each) => path.startsWith(`${each}/`)),
    );
    return [...written, ...made, ...(await kept(below, (path) => this.isMade(path)))];
  }

  async #isOwn(git: Git, path: string): Promise<boolean> {
    if (await this.isMade(path)) return true;
    const query = { fact: "files", folder: "/", paths: [path], act: "write", recursive: false } as const;
    return this.#isHarmless(git, query);
  }

  async #isHarmless(git: Git, query: FactQuery): Promise<boolean> {
    if (query.fact !== "files") return false;
    const loss = await lossOfFiles(git, query satisfies FilesQuery, AbortSignal.timeout(LOOK_MS)).catch(
      () => null,
    );
    const left = loss === null ? null : await this.without(loss);
    return left?.complete === true && left.fileCount + left.commits === 0;
  }

  /** The call is over. */
  async after(call: string): Promise<void> {
    await this.commits.after(call);
    for (const [begin, there] of this.#there.get(call) ?? [])
      for (const path of await namesLike(begin)) if (!there.has(path)) await this.#remember(path);
    this.#there.delete(call);
    const paths = this.#making.get(call);
    if (paths === undefined) return;
    for (const path of paths) await this.#remember(path);
    if (this.#making.get(call) === paths) this.#making.delete(call);
  }

  async #remember(path: string): Promise<void> {
    const info = await lstat(path).catch(() => null);
    if (info === null || this.#stamps.size >= MAX_MADE) return;
    if (info.isFile()) this.#stamps.set(path, stampOf(info));
    if (!info.isDirectory()) return;
    for (const name of await readdir(path).catch(() => [])) await this.#remember(join(path, name));
  }

  async isMade(path: string): Promise<boolean> {
    if ([...this.#making.values()].some((paths) => paths.includes(path))) return true;
    const stamp = this.#stamps.get(path);
    if (stamp === undefined) return false;
    const info = await lstat(path).catch(() => null);
    return info !== null && stampOf(info) === stamp;
  }

  /** What of a loss isn't the session's own. A list that was cut short stays as it is. */
  async without(loss: Loss): Promise<Loss> {
    if (loss.files.length === 0 || loss.files.length < loss.fileCount) return loss;
    const files = await kept(loss.files, async ({ path }) => !(await this.isMade(join(loss.root, path))));
    return { ...loss, files, fileCount: files.length };
  }
}

async function kept<Item>(
  items: readonly Item[],
  isKept: (item: Item) => Promise<boolean>,
): Promise<readonly Item[]> {
  const keeps = await Promise.all(items.map((item) => isKept(item)));
  return items.filter((_, index) => keeps[index]);
}

/** Names in a folder are looked at up to so many. */
const MAX_NAMES = 10_000;

/** What lies in a folder and begins so. */
async function namesLike(begin: string): Promise<ReadonlySet<string>> {
  const folder = dirname(begin);
  const names = await readdir(folder).catch(() => []);
  return new Set(
    names
      .slice(0, MAX_NAMES)
      .map((name) => join(folder, name))
      .filter((path) => path.startsWith(begin)),
  );
}

async function isFree(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  );
}

interface Stat {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

function stampOf({ ino, size, mtimeMs, ctimeMs }: Stat): string {
  return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
}
