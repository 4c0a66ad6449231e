import type { CheckOutcome } from "./checker.ts";

/** Several outcomes of one tool as one: a part that couldn't be told makes the whole one that can't. */
export function joinOutcomes(outcomes: readonly CheckOutcome[]): CheckOutcome {
  const checked: Extract<CheckOutcome, { readonly state: "checked" }>[] = [];
  for (const outcome of outcomes) {
    if (outcome.state !== "checked") return outcome;
    checked.push(outcome);
  }
  return {
    state: "checked",
    groups: checked.flatMap((outcome) => outcome.groups),
    tools: [...new Set(checked.flatMap((outcome) => outcome.tools))],
    ms: Math.max(0, ...checked.map((outcome) => outcome.ms)),
  };
}

/** Things grouped by a key, in order of sight. */
export function byKey<Thing>(
  things: readonly Thing[],
  keyOf: (thing: Thing) => string,
): readonly (readonly Thing[])[] {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return [...groups.values()];
}
