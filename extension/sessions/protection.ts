import * as l10n from "@vscode/l10n";
import { setTimeout as sleep } from "node:timers/promises";
import type { Coming } from "../door/door.ts";
import { fail, type Problem, type Result } from "../errors.ts";
import type { LostWork, SessionState } from "../events/event.ts";
import type { TurnOf } from "../restore/alarm/alarm.ts";
import type { Alarms, Attendance } from "../restore/alarm/alarms.ts";
import { lossProblem, lostWork } from "../restore/alarm/texts.ts";
import type { Reason } from "../restore/points/point.ts";
import type { Taking, TakeRequest } from "../restore/points/points.ts";
import type { RestorePoints } from "../restore/points/restorePoints.ts";

/** What was approved waits so long for its restore point, and no longer: agents give commands up after two minutes. */
const WAIT_MS = 20_000;
/** A session can go on for days: old points are forgotten when it opens, and after each so many turns. */
const PRUNED_AFTER_TURNS = 50;

export interface ProtectionParts {
  readonly points: Pick<RestorePoints, "take" | "isPartial" | "prepare" | "prune">;
  readonly alarms: Pick<
    Alarms,
    "attend" | "changed" | "excuse" | "reached" | "check" | "lookAround" | "works" | "onLoss" | "onBlind"
  >;
  readonly session: string;
  /** The agent's name. */
  readonly agent: string;
  readonly turn: () => number;
  /** Where no point could be kept, a person should know. */
  readonly onProblem: (problem: Problem) => void;
  /** Work is gone. */
  readonly onLoss: (problem: Problem, loss: LostWork) => void;
}

/** What is started in a terminal at once waits so long for the watching to begin: most folders take a tenth of it. */
const BEGIN_MS = 3_000;

/** Takes the restore points of one session. */
export class Protection {
  readonly #parts: ProtectionParts;
  readonly #stopListening: readonly (() => void)[];
  readonly #folders: string[] = [];
  /** Calls that remove or overwrite files and go on, with what ends that. */
  readonly #excused = new Map<string, () => Promise<void>>();
  /** What goes on behind the prompt. */
  readonly #pending = new Set<Promise<unknown>>();
  /** What ends the turn that goes on. */
  readonly #works: (() => void)[] = [];
  /** Undefined where no agent is alive. */
  #attendance: Attendance | undefined;
  #begun: Promise<unknown> = Promise.resolve();
  /** Told once, until it works again. */
  #told = false;

  constructor(parts: ProtectionParts) {
    this.#parts = parts;
    // What nobody works in is told by all whose agents could have reached it.
    const tells = (root: string, beside: boolean): boolean =>
      beside
        ? this.#attendance !== undefined
        : this.#folders.some((folder) => `${folder}/`.startsWith(`${root}/`));
    this.#stopListening = [
      parts.alarms.onLoss((raised) => {
        if (tells(raised.root, raised.beside)) parts.onLoss(lossProblem(raised), lostWork(raised));
      }),
      parts.alarms.onBlind((root, problem, beside) => {
        if (tells(root, beside)) parts.onProblem(problem);
      }),
    ];
  }

  /** Before the first turn in a folder: watches it, and does ahead what takes long. */
  begin(folder: string): void {
    const { points, alarms } = this.#parts;
    this.#folders.push(folder);
    const attendance = (this.#attendance ??= alarms.attend());
    // Neither is needed for a point: without them it takes longer, and older ones stay.
    const prune = (): Promise<void> => points.prune(folder);
    const watch = (): Promise<void> => attendance.watch(folder);
    const begun = points.prepare(folder).then(watch, watch).then(prune, prune);
    this.#begun = begun.catch(() => {});
    this.#track(this.#begun);
  }

  /** While its agent is alive, its folders are watched, and all that is open. */
  heed({ name }: SessionState): void {
    if (name === "crashed" || name === "ended") {
      this.#attendance?.end();
      this.#attendance = undefined;
      return;
    }
    if (this.#attendance !== undefined || this.#folders.length === 0) return;
    // Another one was started in its place.
    const attendance = (this.#attendance = this.#parts.alarms.attend());
    for (const folder of this.#folders) this.#track(attendance.watch(folder).catch(() => {}));
  }

  /** Resolves when the last folder is watched, or takes too long. */
  async watching(): Promise<void> {
    await Promise.race([this.#begun, sleep(BEGIN_MS, undefined, { ref: false })]);
  }

  /** Resolves when it is known what the point will hold; it is kept behind the prompt. */
  async beforeTurn(prompt: string): Promise<void> {
    const { alarms, agent } = this.#parts;
    const of = this.#turnOf();
    this.#works.push(...this.#folders.map((folder) => alarms.works(folder, agent, of)));
    const takes = this.#folders.map((folder) => this.#take(folder, "turn", { about: prompt }));
    const taken = (await Promise.all(takes)).map(({ settled }) => settled.then((each) => this.#tell(each)));
    // The other folders come when the prompt and its points are through.
    this.#track(Promise.all(taken).then(() => alarms.lookAround()));
  }

  /**
   * Resolves when the point is kept, or can't be. What loses nothing waits for the turn's point alone, and needs one of
   * its own only where the folder is too large to be kept as a whole.
   */
  async beforeAct(folder: string, { asked, files, mayLose }: Coming): Promise<void> {
    if (!mayLose && !(await this.#isPartial(folder))) return;
    // What it reaches in other repositories that are open is kept as well.
    const others = this.#parts.alarms.reached(files).filter((root) => !`${folder}/`.startsWith(`${root}/`));
    const takes = [folder, ...others].map((each) => this.#take(each, "command", { about: asked, files }));
    const late = sleep(WAIT_MS, fail(tooSlow()), { ref: false });
    for (const { settled } of await Promise.all(takes)) this.#tell(await Promise.race([settled, late]));
  }

  #isPartial(folder: string): Promise<boolean> {
    return Promise.race([this.#parts.points.isPartial(folder), sleep(WAIT_MS, false, { ref: false })]);
  }

  /** An edit was seen with its diff: absolute paths. */
  edited(paths: readonly string[]): void {
    this.#parts.alarms.changed(paths);
  }

  /** A call is let through that removes or overwrites files of some places. */
  excuse(call: string, places: readonly string[]): void {
    if (!this.#excused.has(call)) this.#excused.set(call, this.#parts.alarms.excuse(places));
  }

  /** Such a call is over. */
  explain(call: string): void {
    const explain = this.#excused.get(call);
    this.#excused.delete(call);
    if (explain !== undefined) this.#track(explain());
  }

  /** Compares the folders with what was kept of them, and behind that the others that are open. */
  afterTurn(): void {
    for (const end of this.#works.splice(0)) end();
    const { alarms, points, turn } = this.#parts;
    for (const folder of this.#folders) {
      this.#track(alarms.check(folder, this.#turnOf()));
      if (turn() % PRUNED_AFTER_TURNS === 0) this.#track(points.prune(folder).catch(() => {}));
    }
    alarms.lookAround();
  }

  /** Resolves when nothing goes on any more. */
  async end(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
    for (const stop of this.#stopListening) stop();
  }

  #track(work: Promise<unknown>): void {
    const tracked = work.finally(() => this.#pending.delete(tracked));
    this.#pending.add(tracked);
  }

  #take(folder: string, reason: Reason, more: Pick<TakeRequest, "about" | "files">): Promise<Taking> {
    return this.#parts.points.take({ root: folder, ...this.#turnOf(), reason, ...more });
  }

  #turnOf(): TurnOf {
    return { session: this.#parts.session, turn: this.#parts.turn() };
  }

  #tell(result: Result<unknown>): void {
    if (!result.ok && !this.#told) this.#parts.onProblem(result.error);
    this.#told = !result.ok;
  }
}

function tooSlow(): Problem {
  return {
    code: "restore.slow",
    message: l10n.t("This folder is too large to be kept in time."),
    next: l10n.t("Until then lost work can't be brought back."),
  };
}
