import { type ActScope, covers } from "./scope.ts";

/** How long a permit waits for the agent's second try. */
export const PERMIT_MS = 10 * 60_000;
/** Questions nobody waits for any more that can still be allowed. */
const MAX_LAPSED = 50;

interface Permit extends ActScope {
  readonly until: number;
}

/**
 * Permits for acts whose agent had stopped waiting when the person would have said yes: one use each, for the same
 * command, folder and effects, for ten minutes, and never for more loss than the person was shown.
 */
export class Permits {
  /** Acts that were asked about in vain, by call. */
  readonly #lapsed = new Map<string, ActScope>();
  #permits: readonly Permit[] = [];

  lapse(call: string, lapsed: ActScope): void {
    this.#lapsed.set(call, lapsed);
    const [oldest] = this.#lapsed.keys();
    if (this.#lapsed.size > MAX_LAPSED && oldest !== undefined) this.#lapsed.delete(oldest);
  }

  /** The person's yes after all. False where nothing is known of it, or it was given before. */
  leave(call: string, now: number): boolean {
    const lapsed = this.#lapsed.get(call);
    if (lapsed === undefined) return false;
    this.#lapsed.delete(call);
    this.#permits = [...this.#current(now), { ...lapsed, until: now + PERMIT_MS }];
    return true;
  }

  /** True when a permit covers the act, which is spent by it. */
  spend(act: ActScope, now: number): boolean {
    const current = this.#current(now);
    const found = current.find((permit) => covers(permit, act));
    this.#permits = current.filter((permit) => permit !== found);
    return found !== undefined;
  }

  #current(now: number): readonly Permit[] {
    return this.#permits.filter(({ until }) => now < until);
  }
}
