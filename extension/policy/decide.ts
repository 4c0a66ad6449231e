import * as l10n from "@vscode/l10n";
import type { Analysis } from "../guard/analyse.ts";
import { type WrittenBranches, branchesOf } from "../guard/branches.ts";
import type { Effect, EffectKind } from "../guard/effect.ts";
import type { Facts } from "../guard/facts.ts";
import { isProtectedBranch } from "../guard/git/remotes.ts";
import { harmlessHere, judge, judgeEffect, type Judgement, outranks } from "../guard/judge.ts";
import { addLoss, type Loss } from "../guard/loss.ts";
import type { CompiledLayer, LayerName } from "./compile.ts";
import { overruling } from "./layers.ts";
import { builtIn, extended, type Ruling } from "./ruling.ts";
import { type Mode, RULES } from "./rules.ts";
import { isStricter } from "./verdict.ts";

/** The policies that count at this moment. */
export interface PolicyInForce {
  /**
   * Layers from the user's to the repository's, once as the person accepted them and, where the repository says
   * something else by now, once more with that. The stricter answer of both counts.
   */
  readonly sides: readonly (readonly CompiledLayer[])[];
  /** A policy that can't be read: what it would hold back isn't known, so everything asks. */
  readonly unreadable: Unreadable | null;
}

export interface Unreadable {
  readonly layer: LayerName;
  /** Which file, where in it, and what is wrong. */
  readonly words: string;
}

export const NO_POLICY: PolicyInForce = { sides: [[]], unreadable: null };

/** Who asks, and what was settled before. */
export interface Asking {
  readonly mode: Mode;
  /** The project's root, and its worktrees in which the session works: paths in policies are relative to them. */
  readonly roots: readonly string[];
  /** The environment that a person has started the session for. */
  readonly environment?: string;
  /** Everything that the act says, for names of production hosts. Read only where a policy names some. */
  readonly texts?: () => readonly string[];
  /** True for what a person's earlier yes covers for the session. */
  readonly stands?: (key: string) => boolean;
}

/** What becomes of an act by rules, facts and policies. */
export interface Decision extends Judgement {
  /** Whose rule decided. */
  readonly layer: LayerName;
  /** What a yes to it covers for the rest of the session. */
  readonly standing: readonly string[];
}

/** One effect, and all that was said about it. */
export interface RuledEffect {
  readonly effect: Effect;
  /** By the built-in rules and the facts alone. */
  readonly base: Ruling;
  /** What each side of the policy makes of it. */
  readonly sides: readonly Ruling[];
  readonly ruling: Ruling;
  readonly loss: Loss | null;
  readonly harmlessHere: boolean;
  readonly standing: readonly string[];
}

/** The verdict on an act: the strictest of its effects, each by the built-in rules and then by the policies. */
export function decide(analysis: Analysis, facts: Facts, policy: PolicyInForce, asking: Asking): Decision {
  // Most acts, where nobody wrote a policy: the built-in rules say it all.
  if (isWithoutRules(policy) && analysis.effects.every((effect) => effect.standing === undefined))
    return { ...judge(analysis, facts, asking.mode), layer: "built-in", standing: [] };
  const effects = ruleEffects(analysis, facts, policy, asking);
  let decisive: RuledEffect | undefined;
  let loss: Loss | null = null;
  for (const each of effects) {
    if (each.ruling.verdict !== "allow" && each.loss !== null)
      loss = loss === null ? each.loss : addLoss(loss, each.loss);
    if (decisive === undefined || outranks(rank(each), rank(decisive))) decisive = each;
  }
  const ruling = decisive?.ruling ?? builtIn("read", "allow");
  const { verdict, rule, ask, layer, remedy } = ruling;
  return {
    verdict,
    rule,
    ask,
    layer,
    remedy,
    reason: decisive?.harmlessHere ? l10n.t("Nothing would be lost.") : ruling.reason,
    words: decisive?.effect.words ?? "",
    effects: kindsOf(analysis, effects),
    loss,
    standing: verdict === "ask" ? [...new Set(effects.flatMap((each) => each.standing))] : [],
  };
}

/** True where nobody wrote a policy: the built-in rules alone decide. */
export function isWithoutRules({ sides, unreadable }: PolicyInForce): boolean {
  return unreadable === null && sides.every((layers) => layers.length === 0);
}

function rank({ ruling: { verdict, ask }, loss }: RuledEffect) {
  return { verdict, ask, loss };
}

function kindsOf({ effects }: Analysis, ruled: readonly RuledEffect[]): readonly EffectKind[] {
  return [...new Set([...effects, ...ruled.map(({ effect }) => effect)].map(({ kind }) => kind))].sort();
}

/** Every effect with what was said about it, and what concerns the act as a whole. */
export function ruleEffects(
  analysis: Analysis,
  facts: Facts,
  policy: PolicyInForce,
  asking: Asking,
): readonly RuledEffect[] {
  const ruled = analysis.effects.map((effect) => ruleEffect(effect, facts, policy, asking));
  const host = productionHost(policy, asking);
  if (host !== null) ruled.push(host);
  const { unreadable } = policy;
  if (unreadable !== null)
    ruled.push(aboutAll("policy.unreadable", unreadable.layer, asking.mode, unreadable.words));
  return ruled;
}

function ruleEffect(effect: Effect, facts: Facts, policy: PolicyInForce, asking: Asking): RuledEffect {
  const judged = judgeEffect(effect, facts, asking.mode);
  const base = builtIn(effect.rule, judged.verdict);
  const sides = policy.sides.map((layers) => overruling(layers, base, { effect, facts, ...asking }));
  const strictest = sides.reduce((a, b) => (isStricter(b.verdict, a.verdict) ? b : a), sides[0] ?? base);
  const keys = standingKeys(strictest, effect, facts, policy, asking);
  const stands = keys.length > 0 && keys.every((key) => asking.stands?.(key) === true);
  const ruling: Ruling = stands ? { ...strictest, verdict: "allow", layer: "session" } : strictest;
  return {
    effect,
    base,
    sides,
    ruling,
    loss: judged.loss,
    harmlessHere: harmlessHere(judged) && ruling === base,
    standing: stands ? [] : keys,
  };
}

/**
 * A person says yes to the first push of a branch, and to the first commit on a protected one; for the rest of the
 * session that is settled. Pushes of a protected branch are asked about each time.
 */
function standingKeys(
  { verdict, layer, rule }: Ruling,
  effect: Effect,
  facts: Facts,
  policy: PolicyInForce,
  asking: Asking,
): readonly string[] {
  if (verdict !== "ask" || layer !== "built-in" || effect.standing === undefined) return [];
  if (rule !== "git.push" && rule !== "git.commit.protected") return [];
  const branches = branchesOf(effect, facts);
  if (branches === null || !isPlain(branches, asking.roots)) return [];
  if (rule === "git.push" && branches.names.some((name) => isProtectedHere(name, branches, policy)))
    return [];
  return branches.names.map((name) => `${effect.standing} ${name}`);
}

/** Known by name, and in the session's own project. */
function isPlain({ known, names, folders }: WrittenBranches, roots: readonly string[]): boolean {
  const isHere = (folder: string): boolean =>
    roots.some((root) => folder === root || folder.startsWith(`${root}/`));
  const here = folders.length > 0 && folders.every(isHere);
  return known && here && names.length > 0 && names.every((name) => !/[*\s]/.test(name));
}

function isProtectedHere(name: string, { defaults }: WrittenBranches, { sides }: PolicyInForce): boolean {
  if (isProtectedBranch(name) || defaults.includes(name)) return true;
  return sides.some((layers) => layers.some((layer) => layer.protectedBranches(name)));
}

/** Where a text of the act names a host of an environment that this session was not started for. */
function productionHost({ sides }: PolicyInForce, { mode, environment, texts }: Asking): RuledEffect | null {
  for (const layer of new Set(sides.flat())) {
    for (const { name, names } of layer.environments) {
      const said =
        name === environment
          ? undefined
          : texts?.()
              .map((text) => names.exec(text)?.[0])
              .find(Boolean);
      if (said !== undefined) return aboutAll("network.production", layer.name, mode, said);
    }
  }
  return null;
}

/** A ruling on the act as a whole, shaped like one on an effect. */
function aboutAll(
  rule: "network.production" | "policy.unreadable",
  layer: LayerName,
  mode: Mode,
  words: string,
): RuledEffect {
  const effect: Effect = { kind: RULES[rule].effect, rule, words, needs: [] };
  const ruling = extended(rule, layer, mode);
  return { effect, base: ruling, sides: [], ruling, loss: null, harmlessHere: false, standing: [] };
}
