import * as l10n from "@vscode/l10n";
import { compileLayer } from "./compile.ts";
import { type Asking, decide, type PolicyInForce, type RuledEffect, ruleEffects } from "./decide.ts";
import type { Analysis } from "../guard/analyse.ts";
import type { Facts } from "../guard/facts.ts";
import type { Probe } from "./examples.ts";
import { readPolicy } from "./read.ts";
import { POLICY_VERSION, type PolicyFile, type RuleEntry } from "./schema.ts";

/** A question, with everything that its verdict was reached from. */
export interface Asked {
  readonly analysis: Analysis;
  readonly facts: Facts;
  readonly policy: PolicyInForce;
  readonly asking: Asking;
  /** One sentence: what the act does. */
  readonly reason: string;
  readonly remedy: string | null;
  /** The command line; null for what is none. */
  readonly line: string | null;
}

/** What a rule about a question would apply to: commands by their words, or paths below the project's root. */
export interface RuleSubject {
  readonly by: "command" | "path";
  readonly patterns: readonly string[];
}

export type DraftList = "allow" | "deny";

/** A character that a person can't see, or takes for another one. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u;
/** What can't be said by the words of a pattern. */
const NO_WORD = /[\s*]/;
const ID_CHARACTERS = 40;
const ID_WORDS = 3;

/** What would be written about; null where a rule could not name it exactly. */
export function subjectOf({ analysis, facts, policy, asking }: Asked): RuleSubject | null {
  const effects = ruleEffects(analysis, facts, policy, asking).filter(isAsked);
  if (effects.length === 0) return null;
  const commands = effects.map(({ effect }) => commandPattern(effect.by?.[0]));
  if (commands.every((each) => each !== null)) return { by: "command", patterns: [...new Set(commands)] };
  const paths = effects.map(({ effect }) =>
    (effect.paths ?? []).map((path) => pathPattern(path, asking.roots)),
  );
  const isWhole = paths.every((each) => each.length > 0 && !each.includes(null));
  return isWhole ? { by: "path", patterns: [...new Set(paths.flat())] as string[] } : null;
}

function isAsked({ ruling }: RuledEffect): boolean {
  return ruling.verdict === "ask";
}

function commandPattern(words: readonly (string | null)[] | undefined): string | null {
  const isPlain = (word: string | null): boolean =>
    word !== null && word !== "" && !NO_WORD.test(word) && !UNSEEN.test(word);
  return words !== undefined && words.length > 0 && words.every(isPlain) ? words.join(" ") : null;
}

/** From its root, so that it means this file alone. */
function pathPattern(path: string, roots: readonly string[]): string | null {
  const root = roots.find((each) => path.startsWith(`${each}/`));
  if (root === undefined || UNSEEN.test(path)) return null;
  const below = path.slice(root.length + 1).replaceAll(/[*?[\]\\!]/g, String.raw`\$&`);
  return below.includes("/") ? below : `/${below}`;
}

/**
 * One subject for several questions of the same kind: where their commands differ in a word that is no option, that word
 * is left open.
 */
export function generalised(subject: RuleSubject, before: readonly (readonly string[])[]): RuleSubject {
  const all = [...before, subject.patterns];
  if (subject.by === "path") return { by: "path", patterns: [...new Set(all.flat())] };
  const [first = [], ...others] = all.map(
    (patterns) => (patterns.length === 1 ? patterns[0] : "")?.split(" ") ?? [],
  );
  if (others.some((words) => words.length !== first.length)) return subject;
  const words = first.map((word, at) => (others.every((other) => other[at] === word) ? word : "*"));
  const [program] = words;
  const opensOption = words.some(
    (word, at) => word === "*" && [first, ...others].some((each) => each[at]?.startsWith("-")),
  );
  return program === "*" || opensOption ? subject : { by: "command", patterns: [words.join(" ")] };
}

/**
 * The rule by which the person's own policy would answer the question; null where the policy would not honour it: what a
 * repository's rule asks about, what would lose work, what can't be named exactly. A permission names the effects that
 * were shown, so that it covers no others.
 */
export function draftRule(
  list: DraftList,
  subject: RuleSubject,
  asked: Asked,
  probe: Probe,
): RuleEntry | null {
  const { analysis, facts, policy, asking, reason, line } = asked;
  const remedy = asked.remedy ?? l10n.t("Do something else, or ask the person to do it.");
  const kinds = new Set(
    ruleEffects(analysis, facts, policy, asking)
      .filter(isAsked)
      .map(({ effect }) => effect.kind),
  );
  const entry: RuleEntry = {
    id: idOf(list, subject),
    [subject.by]: oneOrMore(subject.patterns),
    ...(list === "allow" ? { effect: oneOrMore([...kinds].sort()) } : {}),
    reason,
    ...(list === "allow" ? {} : { remedy }),
  };
  const layer = compileLayer("user", policyWith(list, entry));
  // Below the person's other rules, as in their file: what asks there wins over what allows.
  const sides = policy.sides.map((layers) => [layer, ...layers]);
  if (decide(analysis, facts, { ...policy, sides }, asking).verdict !== list) return null;
  // An example that the rule is held against whenever the file is read, where its words alone say enough for that.
  const example = line === null ? [] : [{ ...entry, match: [line] }];
  const readable = (each: RuleEntry): boolean => readPolicy(draftText(list, each), probe).ok;
  return [...example, entry].find(readable) ?? null;
}

/** A policy with this rule alone, as it is shown before it is written. */
export function draftText(list: DraftList, entry: RuleEntry): string {
  return JSON.stringify(policyWith(list, entry), null, 2);
}

function policyWith(list: DraftList, entry: RuleEntry): PolicyFile {
  return { version: POLICY_VERSION, [list]: [entry] };
}

function oneOrMore<Value>(values: readonly Value[]): Value | Value[] {
  const [only, ...more] = values;
  return only !== undefined && more.length === 0 ? only : [...values];
}

function idOf(list: DraftList, { patterns: [first = ""] }: RuleSubject): string {
  const words = first
    .split(/[\s/]+/)
    .filter((word) => /^[\w.]/.test(word))
    .slice(0, ID_WORDS);
  const slug = words
    .join("-")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, ID_CHARACTERS)
    .replaceAll(/^-+|-+$/g, "");
  return `mine.${list === "deny" ? "no-" : ""}${slug === "" ? "rule" : slug}`;
}
