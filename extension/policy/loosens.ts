import * as l10n from "@vscode/l10n";
import { conditionsText, meansTheSame } from "./conditions.ts";
import { routingText, sendsTheSame } from "./routing.ts";
import { type PolicyFile, type RoutingEntry, RULE_LISTS, type RuleEntry } from "./schema.ts";

/** Something that a new text of a policy would let through, and the one before didn't. */
export interface Loosening {
  /** The rule's id, or the key of the list. */
  readonly what: string;
  /** One localised sentence. */
  readonly message: string;
}

export const EMPTY_POLICY: PolicyFile = { version: 1 };

/**
 * What of a new text lets more through than the text before. When in doubt it says so: a rule that holds back and was
 * rewritten counts as one that is gone. Each is told by what the rule applies to: its reason is its author's word for it.
 */
export function loosenings(before: PolicyFile, after: PolicyFile): readonly Loosening[] {
  return [
    ...RULE_LISTS.flatMap((list) => ofRules(list, before[list] ?? [], after[list] ?? [], after)),
    ...fewer("branches.protected", before.branches?.protected, after.branches?.protected),
    ...wider("branches.write", before.branches?.write, after.branches?.write),
    ...fewer("files.protected", before.files?.protected, after.files?.protected),
    ...fewer("files.secret", before.files?.secret, after.files?.secret),
    ...fewer("files.restore", before.files?.restore, after.files?.restore),
    ...wider("files.writable", before.files?.writable, after.files?.writable),
    ...ofNetwork(before, after),
    ...Object.entries(before.environments ?? {}).flatMap(([name, hosts]) =>
      fewer(`environments.${name}`, hosts, after.environments?.[name]),
    ),
    ...ofLimits(before, after),
    ...ofRouting(before.routing ?? [], after.routing ?? []),
  ];
}

/**
 * Where commands are sent is not a matter of stricter or looser: each difference is told, and none counts before the person
 * has accepted it. Of rules that fit the first one counts, so another order is a difference.
 */
function ofRouting(before: readonly RoutingEntry[], after: readonly RoutingEntry[]): readonly Loosening[] {
  const missing = (from: readonly RoutingEntry[], other: readonly RoutingEntry[]) =>
    from.filter((rule) => !other.some((each) => sendsTheSame(rule, each)));
  const found = [
    ...missing(after, before).map((rule) => ({
      what: rule.id,
      message: `${routingText(rule)}: ${rule.reason}`,
    })),
    ...missing(before, after).map((rule) => ({
      what: rule.id,
      message: l10n.t("No longer: {0}", routingText(rule)),
    })),
  ];
  const reordered = before.length !== after.length || !before.every((rule, at) => sameAt(rule, after[at]));
  if (found.length > 0 || !reordered) return found;
  return [{ what: "routing", message: l10n.t("Commands are routed by the same rules in another order.") }];
}

function sameAt(rule: RoutingEntry, other: RoutingEntry | undefined): boolean {
  return other !== undefined && sendsTheSame(rule, other);
}

function ofRules(
  list: (typeof RULE_LISTS)[number],
  before: readonly RuleEntry[],
  after: readonly RuleEntry[],
  whole: PolicyFile,
): readonly Loosening[] {
  if (list === "allow") {
    return after
      .filter((rule) => !before.some((other) => meansTheSame(other, rule)))
      .map((rule) => ({
        what: rule.id,
        message: l10n.t("Allows {0}: {1}", conditionsText(rule), rule.reason),
      }));
  }
  return before
    .filter((rule) => !heldBackBy(list, rule, whole))
    .map((rule) => ({
      what: rule.id,
      message: l10n.t("No longer holds back {0}: {1}", conditionsText(rule), rule.reason),
    }));
}

/** A refusal may not become a question; a question may become a refusal. */
function heldBackBy(list: "deny" | "ask", rule: RuleEntry, { deny = [], ask = [] }: PolicyFile): boolean {
  return (list === "deny" ? deny : [...deny, ...ask]).some((other) => meansTheSame(rule, other));
}

/** A list of what is held back: each entry that is gone. */
function fewer(
  what: string,
  before: readonly string[] = [],
  after: readonly string[] = [],
): readonly Loosening[] {
  return before
    .filter((entry) => !after.includes(entry))
    .map((entry) => ({ what, message: l10n.t("No longer names “{0}”.", entry) }));
}

/** A list of what is open, where none means that everything is. */
function wider(what: string, before?: readonly string[], after?: readonly string[]): readonly Loosening[] {
  if (before === undefined) return [];
  if (after === undefined) return [{ what, message: l10n.t("No longer says what is open to agents.") }];
  return after
    .filter((entry) => !before.includes(entry))
    .map((entry) => ({ what, message: l10n.t("Opens “{0}”.", entry) }));
}

const OPENNESS = { deny: 0, ask: 1, allow: 2 } as const;

function ofNetwork(before: PolicyFile, after: PolicyFile): readonly Loosening[] {
  const known = before.network?.hosts ?? [];
  const opened = (after.network?.hosts ?? []).filter((host) => !known.includes(host));
  const [was, is] = [before.network?.read ?? "allow", after.network?.read ?? "allow"];
  return [
    ...opened.map((host) => ({ what: "network.hosts", message: l10n.t("Opens “{0}”.", host) })),
    ...(OPENNESS[is] > OPENNESS[was]
      ? [{ what: "network.read", message: l10n.t("Opens the network for reading.") }]
      : []),
  ];
}

function ofLimits(before: PolicyFile, after: PolicyFile): readonly Loosening[] {
  const found: Loosening[] = [];
  for (const limit of ["perRun", "perDay"] as const) {
    const [was, is] = [before.spend?.[limit] ?? Infinity, after.spend?.[limit] ?? Infinity];
    if (is > was) found.push({ what: `spend.${limit}`, message: l10n.t("Lets agents spend more.") });
  }
  if (before.sessions?.where === "worktree" && after.sessions?.where !== "worktree") {
    const message = l10n.t("Sessions no longer work in a worktree of their own.");
    found.push({ what: "sessions.where", message });
  }
  return found;
}
