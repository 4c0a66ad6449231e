import * as l10n from "@vscode/l10n";
import type { Settlement } from "../approvals/approval.ts";
import { MAX_PENDING } from "../approvals/store.ts";
import type { Problem } from "../errors.ts";
import type { Judgement } from "../guard/judge.ts";

/** What the agent reads when a person said no, or nobody could say yes. */
export function rejection(judgement: Judgement, settlement: Settlement): Problem {
  const next = judgement.remedy ?? l10n.t("Don't try it again; ask the person how to go on.");
  switch (settlement.by) {
    case "person":
      return rejectedByPerson(judgement, settlement, next);
    case "nobody-there":
      return {
        code: "nobody-to-ask",
        message: l10n.t("This needs a person's yes, and nobody can be asked. {0}", judgement.reason),
        next: `${next} ${l10n.t("It can be allowed in VS Code, where the person is asked, or by a rule of their policy.")}`,
      };
    case "too-many":
      return tooManyQuestions();
    case "gave-up":
      return {
        code: GAVE_UP,
        message: l10n.t("The agent stopped waiting for your answer. It did not run."),
        next: l10n.t("You can still allow it, once: tell the agent to try again."),
      };
    // Of what a rule settles the door decides anew; should that come here, it is no yes.
    case "rule":
    case "cancelled":
    case "agent-gone":
    case "session-ended":
      return { code: "cancelled", message: l10n.t("This was cancelled before it was answered."), next };
  }
}

/** What the agent reads when the person is not asked, since enough waits for them. */
export function tooManyQuestions(): Problem {
  return {
    code: "too-many-questions",
    message: l10n.t("This needs a person's yes, and {0} of your questions wait already.", MAX_PENDING),
    next: l10n.t("Wait until they are answered before you ask for more."),
  };
}

/** The code of a call whose agent stopped waiting for the answer. */
export const GAVE_UP = "gave-up";

function rejectedByPerson(judgement: Judgement, { reason }: Settlement, next: string): Problem {
  if (reason === undefined) {
    return { code: "rejected", message: l10n.t("The person rejected this. {0}", judgement.reason), next };
  }
  // What the person says of it stands above any advice of ours.
  return {
    code: "rejected",
    message: l10n.t("The person rejected this, and says: “{0}”", reason),
    next: l10n.t("Go on as the person says."),
  };
}

/** What the agent reads when a rule says no. */
export function refusal(judgement: Judgement): Problem {
  return {
    code: `refused.${judgement.rule}`,
    message: l10n.t("Refused by rule {0}: {1}", judgement.rule, judgement.reason),
    next: judgement.remedy ?? l10n.t("Do something else, or ask the person to do it."),
  };
}

/** What a yes was to changed each time before it could run. */
export function changedMeanwhile(): Problem {
  return {
    code: "changed-meanwhile",
    message: l10n.t("What this would do changed again and again while it was decided about."),
    next: l10n.t("Leave the files alone until it ran, then try it again."),
  };
}
