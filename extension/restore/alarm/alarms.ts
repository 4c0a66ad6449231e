import type { Git } from "../../git/run.ts";
import type { RestorePoints } from "../points/restorePoints.ts";
import type { Problem } from "../../errors.ts";
import { Alarm, type AlarmRaised, type Lost } from "./alarm.ts";
import { blindProblem } from "./texts.ts";

interface Turn {
  readonly folder: string;
  readonly agent: string;
  /** Milliseconds since the epoch; undefined while it goes on. */
  ended?: number;
}

/** The alarm looks after seconds; what is compared then may have been kept minutes before. */
const REMEMBERED_MS = 60 * 60_000;

/** The alarms of one host: one for each folder that is watched. */
export class Alarms {
  readonly #git: Git;
  readonly #points: RestorePoints;
  readonly #alarms = new Map<string, Promise<Alarm>>();
  readonly #listeners = new Set<(raised: AlarmRaised) => void>();
  readonly #blind = new Set<(root: string, problem: Problem) => void>();
  readonly #turns = new Set<Turn>();

  constructor(git: Git, points: RestorePoints) {
    this.#git = git;
    this.#points = points;
  }

  onLoss(listener: (raised: AlarmRaised) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Told once, until a look at the folder works again. */
  onBlind(listener: (root: string, problem: Problem) => void): () => void {
    this.#blind.add(listener);
    return () => this.#blind.delete(listener);
  }

  /** Watches a folder's repository, or the folder itself, until the host ends. */
  async watch(folder: string): Promise<void> {
    const root = await this.#points.rootOf(folder);
    const starting = this.#alarms.get(root) ?? this.#start(root);
    this.#alarms.set(root, starting);
    await starting;
  }

  /** Files that the person, or an edit that was seen, changed or removed: absolute paths. */
  async changed(paths: readonly string[]): Promise<void> {
    for (const alarm of await this.#started()) {
      const inside = paths.filter((path) => path.startsWith(`${alarm.root}/`));
      if (inside.length > 0) alarm.changed(inside);
    }
  }

  /** An agent's turn begins in a folder. Gives what ends it. */
  works(folder: string, agent: string): () => void {
    const turn: Turn = { folder, agent };
    for (const past of this.#turns)
      if (past.ended !== undefined && Date.now() - past.ended > REMEMBERED_MS) this.#turns.delete(past);
    this.#turns.add(turn);
    return () => {
      turn.ended = Date.now();
    };
  }

  /** Looks at the repository of a folder, as after a turn. */
  async check(folder: string): Promise<void> {
    await Promise.all((await this.#around(folder)).map((alarm) => alarm.check("after")));
  }

  /** Something was let through that removes files of a folder; it goes on until `explain` is called as often. */
  async excuse(folder: string): Promise<void> {
    for (const alarm of await this.#around(folder)) alarm.excuse();
  }

  /** What a folder lost until now was let through. */
  async explain(folder: string): Promise<void> {
    await Promise.all((await this.#around(folder)).map((alarm) => alarm.explain()));
  }

  async #around(folder: string): Promise<readonly Alarm[]> {
    const alarms = await this.#started();
    return alarms.filter(({ root }) => folder === root || folder.startsWith(`${root}/`));
  }

  async dispose(): Promise<void> {
    await Promise.all((await this.#started()).map((alarm) => alarm.close()));
  }

  /** Those that watch: one that couldn't begin takes nothing from the others, and whoever had it begin was told. */
  async #started(): Promise<readonly Alarm[]> {
    const alarms = await Promise.allSettled(this.#alarms.values());
    return alarms.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  }

  #atWork(root: string, since: number): readonly string[] {
    const meant = [...this.#turns].filter(
      ({ folder, ended = Infinity }) => ended >= since && `${folder}/`.startsWith(`${root}/`),
    );
    return [...new Set(meant.map(({ agent }) => agent))];
  }

  async #start(root: string): Promise<Alarm> {
    const onLoss = (lost: Lost): void => {
      const raised = { ...lost, atWork: this.#atWork(root, lost.point.time) };
      for (const listener of this.#listeners) listener(raised);
    };
    const isWorkedIn = (): boolean => this.#atWork(root, Date.now()).length > 0;
    const alarm = new Alarm(this.#git, this.#points, root, onLoss, isWorkedIn, (error) => {
      const problem = blindProblem(root, error);
      for (const listener of this.#blind) listener(root, problem);
    });
    await alarm.start();
    return alarm;
  }
}
