import * as l10n from "@vscode/l10n";
import type { Analysis } from "../guard/analyse.ts";
import type { Facts } from "../guard/facts.ts";
import type { LayerName } from "./compile.ts";
import { type Asking, type PolicyInForce, ruleEffects } from "./decide.ts";
import type { Verdict } from "./verdict.ts";

/** One thing that was said of an effect, and by whom. */
export interface Step {
  readonly layer: LayerName;
  readonly rule: string;
  readonly verdict: Verdict;
  readonly reason: string;
}

/** How the verdict on one effect came about. The last step is the one that counts. */
export interface ExplainedEffect {
  readonly kind: string;
  readonly words: string;
  readonly steps: readonly Step[];
}

export function explainEffects(
  analysis: Analysis,
  facts: Facts,
  policy: PolicyInForce,
  asking: Asking,
): readonly ExplainedEffect[] {
  return ruleEffects(analysis, facts, policy, asking).map(({ effect, base, sides, ruling, harmlessHere }) => {
    const steps = [base, ...sides, ruling].map(({ layer, rule, verdict, reason }) => {
      const harmless = harmlessHere && layer === "built-in" && verdict === "allow";
      return { layer, rule, verdict, reason: harmless ? l10n.t("Nothing would be lost.") : reason };
    });
    const news = steps.filter((step, index) => index === 0 || !isSame(step, steps[index - 1]));
    return { kind: effect.kind, words: effect.words, steps: news };
  });
}

function isSame(a: Step, b: Step | undefined): boolean {
  return a.layer === b?.layer && a.rule === b.rule && a.verdict === b.verdict;
}
