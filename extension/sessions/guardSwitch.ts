import * as l10n from "@vscode/l10n";
import type { Problem, Result } from "../errors.ts";
import { type GestureParts, recordGesture } from "./gesture.ts";

/** The guard of one session: on, until a person switches it off. Off ends with the agent. */
export class GuardSwitch {
  readonly #parts: GestureParts;
  #off = false;

  constructor(parts: GestureParts) {
    this.#parts = parts;
  }

  get off(): boolean {
    return this.#off;
  }

  /** Recorded before it counts: an off that can't be recorded isn't one. On counts in any case. */
  async turn(off: boolean, by: "person" | "nobody" = "person"): Promise<Result<void>> {
    if (!off) this.#off = false;
    const line = off ? "guard off" : "guard on";
    const recorded = await recordGesture(this.#parts, line, off ? "guard.off" : "guard.on", by);
    if (off && !recorded.ok) return recorded;
    this.#off = off;
    this.#parts.notice(off ? "error" : "info", off ? offProblem() : onProblem());
    return recorded;
  }
}

function offProblem(): Problem {
  return {
    code: "guard.off",
    message: l10n.t("The guard is off: nothing is asked and nothing refused."),
    next: l10n.t("It is on again when this agent ends, or when you switch it on."),
  };
}

function onProblem(): Problem {
  return {
    code: "guard.on",
    message: l10n.t("The guard is on again."),
    next: l10n.t("What was let through meanwhile is in the log."),
  };
}
