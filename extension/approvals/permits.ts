import { type ActScope, covers } from "./scope.ts";

/** How long a permit waits for the agent's second try. */
export const PERMIT_MS = 10 * 60_000;
/** Questions nobody waits for any more that can still be allowed. */
const MAX_LAPSED = 50;

interface Lapsed extends ActScope {
  /** What would have run, as a person reads it. */
  readonly shown: string;
}

/** One use of what a person allowed too late. */
export interface Permit extends Lapsed {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Permits for acts whose agent had stopped waiting when the person would have said yes: one use each, for the same
 * command, folder and effects, for ten minutes, and never for more loss than the person was shown.
 */
export class Permits {
  /** Acts that were asked about in vain, by call. */
  readonly #lapsed = new Map<string, Lapsed>();
  #permits: readonly Permit[] = [];
  #count = 0;

  lapse(call: string, lapsed: ActScope, shown: string): void {
    this.#lapsed.set(call, { ...lapsed, shown });
    const [oldest] = this.#lapsed.keys();
    if (this.#lapsed.size > MAX_LAPSED && oldest !== undefined) this.#lapsed.delete(oldest);
  }

  /** The person's yes after all. False where nothing is known of it, or it was given before. */
  leave(call: string, now: number): boolean {
    const lapsed = this.#lapsed.get(call);
    if (lapsed === undefined) return false;
    this.#lapsed.delete(call);
    const permit = { ...lapsed, id: `permit-${++this.#count}`, until: now + PERMIT_MS };
    this.#permits = [...this.current(now), permit];
    return true;
  }

  /** True when a permit covers the act, which is spent by it. */
  spend(act: ActScope, now: number): boolean {
    const current = this.current(now);
    const found = current.find((permit) => covers(permit, act));
    this.#permits = current.filter((permit) => permit !== found);
    return found !== undefined;
  }

  revoke(id: string): void {
    this.#permits = this.#permits.filter((permit) => permit.id !== id);
  }

  /** Those that can still be used. */
  current(now: number): readonly Permit[] {
    return this.#permits.filter(({ until }) => now < until);
  }
}
