import type { CallPatch } from "../events/event.ts";

/** Calls that are held back; more at once are no list that anyone reads. */
const MAX_HELD = 1_000;

/**
 * Calls that the program of another call made, such as each command of a script, and those of the agent's program itself.
 * They get rows of their own only where there is something to say of them: what ran as asked and unasked belongs to what
 * started it.
 */
export class InnerCalls {
  readonly #held = new Map<string, CallPatch>();

  /** What is to be shown of a call now; null while there is nothing. */
  take(call: string, patch: CallPatch): CallPatch | null {
    const held = this.#held.get(call);
    if (held === undefined && patch.within === undefined && patch.own === undefined) return patch;
    this.#held.delete(call);
    const whole = { ...held, ...patch };
    if (isNotable(whole)) return whole;
    this.#held.set(call, whole);
    const [oldest] = this.#held.keys();
    if (this.#held.size > MAX_HELD && oldest !== undefined) this.#held.delete(oldest);
    return null;
  }
}

function isNotable({ own, route, verdict, problem, status }: CallPatch): boolean {
  if (status === "held" || problem !== undefined) return true;
  const asked = verdict !== undefined && verdict !== "allow";
  return own !== true && (asked || (route !== undefined && route !== null));
}
