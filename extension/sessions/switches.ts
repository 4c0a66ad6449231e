import * as l10n from "@vscode/l10n";
import type { Problem, Result } from "../errors.ts";
import type { Gestures } from "./gestures.ts";

/** What the record says when something is loosened, and when that is over. */
interface Words {
  readonly loose: string;
  readonly over: string;
}

/** Something that a person loosens for a while. It is in the record with its beginning and its end. */
class Loosening {
  readonly #gestures: Gestures;
  readonly #words: Words;
  readonly #onChange: (loose: boolean) => void;
  #loose = false;

  constructor(gestures: Gestures, words: Words, onChange: (loose: boolean) => void = () => {}) {
    this.#gestures = gestures;
    this.#words = words;
    this.#onChange = onChange;
  }

  get loose(): boolean {
    return this.#loose;
  }

  /** Recorded before it counts: what can't be recorded isn't loosened. The end of it counts in any case. */
  protected async set(loose: boolean, by: "person" | "nobody"): Promise<Result<void>> {
    if (!loose) this.#loose = false;
    const recorded = await this.#gestures.record(loose ? this.#words.loose : this.#words.over, by);
    if (loose && !recorded.ok) return recorded;
    this.#loose = loose;
    this.#onChange(loose);
    return recorded;
  }

  /** The session, or its agent, is over, and with it what was loosened. */
  async end(): Promise<void> {
    if (this.#loose) await this.set(false, "nobody");
  }
}

/** The guard of one session: on, until a person switches it off. Off ends with the agent. */
export class GuardSwitch extends Loosening {
  constructor(gestures: Gestures, onChange: (problem: Problem, off: boolean) => void) {
    super(gestures, { loose: "guard off", over: "guard on" }, (off) =>
      onChange(off ? offProblem() : onProblem(), off),
    );
  }

  get off(): boolean {
    return this.loose;
  }

  turn(off: boolean, by: "person" | "nobody" = "person"): Promise<Result<void>> {
    return this.set(off, by);
  }
}

/** The window's time of trusting, as far as it concerns one session. */
export class TrustNote extends Loosening {
  constructor(gestures: Gestures) {
    super(gestures, { loose: "trusting on", over: "trusting off" });
  }

  /** Does nothing where it is so already. */
  async note(trusting: boolean, by: "person" | "nobody"): Promise<Result<void>> {
    return trusting === this.loose ? { ok: true, value: undefined } : this.set(trusting, by);
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
