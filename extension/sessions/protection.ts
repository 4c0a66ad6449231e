import * as l10n from "@vscode/l10n";
import { setTimeout as sleep } from "node:timers/promises";
import { fail, type Problem, type Result } from "../errors.ts";
import type { Reason } from "../restore/points/point.ts";
import type { Taking } from "../restore/points/points.ts";
import type { RestorePoints } from "../restore/points/restorePoints.ts";

/** What was approved waits so long for its restore point, and no longer: agents give commands up after two minutes. */
const WAIT_MS = 20_000;

export interface ProtectionParts {
  readonly points: Pick<RestorePoints, "take" | "prepare" | "prune">;
  readonly session: string;
  readonly turn: () => number;
  /** Where no point could be kept, a person should know. */
  readonly onProblem: (problem: Problem) => void;
}

/** Takes the restore points of one session. */
export class Protection {
  readonly #parts: ProtectionParts;
  /** What goes on behind the prompt. */
  readonly #pending = new Set<Promise<unknown>>();
  /** Told once, until it works again. */
  #told = false;

  constructor(parts: ProtectionParts) {
    this.#parts = parts;
  }

  /** Before the first point: what takes long and can be done ahead. */
  begin(folder: string): void {
    const { points } = this.#parts;
    // Neither is needed for a point: without them it takes longer, and older ones stay.
    const prune = (): Promise<void> => points.prune(folder);
    this.#track(
      points
        .prepare(folder)
        .then(prune, prune)
        .catch(() => {}),
    );
  }

  /** Resolves when it is known what the point will hold; it is kept behind the prompt. */
  async beforeTurn(folder: string): Promise<void> {
    const { settled } = await this.#take(folder, "turn");
    this.#track(settled.then((result) => this.#tell(result)));
  }

  /** Resolves when the point is kept, or can't be. */
  async beforeAct(folder: string): Promise<void> {
    const { settled } = await this.#take(folder, "command");
    const late = sleep(WAIT_MS, fail(tooSlow()), { ref: false });
    this.#tell(await Promise.race([settled, late]));
  }

  /** Resolves when nothing goes on any more. */
  async end(): Promise<void> {
    await Promise.allSettled(this.#pending);
  }

  #track(work: Promise<unknown>): void {
    const tracked = work.finally(() => this.#pending.delete(tracked));
    this.#pending.add(tracked);
  }

  #take(folder: string, reason: Reason): Promise<Taking> {
    const { points, session, turn } = this.#parts;
    return points.take({ root: folder, session, turn: turn(), reason });
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
