import { type AskKind, type Mode, RULES, type Rule, type RuleId, ruleVerdict } from "./rules.ts";
import type { CompiledRule, LayerName } from "./compile.ts";
import type { Verdict } from "./verdict.ts";

/** What one rule says of one effect. */
export interface Ruling {
  readonly verdict: Verdict;
  readonly rule: string;
  readonly ask: AskKind;
  readonly reason: string;
  readonly remedy: string | null;
  readonly layer: LayerName;
}

export function builtIn(rule: RuleId, verdict: Verdict): Ruling {
  const { ask, reason, remedy }: Rule = RULES[rule];
  return { verdict, rule, ask, reason: reason(), remedy: remedy?.() ?? null, layer: "built-in" };
}

/** A built-in rule that applies because a policy names something: a branch, a file, a host. */
export function extended(
  rule: RuleId,
  layer: LayerName,
  mode: Mode,
  verdict = ruleVerdict(rule, mode),
): Ruling {
  return { ...builtIn(rule, verdict), layer };
}

export function written({ id, reason, remedy }: CompiledRule, verdict: Verdict, layer: LayerName): Ruling {
  return { verdict, rule: id, ask: "change", reason, remedy, layer };
}
