import * as l10n from "@vscode/l10n";
import { commandPattern } from "./commandPattern.ts";
import { pathGlob } from "./globs.ts";
import { RULES } from "./rules.ts";
import { routingFlaws } from "./routing.ts";
import { ALL_LISTS, listOf, type PolicyFile, type RuleEntry } from "./schema.ts";

/** Something wrong at a place in the document. */
export interface Flaw {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a schema can't say: ids that clash, rules that mean nothing, patterns that can't be. */
export function checkMeaning(file: PolicyFile): readonly Flaw[] {
  const flaws: Flaw[] = [];
  const seen = new Set<string>();
  for (const list of ALL_LISTS) {
    for (const [index, rule] of (file[list] ?? []).entries()) {
      const flaw = (key: string, message: string): void =>
        void flaws.push({ path: [list, index, key], message });
      if (Object.hasOwn(RULES, rule.id)) flaw("id", l10n.t("“{0}” is the id of a built-in rule.", rule.id));
      if (seen.has(rule.id)) flaw("id", l10n.t("The id “{0}” stands here twice.", rule.id));
      seen.add(rule.id);
      if ("as" in rule) for (const [key, message] of routingFlaws(rule)) flaw(key, message);
      else checkRule(rule, flaw);
    }
  }
  for (const key of ["writable", "protected", "secret", "restore"] as const) {
    for (const [index, pattern] of (file.files?.[key] ?? []).entries()) {
      if (pathGlob(pattern) === null) flaws.push({ path: ["files", key, index], message: noPath(pattern) });
    }
  }
  for (const [path, hosts] of hostLists(file)) {
    for (const [index, host] of hosts.entries()) {
      if (!isHost(host)) flaws.push({ path: [...path, index], message: noHost(host) });
    }
  }
  return flaws;
}

function checkRule(rule: RuleEntry, flaw: (key: string, message: string) => void): void {
  const { command, effect, rule: names, path, host, branch } = rule;
  if ([command, effect, names, path, host, branch].every((each) => each === undefined)) {
    const message = l10n.t(
      "The rule applies to nothing: name a command, effect, rule, path, host or branch.",
    );
    flaw("id", message);
  }
  for (const text of listOf(command)) {
    if (commandPattern(text) === null)
      flaw("command", l10n.t("“{0}” must begin with the name of a program.", text));
  }
  for (const text of listOf(path)) if (pathGlob(text) === null) flaw("path", noPath(text));
  for (const text of listOf(host)) if (!isHost(text)) flaw("host", noHost(text));
  for (const name of listOf(names)) {
    const known = Object.keys(RULES).some(
      (id) => id === name || (name.endsWith(".*") && id.startsWith(name.slice(0, -1))),
    );
    if (!known) flaw("rule", l10n.t("There is no built-in rule “{0}”.", name));
  }
}

function* hostLists(file: PolicyFile): Generator<[readonly string[], readonly string[]]> {
  yield [["network", "hosts"], file.network?.hosts ?? []];
  for (const [name, hosts] of Object.entries(file.environments ?? {})) yield [["environments", name], hosts];
}

function isHost(text: string): boolean {
  return /^[a-z0-9*]([a-z0-9.*-]*[a-z0-9*])?$/i.test(text) && /[a-z0-9]/i.test(text);
}

function noPath(pattern: string): string {
  return l10n.t("“{0}” is no path or pattern inside the project.", pattern);
}

function noHost(pattern: string): string {
  return l10n.t("“{0}” is no name of a host; write it without protocol, port and path.", pattern);
}
