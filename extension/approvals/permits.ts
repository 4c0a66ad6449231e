import { type ActScope, covers } from "./scope.ts";

/** How long a permit waits for the agent's second try. */
export const PERMIT_MS = 10 * 60_000;
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
 * Permits for a second try of acts: of those whose agent had stopped waiting when the person would have said yes, and of those that
 * are to run as asked. One use each, for the same command, folder and effects, for ten minutes, and never for more loss than
 * the person was shown.
 */
export class Permits {
  /** Acts that can be tried again, by call. */
  readonly #lapsed = new Map<string, Lapsed>();
  readonly #name: string;
  readonly #most: number;
  #permits: readonly Permit[] = [];
  #count = 0;

  /** `name`: the beginning of each permit's id. `most`: acts that can still be tried again. */
  constructor(name: string, most: number) {
    this.#name = name;
    this.#most = most;
  }

  lapse(call: string, lapsed: ActScope, shown: string): void {
    this.#lapsed.set(call, { ...lapsed, shown });
    const [oldest] = this.#lapsed.keys();
    if (this.#lapsed.size > this.#most && oldest !== undefined) this.#lapsed.delete(oldest);
  }

  /** The person's word for another try; null where nothing is known of the act, or it was given before. */
  leave(call: string, now: number): Permit | null {
    const lapsed = this.#lapsed.get(call);
    if (lapsed === undefined) return null;
    this.#lapsed.delete(call);
    const permit = { ...lapsed, id: `${this.#name}-${++this.#count}`, until: now + PERMIT_MS };
    this.#permits = [...this.current(now), permit];
    return permit;
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
