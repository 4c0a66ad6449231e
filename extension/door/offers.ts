import type { RuleOffer, RuleOffers } from "../approvals/approval.ts";
import { type Habit, PROPOSE_AFTER } from "../approvals/habits.ts";
import { canLast } from "../approvals/kinds.ts";
import {
  type Asked,
  type DraftList,
  draftRule,
  generalised,
  type RuleSubject,
  subjectOf,
} from "../policy/draft.ts";
import type { Considered } from "./considered.ts";
import { probe } from "./probe.ts";

/** What a question's answer could be made a rule about. */
export interface Offered {
  readonly rules: RuleOffers;
  readonly subject: RuleSubject;
}

/** The rules that would answer a question and others like it; null where the policy could not say it. */
export function offersOf(considered: Considered, habit: Habit | undefined): Offered | null {
  const { act, judgement, basis, looked } = considered;
  if (act.kind === "tool") return null;
  const { reason, remedy, ask, effects, loss } = judgement;
  const asked: Asked = { ...basis, reason, remedy, line: act.kind === "command" ? act.line : null };
  const subject = subjectOf(asked);
  if (subject === null) return null;
  const offer = (list: DraftList): RuleOffer | undefined => {
    // What is given so often that a rule is worth it may cover what those questions had in common.
    const often = habit !== undefined && habit.answer === list && habit.times >= PROPOSE_AFTER - 1;
    const about = often ? generalised(subject, habit.asked) : subject;
    const rule = draftRule(list, about, asked, probe);
    return rule === null ? undefined : { rule: JSON.stringify(rule), covers: about.patterns.join(", ") };
  };
  // A rule can't tell whether a script that was looked into still says the same, and what can't be taken back is asked each time.
  const allow = looked.size === 0 && canLast(ask, effects, loss) ? offer("allow") : undefined;
  const deny = offer("deny");
  if (allow === undefined && deny === undefined) return null;
  const repeated = habit !== undefined && habit.times >= PROPOSE_AFTER ? habit.answer : undefined;
  const proposes = repeated !== undefined && { allow, deny }[repeated] !== undefined;
  const rules: RuleOffers = {
    ...(allow === undefined ? {} : { allow }),
    ...(deny === undefined ? {} : { deny }),
    ...(proposes ? { repeated } : {}),
  };
  return { rules, subject };
}
