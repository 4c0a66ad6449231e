import type { Fact, FactQuery } from "../guard/facts.ts";
import { factKey } from "../guard/facts.ts";
import { type ExplainedEffect, explainEffects } from "../policy/explain.ts";
import type { Route } from "../toolchain/route.ts";
import type { Act } from "./act.ts";
import { consider, type Considered, type Considering } from "./considered.ts";

/** Every step from an act to its verdict, in their order. */
export interface Explanation {
  readonly considered: Considered;
  /** What the line would execute, as it was asked and as it would run. */
  readonly commands: readonly ReadCommand[];
  /** What could not be understood. */
  readonly unclear: readonly { readonly why: string; readonly text: string }[];
  readonly route: Route | null;
  readonly facts: readonly { readonly query: FactQuery; readonly answer: Fact | null }[];
  readonly effects: readonly ExplainedEffect[];
}

export interface ReadCommand {
  readonly of: "asked" | "run";
  readonly words: readonly string[];
  readonly wrappers: readonly string[];
  /** The folders it can run in; null where that can't be told. */
  readonly folders: readonly string[] | null;
}

export async function explain(act: Act, using: Considering): Promise<Explanation> {
  const considered = await consider(act, using);
  const { scripts, analysis, facts, policy, asking } = considered.basis;
  const queries = analysis.effects.flatMap((effect) => [...effect.needs, ...(effect.also ?? [])]);
  const distinct = [...new Map(queries.map((query) => [factKey(query), query]))];
  return {
    considered,
    commands: scripts.flatMap((script, index) =>
      script.commands.map(({ words, wrappers, folders }): ReadCommand => {
        const texts = words.map((word) => (word.known ? word.text : `${word.text}…`));
        return { of: index === 0 ? "asked" : "run", words: texts, wrappers, folders };
      }),
    ),
    unclear: scripts.flatMap((script) => script.unclear),
    route: considered.route,
    facts: distinct.map(([key, query]) => ({ query, answer: facts.get(key) ?? null })),
    effects: explainEffects(analysis, facts, policy, asking),
  };
}
