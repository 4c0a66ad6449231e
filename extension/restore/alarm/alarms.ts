import type { Git } from "../../git/run.ts";
import type { RestorePoints } from "../points/restorePoints.ts";
import type { Problem } from "../../errors.ts";
import { Alarm, type AlarmRaised } from "./alarm.ts";
import { blindProblem } from "./texts.ts";

/** The alarms of one host: one for each folder that is watched. */
export class Alarms {
  readonly #git: Git;
  readonly #points: RestorePoints;
  readonly #alarms = new Map<string, Promise<Alarm>>();
  readonly #listeners = new Set<(raised: AlarmRaised) => void>();
  readonly #blind = new Set<(root: string, problem: Problem) => void>();

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
    for (const alarm of await Promise.all(this.#alarms.values())) {
      const inside = paths.filter((path) => path.startsWith(`${alarm.root}/`));
      if (inside.length > 0) alarm.changed(inside);
    }
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
    const alarms = await Promise.all(this.#alarms.values());
    return alarms.filter(({ root }) => folder === root || folder.startsWith(`${root}/`));
  }

  async dispose(): Promise<void> {
    const alarms = await Promise.all(this.#alarms.values());
    await Promise.all(alarms.map((alarm) => alarm.close()));
  }

  async #start(root: string): Promise<Alarm> {
    const onLoss = (raised: AlarmRaised): void => {
      for (const listener of this.#listeners) listener(raised);
    };
    const alarm = new Alarm(this.#git, this.#points, root, onLoss, (error) => {
      const problem = blindProblem(root, error);
      for (const listener of this.#blind) listener(root, problem);
    });
    await alarm.start();
    return alarm;
  }
}
