import * as l10n from "@vscode/l10n";
import type { AskKind, Mode, Rule } from "../policy/rules.ts";
import { RULES, ruleVerdict } from "../policy/rules.ts";
import { isStricter, type Verdict } from "../policy/verdict.ts";
import { addLoss, type Loss } from "./loss.ts";
import type { Analysis } from "./analyse.ts";
import type { Effect, EffectKind } from "./effect.ts";
import { factKey, type Fact, type Facts, type FactQuery } from "./facts.ts";
import { isProtectedBranch } from "./git/remotes.ts";

/** What becomes of a command, and why. */
export interface Judgement {
  readonly verdict: Verdict;
  /** A built-in rule, or one of a policy. */
  readonly rule: string;
  /** How the question looks, where it is one. */
  readonly ask: AskKind;
  /** One localised sentence for a person. */
  readonly reason: string;
  /** One localised sentence for the agent. */
  readonly remedy: string | null;
  /** The words that triggered the rule. */
  readonly words: string;
  /** Kinds of effect, sorted, each once. */
  readonly effects: readonly EffectKind[];
  /** What would be gone, over all effects that ask; null where nothing was looked at. */
  readonly loss: Loss | null;
}

/** How a question ranks among others of the same verdict: the loss of work is said first. */
const RANK: Readonly<Record<AskKind, number>> = { loss: 2, change: 1, unclear: 0 };

/** One effect by the built-in rules and the facts. */
export interface Judged {
  readonly effect: Effect;
  readonly verdict: Verdict;
  readonly loss: Loss | null;
}

/** The second of the two pure steps: effects and facts to a verdict. A fact that is not there asks. */
export function judge(analysis: Analysis, facts: Facts, mode: Mode): Judgement {
  let decisive: Judged | undefined;
  let loss: Loss | null = null;
  for (const effect of analysis.effects) {
    const judged = judgeEffect(effect, facts, mode);
    if (judged.verdict !== "allow" && judged.loss !== null)
      loss = loss === null ? judged.loss : addLoss(loss, judged.loss);
    if (decisive === undefined || outranks(ranked(judged), ranked(decisive))) decisive = judged;
  }
  const rule = decisive?.effect.rule ?? "read";
  const { ask, reason, remedy }: Rule = RULES[rule];
  return {
    verdict: decisive?.verdict ?? "allow",
    rule,
    ask,
    reason: harmlessHere(decisive) ? l10n.t("Nothing would be lost.") : reason(),
    remedy: remedy?.() ?? null,
    words: decisive?.effect.words ?? "",
    effects: [...new Set(analysis.effects.map((effect) => effect.kind))].sort(),
    loss,
  };
}

/** Let through because of what was found on the disk, where the rule alone would have asked. */
export function harmlessHere(judged: Judged | undefined): boolean {
  return judged !== undefined && judged.verdict === "allow" && judged.effect.needs.length > 0;
}

export function judgeEffect(effect: Effect, facts: Facts, mode: Mode): Judged {
  const verdict = ruleVerdict(effect.rule, mode);
  if (effect.needs.length === 0 || verdict === "allow") return { effect, verdict, loss: null };
  let loss: Loss | null = null;
  let worst: Weight = "harmless";
  for (const need of effect.needs) {
    const answer = weigh(need, facts.get(factKey(need)), effect.branches);
    if (answer.weight === "harmful" || worst === "harmless") worst = answer.weight;
    if (answer.loss !== null) loss = loss === null ? answer.loss : addLoss(loss, answer.loss);
  }
  if (worst === "harmless") return { effect, verdict: "allow", loss };
  // A refusal needs to be sure; what is not known is a person's to decide.
  return { effect, verdict: worst === "unknown" && verdict === "deny" ? "ask" : verdict, loss };
}

type Weight = "harmless" | "harmful" | "unknown";

function weigh(
  need: FactQuery,
  fact: Fact | undefined,
  named: readonly string[] | undefined,
): { weight: Weight; loss: Loss | null } {
  // A protected name needs no look at the disk.
  if (need.fact === "branch" && named?.some(isProtectedBranch)) return { weight: "harmful", loss: null };
  if (fact === undefined || !fact.known) return { weight: "unknown", loss: null };
  if ("branch" in fact) {
    const { branch, defaultBranches } = fact;
    const names = named ?? (branch === null ? [] : [branch]);
    const isProtected = names.some((name) => defaultBranches.includes(name) || isProtectedBranch(name));
    return { weight: isProtected && need.fact === "branch" ? "harmful" : "harmless", loss: null };
  }
  if ("arriving" in fact) return { weight: fact.arriving.length > 0 ? "harmful" : "harmless", loss: null };
  const { loss } = fact;
  if (!isEmpty(loss)) return { weight: "harmful", loss };
  return { weight: loss.complete ? "harmless" : "unknown", loss };
}

function isEmpty(loss: Loss): boolean {
  return loss.fileCount === 0 && loss.commits === 0 && loss.stashes === 0;
}

/** What decides which of several effects a person is told of. */
export interface Ranked {
  readonly verdict: Verdict;
  readonly ask: AskKind;
  readonly loss: Loss | null;
}

function ranked({ effect, verdict, loss }: Judged): Ranked {
  return { verdict, ask: RULES[effect.rule].ask, loss };
}

export function outranks(a: Ranked, b: Ranked): boolean {
  if (a.verdict !== b.verdict) return isStricter(a.verdict, b.verdict);
  if (a.verdict === "allow") return false;
  const rank = RANK[a.ask] - RANK[b.ask];
  return rank > 0 || (rank === 0 && a.loss !== null && b.loss === null);
}
