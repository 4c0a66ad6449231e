/** What becomes of a request. Deny wins over ask, ask wins over allow. */
export type Verdict = "allow" | "ask" | "deny";

const STRICTNESS: Readonly<Record<Verdict, number>> = { allow: 0, ask: 1, deny: 2 };

/** True when `a` holds back more than `b`. */
export function isStricter(a: Verdict, b: Verdict): boolean {
  return STRICTNESS[a] > STRICTNESS[b];
}
