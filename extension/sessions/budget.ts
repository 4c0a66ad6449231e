import * as l10n from "@vscode/l10n";
import type { SpendLedger } from "../audit/spend.ts";
import type { Problem, Result } from "../errors.ts";
import type { Gestures } from "./gestures.ts";

/** US dollars; null: no limit. */
export interface SpendLimits {
  readonly perRun: number | null;
  readonly perDay: number | null;
}

export interface Cost {
  readonly amount: number;
  readonly currency: string;
}

export interface BudgetParts {
  readonly session: string;
  readonly agent: { readonly id: string; readonly name: string };
  /** True for an agent that has no model behind it. */
  readonly free: boolean;
  readonly ledger: Pick<SpendLedger, "add" | "today">;
  readonly limits: () => SpendLimits;
  readonly gestures: Gestures;
  /** No prompt is taken any more, or again. */
  readonly onHeld: (problem: Problem | null) => void;
  readonly onNotice: (problem: Problem) => void;
  /** The running turn costs far too much. */
  readonly stop: () => void;
}

/**
 * A turn that runs when the limit is reached goes on to its end: half a change costs more than the rest of it. At so many
 * times the limit it is stopped: then it isn't coming to an end.
 */
const STOP_AT = 2;

/** What one session has cost, by what its agent says, and the limits of the policies on it. */
export class Budget {
  readonly #parts: BudgetParts;
  #run = 0;
  /** What is on its way into the ledger: another host may hold it for a moment. */
  #unkept = 0;
  /** The agent's own count when it last told of it; it counts from nothing when it starts. */
  #counted = 0;
  /** What the agent says its cost in; undefined until it says one. */
  #currency: string | undefined;
  #held: Problem | null = null;
  /** The person wants to go on. */
  #open = false;
  #told = false;
  #stopped = false;
  #writable = true;
  #adding: Promise<void> = Promise.resolve();

  constructor(parts: BudgetParts) {
    this.#parts = parts;
  }

  /** A new process counts from nothing. */
  agentStarted(): void {
    this.#counted = 0;
  }

  /** The agent told what it has cost since it started. */
  usage(cost: Cost | undefined): void {
    if (cost === undefined || !Number.isFinite(cost.amount) || cost.amount < 0) return;
    this.#currency = cost.currency.toUpperCase();
    if (this.#currency !== "USD") return;
    const { amount } = cost;
    // Less than before: it counts anew.
    const more = amount >= this.#counted ? amount - this.#counted : amount;
    this.#counted = amount;
    if (more === 0) return;
    this.#run += more;
    this.#unkept += more;
    const { session, agent, ledger } = this.#parts;
    const add = (): Promise<void> => ledger.add({ session, agent: agent.id, usd: more });
    this.#adding = this.#adding.then(add).then(
      () => {
        this.#writable = true;
        this.#unkept -= more;
      },
      () => this.#unwritable(),
    );
    this.#watch();
  }

  /** Why no prompt is to be sent now; null where one may. */
  check(): Problem | null {
    const problem = this.#open ? null : this.#reached(1);
    if (problem?.message !== this.#held?.message) this.#parts.onHeld(problem);
    this.#held = problem;
    return problem;
  }

  /** The turn is over. */
  turnEnded(): void {
    const { free, agent, limits, onNotice } = this.#parts;
    const { perRun, perDay } = limits();
    if (!free && !this.#told && this.#currency !== "USD" && (perRun ?? perDay) !== null) {
      this.#told = true;
      onNotice(unknownCost(agent.name, this.#currency, perRun, perDay));
    }
    this.check();
  }

  /** The person's word, which is kept in the record: the limits don't hold this session any more. */
  async goOn(): Promise<Result<void>> {
    const recorded = await this.#parts.gestures.record("spend past the limit", "person", "spend.limit");
    if (!recorded.ok) return recorded;
    this.#open = true;
    this.check();
    return recorded;
  }

  /** Resolves when all that was told is kept. */
  kept(): Promise<void> {
    return this.#adding;
  }

  #watch(): void {
    if (this.#open || this.#stopped) return;
    const far = this.#reached(STOP_AT);
    if (far === null) return;
    this.#stopped = true;
    this.#parts.onNotice(stoppedProblem(far));
    this.#parts.stop();
  }

  #reached(times: number): Problem | null {
    const { perRun, perDay } = this.#parts.limits();
    if (perRun !== null && this.#run > 0 && this.#run >= perRun * times) return overRun(this.#run, perRun);
    if (perDay === null) return null;
    const kept = this.#parts.ledger.today();
    // What isn't known is no reason to stop what runs, and none to begin.
    if (kept === null || !this.#writable) return times === 1 ? unknownDay(perDay) : null;
    const today = kept + this.#unkept;
    return today > 0 && today >= perDay * times ? overDay(today, perDay) : null;
  }

  #unwritable(): void {
    this.#writable = false;
  }
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

function goOnNext(): string {
  return l10n.t("Go on for this session, or raise the limit in the policy.");
}

function overRun(cost: number, limit: number): Problem {
  return {
    code: "spend.run",
    message: l10n.t(
      "This session has cost {0}; the policy's limit is {1} a session.",
      dollars(cost),
      dollars(limit),
    ),
    next: goOnNext(),
  };
}

function overDay(cost: number, limit: number): Problem {
  return {
    code: "spend.day",
    message: l10n.t(
      "Your agents have cost {0} today; the policy's limit is {1} a day.",
      dollars(cost),
      dollars(limit),
    ),
    next: goOnNext(),
  };
}

function unknownDay(limit: number): Problem {
  return {
    code: "spend.unknown-day",
    message: l10n.t(
      "What your agents have cost today can't be read or kept, so the limit of {0} a day can't be kept either.",
      dollars(limit),
    ),
    next: l10n.t("Go on for this session, or make the state folder writable."),
  };
}

function stoppedProblem({ message }: Problem): Problem {
  return {
    code: "spend.stopped",
    message: l10n.t("The turn was stopped at twice the limit. {0}", message),
    next: goOnNext(),
  };
}

function unknownCost(
  agent: string,
  currency: string | undefined,
  perRun: number | null,
  perDay: number | null,
): Problem {
  const limit =
    perRun === null ? l10n.t("{0} a day", dollars(perDay ?? 0)) : l10n.t("{0} a session", dollars(perRun));
  return {
    code: "spend.unknown",
    message:
      currency === undefined
        ? l10n.t(
            "{0} hasn't said what it costs: that is unknown, and the limit of {1} can't be kept.",
            agent,
            limit,
          )
        : l10n.t(
            "{0} says what it costs in {1}: the limit of {2}, in US dollars, can't be kept.",
            agent,
            currency,
            limit,
          ),
    next: l10n.t("Watch it where you pay for it."),
  };
}
