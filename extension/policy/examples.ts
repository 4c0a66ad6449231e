import * as l10n from "@vscode/l10n";
import type { CommandWords, Effect } from "../guard/effect.ts";
import { candidates, type CompiledLayer, type CompiledRule, type RuleSet } from "./compile.ts";
import type { Flaw } from "./meaning.ts";
import { routes } from "./routing.ts";
import { ALL_LISTS, type PolicyFile } from "./schema.ts";

/** What a line of shell would do in a project that exists nowhere but in its root. */
export interface Probe {
  readonly root: string;
  readonly effects: (line: string) => readonly Effect[];
  /** The commands of a line as their words stand there. */
  readonly commands: (line: string) => readonly CommandWords[];
}

const NOTHING_KNOWN = new Map<never, never>();

/** Holds each rule against its own examples: one that means something else than its author thinks is no rule. */
export function testExamples(file: PolicyFile, layer: CompiledLayer, probe: Probe): readonly Flaw[] {
  const flaws: Flaw[] = [];
  for (const list of ALL_LISTS) {
    for (const [index, rule] of (file[list] ?? []).entries()) {
      const applies = (line: string): boolean =>
        "as" in rule
          ? probe.commands(line).some((words) => routes(rule, words))
          : list !== "routing" && appliesTo(layer[list], rule.id, probe, line);
      for (const [at, line] of (rule.match ?? []).entries()) {
        if (applies(line)) continue;
        const message = l10n.t("The rule “{0}” does not apply to its example: {1}", rule.id, line);
        flaws.push({ path: [list, index, "match", at], message });
      }
      for (const [at, line] of (rule.notMatch ?? []).entries()) {
        if (!applies(line)) continue;
        const message = l10n.t("The rule “{0}” applies to what it should leave alone: {1}", rule.id, line);
        flaws.push({ path: [list, index, "notMatch", at], message });
      }
    }
  }
  return flaws;
}

function appliesTo(set: RuleSet, id: string, probe: Probe, line: string): boolean {
  const isIt = (rule: CompiledRule): boolean => rule.id === id;
  return probe.effects(line).some((effect) => {
    const subject = { effect, facts: NOTHING_KNOWN, roots: [probe.root] };
    return [...candidates(set, effect)].some((rule) => isIt(rule) && rule.applies(subject) !== "no");
  });
}
