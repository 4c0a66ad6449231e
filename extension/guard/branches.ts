import type { Effect } from "./effect.ts";
import { factKey, type FactQuery, type Facts } from "./facts.ts";

/** The branches whose refs an effect writes. */
export interface WrittenBranches {
  readonly names: readonly string[];
  /** False where it couldn't be told which they are. */
  readonly known: boolean;
  /** The branches that the remotes call their own. */
  readonly defaults: readonly string[];
  /** The folders in which it happens. */
  readonly folders: readonly string[];
}

/** Null for an effect that writes no branch. */
export function branchesOf(effect: Effect, facts: Facts): WrittenBranches | null {
  const queries = [...effect.needs, ...(effect.also ?? [])].filter((query) => query.fact === "branch");
  if (effect.branches === undefined && queries.length === 0) return null;
  const names = new Set<string>();
  const defaults = new Set<string>();
  let known = queries.length > 0;
  for (const query of queries) {
    const fact = branchFact(query, facts);
    if (fact === null) known = false;
    else if (fact.branch !== null) names.add(fact.branch);
    for (const name of fact?.defaultBranches ?? []) defaults.add(name);
  }
  return {
    names: effect.branches ?? [...names],
    known: effect.branches !== undefined || known,
    defaults: [...defaults],
    folders: queries.map((query) => query.folder),
  };
}

function branchFact(query: FactQuery, facts: Facts) {
  const fact = facts.get(factKey(query));
  return fact?.known === true && "branch" in fact ? fact : null;
}
