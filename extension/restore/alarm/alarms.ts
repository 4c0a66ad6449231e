import type { Git } from "../../git/run.ts";
import type { RestorePoints } from "../points/restorePoints.ts";
import type { Problem } from "../../errors.ts";
import { Alarm, type AlarmRaised, type Lost, type TurnOf } from "./alarm.ts";
import { Beside, holds, type Open } from "./beside.ts";
import { blindProblem } from "./texts.ts";

interface Turn {
  readonly folder: string;
  readonly agent: string;
  readonly of: TurnOf | null;
  /** Milliseconds since the epoch; undefined while it goes on. */
  ended?: number;
}

/** The alarm looks after seconds; what is compared then may have been kept minutes before. */
const REMEMBERED_MS = 60 * 60_000;
/** Old points of what is watched beside are forgotten when that begins, and after each so many looks. */
const PRUNED_AFTER_LOOKS = 100;

/** What an agent has as long as it is alive: what it works in is watched, and with that all repositories that are open. */
export interface Attendance {
  /** Watches the repository of a folder that it works in, or the folder itself. Resolves when that has begun. */
  watch(folder: string): Promise<void>;
  /** It is gone. With the last one all watching ends: what is done from then on is the person's. */
  end(): void;
}

interface Watched {
  readonly alarm: Alarm;
  readonly started: Promise<void>;
  /** Looks that it had beside others. */
  looks: number;
}

const NOTHING_OPEN: Open = { folders: () => [], home: undefined };

/** The alarms of one host: one for each folder that is watched. */
export class Alarms {
  readonly #git: Git;
  readonly #points: RestorePoints;
  readonly #beside: Beside;
  /** By the root of what is watched. */
  readonly #watched = new Map<string, Watched>();
  readonly #ending = new Map<Alarm, Promise<void>>();
  /** For each agent that is alive the roots of what it works in. */
  readonly #attending = new Set<Set<string>>();
  /** Roots of what is open and can be watched, whether an agent works there or not. */
  #open: ReadonlySet<string> = new Set();
  #around: Promise<void> = Promise.resolve();
  #willLook = false;
  readonly #listeners = new Set<(raised: AlarmRaised) => void>();
  readonly #blind = new Set<(root: string, problem: Problem, beside: boolean) => void>();
  readonly #turns = new Set<Turn>();

  constructor(git: Git, points: RestorePoints, open: Open = NOTHING_OPEN) {
    this.#git = git;
    this.#points = points;
    this.#beside = new Beside(git, open);
  }

  onLoss(listener: (raised: AlarmRaised) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Told once, until a look at the folder works again. `beside`: no agent works there. */
  onBlind(listener: (root: string, problem: Problem, beside: boolean) => void): () => void {
    this.#blind.add(listener);
    return () => this.#blind.delete(listener);
  }

  /** An agent is alive, or about to be. */
  attend(): Attendance {
    const roots = new Set<string>();
    this.#attending.add(roots);
    return {
      watch: async (folder) => {
        const root = await this.#points.rootOf(folder);
        if (!this.#attending.has(roots)) return;
        roots.add(root);
        // What it works in comes first.
        await this.#begin(root).finally(() => this.lookAround());
      },
      end: () => {
        if (!this.#attending.delete(roots)) return;
        this.#letGo();
        this.lookAround();
      },
    };
  }

  /** Files that the person, or an edit that was seen, changed or removed: absolute paths. */
  changed(paths: readonly string[]): void {
    for (const { alarm } of this.#watched.values()) {
      const inside = paths.filter((path) => path.startsWith(`${alarm.root}/`));
      if (inside.length > 0) alarm.changed(inside);
    }
  }

  /** An agent's turn begins in a folder. Gives what ends it. */
  works(folder: string, agent: string, of: TurnOf | null = null): () => void {
    const turn: Turn = { folder, agent, of };
    for (const past of this.#turns)
      if (past.ended !== undefined && Date.now() - past.ended > REMEMBERED_MS) this.#turns.delete(past);
    this.#turns.add(turn);
    return () => {
      turn.ended = Date.now();
    };
  }

  /** Looks at the repository of a folder. `after`: a turn there is over. */
  async check(folder: string, after?: TurnOf): Promise<void> {
    await Promise.all(this.#holding(folder).map((alarm) => alarm.check(after)));
  }

  /** Behind everything else: looks at what is open where no agent works, and watches what has come to be open. */
  lookAround(): void {
    if (this.#willLook) return;
    this.#willLook = true;
    this.#around = this.#around.then(async () => {
      this.#willLook = false;
      // What failed is tried anew the next time.
      await this.#lookAround().catch(() => {});
    });
  }

  /** Something was let through that removes files of some places; it goes on until what this gives is called. */
  excuse(places: readonly string[]): () => Promise<void> {
    const reached = this.#reached(places);
    for (const alarm of reached) alarm.excuse();
    return async () => {
      await Promise.all(reached.map((alarm) => alarm.explain()));
    };
  }

  /** The roots of what is watched that lie in some places, or hold them. */
  reached(places: readonly string[]): readonly string[] {
    return this.#reached(places).map(({ root }) => root);
  }

  /** What a folder lost until now was let through. */
  async explain(folder: string): Promise<void> {
    await Promise.all(this.#holding(folder).map((alarm) => alarm.explain()));
  }

  async dispose(): Promise<void> {
    this.#attending.clear();
    const alarms = [...[...this.#watched.values()].map(({ alarm }) => alarm), ...this.#ending.keys()];
    await Promise.all(alarms.map((alarm) => alarm.close()));
  }

  #reached(places: readonly string[]): readonly Alarm[] {
    const alarms = [...this.#watched.values()].map(({ alarm }) => alarm);
    return alarms.filter(({ root }) => places.some((place) => holds(root, place) || holds(place, root)));
  }

  #holding(folder: string): readonly Alarm[] {
    return [...this.#watched.values()].flatMap(({ alarm }) => (holds(alarm.root, folder) ? [alarm] : []));
  }

  #isWorkedIn(root: string): boolean {
    return [...this.#attending].some((roots) => roots.has(root));
  }

  async #lookAround(): Promise<void> {
    if (this.#attending.size === 0) return;
    const worked = new Set([...this.#attending].flatMap((roots) => Array.from(roots)));
    const open = await this.#beside.roots(worked);
    this.#open = new Set(open);
    this.#letGo();
    for (const root of open) {
      // An agent may have ended or begun since.
      if (this.#attending.size === 0) return;
      if (this.#isWorkedIn(root)) continue;
      const known = this.#watched.get(root);
      await (known === undefined ? this.#begin(root).catch(() => {}) : known.alarm.check());
      const watched = this.#watched.get(root);
      if (watched !== undefined && watched.looks++ % PRUNED_AFTER_LOOKS === 0)
        await this.#points.prune(root).catch(() => {});
    }
  }

  /** What nobody works in and isn't open any more is not watched any more; nothing is, where no agent is left. */
  #letGo(): void {
    if (this.#attending.size === 0) {
      this.#open = new Set();
      this.#beside.forget();
    }
    for (const [root, { alarm }] of this.#watched) {
      if (this.#isWorkedIn(root) || this.#open.has(root)) continue;
      this.#watched.delete(root);
      this.#ending.set(
        alarm,
        alarm.finish().finally(() => this.#ending.delete(alarm)),
      );
    }
  }

  #begin(root: string): Promise<void> {
    const known = this.#watched.get(root);
    if (known !== undefined) return known.started;
    const alarm = this.#alarmOf(root);
    const started = this.#start(alarm);
    this.#watched.set(root, { alarm, started, looks: 0 });
    // Told to whoever waits for it.
    started.catch(() => {});
    return started;
  }

  /** One that couldn't begin takes nothing from the others. */
  async #start(alarm: Alarm): Promise<void> {
    const before = [...this.#ending].flatMap(([each, ended]) => (each.root === alarm.root ? [ended] : []));
    try {
      await Promise.all(before);
      await alarm.start();
    } catch (error) {
      if (this.#watched.get(alarm.root)?.alarm === alarm) this.#watched.delete(alarm.root);
      await alarm.close();
      throw error;
    }
  }

  #alarmOf(root: string): Alarm {
    const onLoss = (lost: Lost): void => {
      const raised = { ...lost, ...this.#atWork(root, lost.point.time), beside: !this.#isWorkedIn(root) };
      for (const listener of this.#listeners) listener(raised);
    };
    return new Alarm(this.#git, this.#points, root, onLoss, {
      // From another folder, too, an agent can have changed something that is told a moment later.
      isWorkedIn: () => this.#turnsSince(Date.now()).length > 0,
      during: () => this.#turnIn(root),
      isApart: (inner) => this.#watched.has(inner),
      onBlind: (error) => {
        const beside = !this.#isWorkedIn(root);
        const problem = blindProblem(root, error, beside);
        for (const listener of this.#blind) listener(root, problem, beside);
      },
    });
  }

  #turnsSince(time: number): readonly Turn[] {
    return [...this.#turns].filter(({ ended = Infinity }) => ended >= time);
  }

  /** Of several that go on at once none is meant. */
  #turnIn(root: string): TurnOf | null {
    const [only, ...more] = [...this.#turns].filter(
      ({ folder, ended }) => ended === undefined && holds(root, folder),
    );
    return more.length === 0 ? (only?.of ?? null) : null;
  }

  #atWork(root: string, since: number): Pick<AlarmRaised, "atWork" | "elsewhere"> {
    const turns = this.#turnsSince(since);
    const atWork = new Set(turns.flatMap(({ folder, agent }) => (holds(root, folder) ? [agent] : [])));
    const others = turns.map(({ agent }) => agent).filter((agent) => !atWork.has(agent));
    return { atWork: [...atWork], elsewhere: [...new Set(others)] };
  }
}
