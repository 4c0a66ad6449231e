import { type FSWatcher, lstatSync, watch } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InterlockError } from "../../errors.ts";
import { findRepository } from "../../git/repository.ts";
import type { Git } from "../../git/run.ts";
import { putsAside } from "../../process/aside.ts";
import type { Point, Reason } from "../points/point.ts";
import type { TakeRequest } from "../points/points.ts";
import type { RestorePoints } from "../points/restorePoints.ts";
import type { AlarmLoss } from "./compare.ts";
import { lossesIn } from "./losses.ts";

/** One command of git writes several files: it is looked at when they are quiet. */
const QUIET_MS = 300;
/** Never held up for longer than this by something that goes on writing. */
const MAX_WAIT_MS = 1_000;
/** Something may write into the git folder all the time: a look owes a rest of so many times as long, and at most this. */
const REST = 4;
const MAX_REST_MS = 10_000;
/** What may be owed before the watching waits: a loss soon after others, or after a commit, is told as soon. */
const OWED_MS = 20_000;
/** After the person's own saves: a point of them is taken when they went quiet. */
const SAVES_QUIET_MS = 2_000;

/** While a hook's runner has put work aside, it is looked again so often whether it brought that back, for so long. */
const ASIDE_MS = 1_000;
const MAX_ASIDE_MS = 10 * 60_000;

/** An edit by an agent's own hand is told when it is made: the telling may come so much later. */
const TOLD_AFTER_MS = 600;

/** Points that are taken just before a person's yes is carried out. */
const EXPLAINED: ReadonlySet<Reason> = new Set(["command", "restore"]);

export interface AlarmRaised {
  readonly root: string;
  /** What is gone. */
  readonly losses: readonly AlarmLoss[];
  /** The last point that has it, and the one right after the loss. */
  readonly point: Point;
  readonly lossPoint: Point;
  /** Names of the agents that were in a turn there between the two. */
  readonly atWork: readonly string[];
  /** Names of those that were in a turn in another folder: from there this one can be reached, too. */
  readonly elsewhere: readonly string[];
  /** No agent works there: it is watched since it is open. */
  readonly beside: boolean;
}

/** What one folder tells: who was at work is known beside it. */
export type Lost = Omit<AlarmRaised, "atWork" | "elsewhere" | "beside">;

/** What a point belongs to, in the list. */
export type TurnOf = Required<Pick<TakeRequest, "session" | "turn">>;

export interface AlarmOptions {
  /** An agent is at work that can reach the folder. */
  readonly isWorkedIn?: () => boolean;
  /** It could not look, and so could tell nothing. */
  readonly onBlind?: (error: unknown) => void;
  /** The turn that goes on there. */
  readonly during?: () => TurnOf | null;
  /** A repository inside of it has an alarm of its own. */
  readonly isApart?: (root: string) => boolean;
}

/** Watches one folder: what is lost there by nothing that was seen or approved is told, and can be brought back. */
export class Alarm {
  readonly root: string;
  readonly #git: Git;
  readonly #points: RestorePoints;
  readonly #onLoss: (lost: Lost) => void;
  readonly #options: AlarmOptions;
  /** By folder. */
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #saves: NodeJS.Timeout | undefined;
  #due = 0;
  #checking: Promise<void> = Promise.resolve();
  #last: Point | undefined;
  /** Paths changed by the person or by a seen edit since the last look, with the time that the file then had. */
  #explained = new Map<string, number | null>();
  /** Acts that were let through and go on: what goes while they do is theirs. */
  #excused = 0;
  #closed = false;
  /** To be watched beside nested repositories, and whether with all below; none before it has started. */
  #folders: ReadonlyMap<string, boolean> | undefined;
  /** The last look failed, which is told once. */
  #blind = false;
  /** Since when something is gone that a hook's runner may bring back. */
  #asideSince: number | undefined;
  #aside: NodeJS.Timeout | undefined;
  /** When the looks that the watching led to will have had their rests. */
  #rested = 0;

  constructor(
    git: Git,
    points: RestorePoints,
    root: string,
    onLoss: (lost: Lost) => void,
    options: AlarmOptions = {},
  ) {
    this.#git = git;
    this.#points = points;
    this.root = root;
    this.#onLoss = onLoss;
    this.#options = options;
  }

  /** Takes the first point, and watches from then on. */
  async start(): Promise<void> {
    await this.check();
    await this.#watch();
  }

  /** The person, or an edit that was seen with its diff, changed these files or folders: absolute paths. */
  changed(paths: readonly string[]): void {
    for (const path of paths) this.#explained.set(path, timeOf(path));
    this.#touched();
  }

  /** When that went quiet, a point is taken. */
  #touched(): void {
    clearTimeout(this.#saves);
    this.#saves = setTimeout(() => void this.check(), SAVES_QUIET_MS);
    this.#saves.unref();
  }

  /** Compares the folder with what was last kept of it. `after`: that turn is over, and what comes now is the person's. */
  check(after?: TurnOf): Promise<void> {
    return this.#next(() => this.#check(after));
  }

  #next(look: () => Promise<void>): Promise<void> {
    this.#checking = this.#checking.then(async () => {
      if (this.#closed) return;
      try {
        await look();
        this.#blind = false;
      } catch (error) {
        if (!this.#blind) this.#options.onBlind?.(error);
        this.#blind = true;
      }
    });
    return this.#checking;
  }

  /** Until `explain` nothing that goes is told. */
  excuse(): void {
    this.#excused += 1;
  }

  /** What it waited for others is no work of its own. */
  async #checkAndOwe(): Promise<void> {
    const started = Date.now();
    await this.#check();
    const now = Date.now();
    this.#rested = Math.max(this.#rested, now) + Math.min((now - started) * REST, MAX_REST_MS);
  }

  /** From here on it is compared with what is there now. */
  explain(): Promise<void> {
    // A look that goes on began before: what it still sees is no state to compare with.
    return this.#next(() => {
      this.#excused = Math.max(0, this.#excused - 1);
      this.#last = undefined;
      return this.#check();
    });
  }

  /** Ends after one more look: what was done until now is told. */
  async finish(): Promise<void> {
    await this.check();
    await this.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#saves);
    clearTimeout(this.#aside);
    for (const watcher of this.#watchers.values()) watcher.close();
    await this.#checking;
  }

  async #check(after?: TurnOf): Promise<void> {
    const explained = this.#explained;
    this.#explained = new Map();
    try {
      await this.#look(after, explained);
    } catch (error) {
      this.#explained = new Map([...explained, ...this.#explained]);
      throw error;
    }
  }

  async #look(after: TurnOf | undefined, explained: ReadonlyMap<string, number | null>): Promise<void> {
    const newest = (await this.#points.list(this.root)).at(-1);
    // A point of what was saved doesn't say that the turn was over then.
    const does = newest !== undefined && (after === undefined || newest.reason !== "saves");
    const { settled } = await this.#points.take({
      root: this.root,
      ...(after === undefined ? this.#seen() : { reason: "after", ...after }),
      ...(does ? { unlessState: newest.state } : {}),
    });
    const taken = await settled;
    if (!taken.ok) throw new InterlockError(taken.error);
    await this.#watchAll(taken.value);
    // What was changed once more after that was changed by something else.
    const paths = [...explained].filter(([path, time]) => timeOf(path) === time).map(([path]) => path);
    const last = this.#last;
    this.#last = taken.value;
    if (last === undefined || this.#excused > 0) return;
    // Points that turns and other windows took since are steps on the way.
    const steps = (await this.#points.list(this.root)).filter(
      ({ id }) => id >= last.id && id <= taken.value.id,
    );
    const lost: Lost[] = [];
    for (const [index, point] of steps.entries()) {
      const lossPoint = steps[index + 1];
      if (lossPoint === undefined || point.state === lossPoint.state || EXPLAINED.has(point.reason)) continue;
      const losses = await this.#compare(point, lossPoint, paths);
      if (losses.length > 0 && (await this.#isStillLost(point, lossPoint, taken.value, paths)))
        lost.push({ root: this.root, losses, point, lossPoint });
    }
    if (lost.length > 0 && (await this.#mayComeBack())) {
      this.#last = last;
      for (const [path, time] of explained) if (!this.#explained.has(path)) this.#explained.set(path, time);
    } else for (const each of lost) this.#onLoss(each);
  }

  /** Why a point is taken where something was changed. */
  #seen(): Pick<TakeRequest, "reason" | "session" | "turn"> {
    return { reason: "saves", ...this.#options.during?.() };
  }

  /** Runners of hooks put aside what isn't staged: once they are done, it is compared with what was before. */
  async #mayComeBack(): Promise<boolean> {
    const waits =
      Date.now() - (this.#asideSince ?? Date.now()) < MAX_ASIDE_MS && (await putsAside(this.root));
    if (!waits) {
      this.#asideSince = undefined;
      return false;
    }
    this.#asideSince ??= Date.now();
    clearTimeout(this.#aside);
    this.#aside = setTimeout(() => void this.check(), ASIDE_MS);
    this.#aside.unref();
    return true;
  }

  /** What git was just moving, such as into the stash, a look can miss in both places: another one finds it. */
  async #isStillLost(
    point: Point,
    lossPoint: Point,
    now: Point,
    explained: readonly string[],
  ): Promise<boolean> {
    if (this.#options.isWorkedIn?.() === true) await sleep(TOLD_AFTER_MS);
    const { settled } = await this.#points.take({
      root: this.root,
      ...this.#seen(),
      unlessState: now.state,
    });
    const again = await settled;
    const latest = again.ok ? again.value : now;
    const told = [...explained, ...this.#explained.keys()];
    if (latest.state === lossPoint.state && told.length === explained.length) return true;
    if (this.#excused > 0 && latest.state !== lossPoint.state) return false;
    return (await this.#compare(point, latest, told)).length > 0;
  }

  async #compare(before: Point, now: Point, explained: readonly string[]): Promise<readonly AlarmLoss[]> {
    const keeper = this.#points.keeper(this.root);
    const [was, is] = await Promise.all([before, now].map((point) => keeper.store.readState(point.state)));
    if (!was || !is) return [];
    const within = explained.map((path) => relative(this.root, path).replaceAll("\\", "/"));
    const isExplained = (path: string): boolean =>
      within.some((each) => path === each || path.startsWith(`${each}/`));
    const vault = (commonDir: string): string => this.#points.vault(commonDir).objects;
    const isApart = this.#options.isApart ?? ((): boolean => false);
    const parts = { git: this.#git, store: keeper.store, vault, explained: isExplained, isApart };
    return lossesIn(parts, this.root, was, is);
  }

  /** Git replaces its files: their folders are watched, not they. */
  async #watch(): Promise<void> {
    const repository = await findRepository(this.root);
    if (this.#closed) return;
    const { gitDir, commonDir } = repository ?? { gitDir: null, commonDir: null };
    const below = commonDir === null ? [] : [join(commonDir, "refs"), join(commonDir, "logs")];
    const folders = [this.root, gitDir, commonDir].filter((each) => each !== null);
    this.#folders = new Map([
      ...folders.map((folder) => [folder, false] as const),
      ...below.map((folder) => [folder, true] as const),
    ]);
    await this.#watchAll(this.#last);
  }

  /** What isn't watched yet, or no more. */
  async #watchAll(point: Point | undefined): Promise<void> {
    if (this.#folders === undefined) return;
    for (const [folder, recursive] of this.#folders) this.#watchFolder(folder, recursive);
    if (point !== undefined) await this.#watchNested(point);
  }

  /** Submodules and embedded repositories: what git writes in each while it discards something. */
  async #watchNested({ state }: Point): Promise<void> {
    const { store } = this.#points.keeper(this.root);
    const seen = await store.readState(state);
    const inner = await Promise.all((seen?.nested ?? []).map((each) => store.readState(each.state)));
    const folders = inner.flatMap((each) => each?.git?.gitDir ?? []);
    for (const folder of folders) this.#watchFolder(folder, false);
  }

  #watchFolder(folder: string, recursive: boolean): void {
    if (this.#closed || this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { recursive, persistent: false }, (_, name) => {
        if (name?.endsWith(".lock") !== true) this.#schedule();
      });
      watcher.on("error", () => {
        watcher.close();
        // The next look tries it again.
        if (this.#watchers.get(folder) === watcher) this.#watchers.delete(folder);
      });
      this.#watchers.set(folder, watcher);
    } catch {
      // It is gone, or too many are watched: the look after each turn remains.
    }
  }

  #schedule(): void {
    const now = Date.now();
    if (this.#timer === undefined) this.#due = now + MAX_WAIT_MS;
    clearTimeout(this.#timer);
    const soon = Math.max(0, Math.min(QUIET_MS, this.#due - now));
    const wait = Math.max(soon, this.#rested - OWED_MS - now);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#next(() => this.#checkAndOwe());
    }, wait);
    this.#timer.unref();
  }
}

/** Null for what isn't there. */
function timeOf(path: string): number | null {
  return lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
