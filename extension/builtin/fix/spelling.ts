import { distanceBetween } from "../../text/nearest.ts";

/** No name is further from the one that was meant. */
const MAX_DISTANCE = 2;
/** Shorter names are near too many others. */
const MIN_LENGTH = 3;

/**
 * The one name that was probably meant, or null: the nearest, if no other is as near. Two names that differ in
 * their digits, or as one and many, are two names and not a slip.
 */
export function meant(wrong: string, candidates: Iterable<string>): string | null {
  if (wrong.length < MIN_LENGTH) {
    return null;
  }
  let best: string | null = null;
  // A third of the name may be wrong, as in rustc's rule.
  let distance = Math.min(MAX_DISTANCE, Math.floor(wrong.length / 3)) + 1;
  for (const candidate of new Set(candidates)) {
    if (candidate === wrong || digits(candidate) !== digits(wrong) || isPlural(candidate, wrong)) {
      continue;
    }
    const found = distanceBetween(wrong, candidate);
    if (found < distance) {
      [best, distance] = [candidate, found];
    } else if (found === distance) {
      best = null;
    }
  }
  return best;
}

function digits(name: string): string {
  return name.replaceAll(/\D/g, "");
}

function isPlural(a: string, b: string): boolean {
  return a === `${b}s` || b === `${a}s`;
}
