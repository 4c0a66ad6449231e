import type { RuleEntry } from "./schema.ts";

const CONDITIONS = ["command", "effect", "rule", "path", "host", "branch"] as const;

/**
 * What a rule applies to, by its own words and not by its author's reason for it: “git push **”, path “src”. Several
 * conditions must all fit.
 */
export function conditionsText(entry: RuleEntry): string {
  return CONDITIONS.flatMap((name) => {
    const values = [entry[name] ?? []].flat().map((value) => `“${value}”`);
    if (values.length === 0) return [];
    return [name === "command" ? values.join(", ") : `${name} ${values.join(", ")}`];
  }).join("; ");
}

/** True where two rules apply to the same. Their ids, words for people and examples may differ. */
export function meansTheSame(a: RuleEntry, b: RuleEntry): boolean {
  return conditionsOf(a) === conditionsOf(b);
}

function conditionsOf(entry: RuleEntry): string {
  return JSON.stringify(CONDITIONS.map((name) => [entry[name] ?? []].flat().toSorted()));
}
