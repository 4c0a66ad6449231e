import * as l10n from "@vscode/l10n";
import { fail, ok, type Problem, type Result } from "../errors.ts";
import type { Probe } from "./examples.ts";
import { EMPTY_POLICY, type Loosening, loosenings } from "./loosens.ts";
import { type PolicyProblem, readPolicy } from "./read.ts";
import { ALL_LISTS, type PolicyFile } from "./schema.ts";
import { policyTemplate } from "./template.ts";
import { withRules } from "./write.ts";

/** Whose policy rules are added to: the person's own, or the project's. */
export type Whose = "user" | "project";

/** What a policy becomes by rules that are added to it. */
export interface Addition {
  /** Null where there is none yet. */
  readonly before: string | null;
  readonly after: string;
  readonly rules: PolicyFile;
  /** What it lets through that it didn't before. */
  readonly loosens: readonly Loosening[];
}

/** What a text may say whose rules are added to a policy. */
const RULES_ONLY: ReadonlySet<string> = new Set<string>(["$schema", "version", ...ALL_LISTS]);

/**
 * The rules of a policy that the person was shown, in the text of another one, which is made from the template where there is
 * none. Comments and format stay. Nothing that could not be read afterwards.
 */
export function additionTo(
  before: string | null,
  whose: Whose,
  shown: string,
  probe: Probe,
): Result<Addition> {
  const read = readPolicy(shown, probe);
  if (!read.ok) return fail(unfitProblem(read.error));
  const beyond = Object.keys(read.value).filter((key) => !RULES_ONLY.has(key));
  if (beyond.length > 0) return fail(rulesOnlyProblem(beyond[0] ?? ""));
  if (ALL_LISTS.every((list) => (read.value[list] ?? []).length === 0)) return fail(rulesOnlyProblem(""));
  const after = withRules(before ?? policyTemplate(whose), read.value);
  const checked = readPolicy(after, probe);
  if (!checked.ok) return fail(unfitProblem(checked.error));
  const known = before === null ? null : readPolicy(before, probe);
  const had = known?.ok === true ? known.value : EMPTY_POLICY;
  return ok({ before, after, rules: read.value, loosens: loosenings(had, checked.value) });
}

function rulesOnlyProblem(key: string): Problem {
  return {
    code: "policy.rules-only",
    message:
      key === "" ? l10n.t("There is no rule here.") : l10n.t("“{0}” can't be added here, only rules.", key),
    next: l10n.t("Write a rule in “deny”, “ask”, “allow” or “routing”; for all else open your policy."),
  };
}

function unfitProblem([first]: readonly PolicyProblem[]): Problem {
  const where = first === undefined ? "" : l10n.t("Line {0}: {1}", first.line, first.message);
  return {
    code: "policy.unfit",
    message: where,
    next: l10n.t("Nothing was written. Change the rule, then add it."),
  };
}
