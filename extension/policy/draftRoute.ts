import * as l10n from "@vscode/l10n";
import type { CommandWords } from "../guard/effect.ts";
import { AS_ASKED } from "./routing.ts";
import { POLICY_VERSION, type PolicyFile, type RoutingEntry } from "./schema.ts";

/** Programs whose next word says what they do, and words behind which yet another one does. */
const HAS_VERB = /^(pip[\d.]*|npm|npx|pnpm|pnpx|yarn|bun|bunx|uv|uvx|poetry|pdm|pipenv|python[\d.]*)$/;
const NAMES_MORE = /^(run|run-script|exec|x|dlx|-m|pip|tool)$/;
/** A word that a pattern can say, and a person can read. */
const PLAIN = /^[^\s*\p{C}\p{Zl}\p{Zp}]+$/u;
const ID_CHARACTERS = 40;

/** The rule by which commands like this one run as asked in a project; null where its program can't be named. */
export function unroutedRule(words: CommandWords, project: string): RoutingEntry | null {
  const about = beginning(words);
  const [program] = about;
  if (program === undefined) return null;
  const slug = about
    .join("-")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, ID_CHARACTERS)
    .replaceAll(/^-+|-+$/g, "");
  return {
    id: `mine.${slug === "" ? "command" : slug}-as-asked`,
    command: `${about.join(" ")} **`,
    as: AS_ASKED,
    project,
    reason: l10n.t("This project runs it as asked."),
    match: [about.join(" ")],
  };
}

/** A policy with this rule alone, as it is shown before it is written. */
export function routeDraftText(rule: RoutingEntry): string {
  const policy: PolicyFile = { version: POLICY_VERSION, routing: [rule] };
  return JSON.stringify(policy, null, 2);
}

/** The words that say what it is: the program, and what it is told to do. */
function beginning(words: CommandWords): readonly string[] {
  const [program, verb] = words;
  const count = !HAS_VERB.test(program ?? "") ? 1 : NAMES_MORE.test(verb ?? "") ? 3 : 2;
  const found: string[] = [];
  for (const word of words.slice(0, count)) {
    if (word === null || !PLAIN.test(word) || /["'`$\\;|&<>()#~{}[\]!?]/.test(word)) break;
    found.push(word);
  }
  return found;
}
