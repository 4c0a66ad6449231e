import type { Loss } from "../guard/loss.ts";
import type { GrantScope } from "./grants.ts";

/** How long a permit waits for the agent's second try. */
export const PERMIT_MS = 10 * 60_000;
/** Questions nobody waits for any more that can still be allowed. */
const MAX_LAPSED = 50;

/** An act that was asked about in vain, with what it would have lost. */
export interface Lapsed extends Omit<GrantScope, "call"> {
  readonly loss: Loss | null;
}

interface Permit extends Lapsed {
  readonly until: number;
}

/**
 * Permits for acts whose agent had stopped waiting when the person would have said yes: one use each, for the same
 * command, folder and effects, for ten minutes, and never for more loss than the person was shown.
 */
export class Permits {
  /** By session and call. */
  readonly #lapsed = new Map<string, Lapsed>();
  #permits: readonly Permit[] = [];

  lapse(call: string, lapsed: Lapsed): void {
    this.#lapsed.set(`${lapsed.session} ${call}`, lapsed);
    const [oldest] = this.#lapsed.keys();
    if (this.#lapsed.size > MAX_LAPSED && oldest !== undefined) this.#lapsed.delete(oldest);
  }

  /** The person's yes after all. False where nothing is known of it, or it was given before. */
  leave(session: string, call: string, now: number): boolean {
    const name = `${session} ${call}`;
    const lapsed = this.#lapsed.get(name);
    if (lapsed === undefined) return false;
    this.#lapsed.delete(name);
    this.#permits = [...this.#current(now), { ...lapsed, until: now + PERMIT_MS }];
    return true;
  }

  /** True when a permit covers the act, which is spent by it. */
  spend(act: Lapsed, now: number): boolean {
    const current = this.#current(now);
    const found = current.find((permit) => coversAct(permit, act));
    this.#permits = current.filter((permit) => permit !== found);
    return found !== undefined;
  }

  endSession(session: string): void {
    this.#permits = this.#permits.filter((permit) => permit.session !== session);
    for (const [name, lapsed] of this.#lapsed) if (lapsed.session === session) this.#lapsed.delete(name);
  }

  #current(now: number): readonly Permit[] {
    return this.#permits.filter(({ until }) => now < until);
  }
}

function coversAct(permit: Permit, act: Lapsed): boolean {
  return (
    permit.session === act.session &&
    permit.key === act.key &&
    permit.cwd === act.cwd &&
    act.effects.every((effect) => permit.effects.includes(effect)) &&
    losesNoMore(act.loss, permit.loss)
  );
}

function losesNoMore(now: Loss | null, shown: Loss | null): boolean {
  if (now === null) return true;
  if (shown === null) return now.complete && now.fileCount + now.commits + now.stashes === 0;
  return (
    (now.complete || !shown.complete) &&
    now.fileCount <= shown.fileCount &&
    now.commits <= shown.commits &&
    now.stashes <= shown.stashes &&
    now.files.every((file) =>
      shown.files.some(
        ({ path, added, removed }) => path === file.path && added === file.added && removed === file.removed,
      ),
    )
  );
}
