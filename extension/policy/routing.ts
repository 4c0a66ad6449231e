import * as l10n from "@vscode/l10n";
import type { CommandWords } from "../guard/effect.ts";
import { commandPattern, type CommandPattern, matchCommand } from "./commandPattern.ts";
import { listOf, type PolicyFile, type RoutingEntry } from "./schema.ts";

/** What a routing rule says instead of other words. */
export const AS_ASKED = "asked";
/** In `as`: the words for which the `**` at the end of the command stands. */
const REST = "**";

interface Compiled {
  readonly entry: RoutingEntry;
  readonly patterns: readonly CommandPattern[];
}

/** The routing rules of one project: the person's own come first, and of several that fit the first one counts. */
export class RoutingRules {
  readonly #rules: readonly Compiled[];

  /** `files`: the person's own policy, then the project's as it was accepted. */
  constructor(files: readonly (PolicyFile | null)[], project: string) {
    const entries = files.flatMap((file) => file?.routing ?? []);
    this.#rules = entries
      .filter((entry) => entry.project === undefined || withoutSlash(entry.project) === project)
      .map((entry) => ({ entry, patterns: patternsOf(entry) }));
  }

  /** The programs that rules name, so that they ask before they run; one that is named by its path can't. */
  get programs(): readonly string[] {
    const all = this.#rules.flatMap(({ patterns }) => patterns.flatMap(({ program }) => program ?? []));
    return all.filter((program) => !program.includes("/"));
  }

  /**
   * Where the rules send a command: the words in place of its first ones, null where it runs as asked. Null where no rule is about
   * it.
   */
  of(words: CommandWords) {
    for (const { entry, patterns } of this.#rules) {
      if (!matches(patterns, words)) continue;
      const { id: rule, reason } = entry;
      if (entry.as === AS_ASKED) return { rule, reason, words: null, replaces: 0 };
      const fresh = wordsOf(entry.as);
      const handsOn = fresh.at(-1) === REST;
      const fixed = wordsOf(listOf(entry.command)[0] ?? "").length - 1;
      return {
        rule,
        reason,
        words: handsOn ? fresh.slice(0, -1) : fresh,
        replaces: handsOn ? fixed : words.length,
      };
    }
    return null;
  }
}

/** True where a routing rule is about a command. */
export function routes(entry: RoutingEntry, words: CommandWords): boolean {
  return matches(patternsOf(entry), words);
}

/** What of a routing rule can't be meant, by its key. */
export function* routingFlaws(entry: RoutingEntry): Generator<readonly [key: string, message: string]> {
  const { as, project } = entry;
  const commands = listOf(entry.command);
  for (const text of commands) {
    if (commandPattern(text) === null)
      yield ["command", l10n.t("“{0}” must begin with the name of a program.", text)];
  }
  if (project !== undefined && !/^(\/|[A-Za-z]:[\\/])/.test(project))
    yield ["project", l10n.t("“{0}” must be the whole path of the project's folder.", project)];
  if (as === AS_ASKED) return;
  const fresh = wordsOf(as);
  const handsOn = fresh.length > 1 && fresh.at(-1) === REST;
  if (fresh.slice(0, handsOn ? -1 : undefined).some((word) => word.includes("*")))
    yield ["as", l10n.t("In “as” only ** at the end stands for other words: for those of the command's **.")];
  for (const text of commands) {
    const words = wordsOf(text);
    const open = words.indexOf(REST);
    const atEnd = open === words.length - 1;
    if (open >= 0 && !(atEnd && handsOn))
      yield ["command", l10n.t("“{0}” and “as” must both end with **, or words would be left out.", text)];
    if (open < 0 && handsOn)
      yield ["as", l10n.t("“{0}” has no ** at its end that “as” could hand on.", text)];
  }
  const lengths = new Set(commands.map((text) => wordsOf(text).length));
  if (lengths.size > 1 && handsOn)
    yield ["command", l10n.t("The commands of this rule must have the same number of words.")];
}

/** What a routing rule does, without its author's reason. */
export function routingText({ command, as, project }: RoutingEntry): string {
  const about = listOf(command)
    .map((text) => `“${text}”`)
    .join(", ");
  const does = as === AS_ASKED ? l10n.t("{0} runs as asked", about) : l10n.t("{0} runs as “{1}”", about, as);
  return project === undefined ? does : l10n.t("{0}, in {1}", does, project);
}

/** True where two rules send the same commands to the same place. */
export function sendsTheSame(one: RoutingEntry, other: RoutingEntry): boolean {
  return routingKey(one) === routingKey(other);
}

function routingKey({ command, as, project = "" }: RoutingEntry): string {
  return JSON.stringify([listOf(command).toSorted(), wordsOf(as), withoutSlash(project)]);
}

/** Read exactly. A word of run time is any word: a rule that replaces it is not carried out (`editFor`). */
function matches(patterns: readonly CommandPattern[], words: CommandWords): boolean {
  const told = words.map((word) => word ?? "");
  return patterns.some((pattern) => matchCommand(pattern, told, false) === "yes");
}

function patternsOf(entry: RoutingEntry): readonly CommandPattern[] {
  return listOf(entry.command)
    .map(commandPattern)
    .filter((pattern) => pattern !== null);
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/[\\/]+$/, "") : path;
}
