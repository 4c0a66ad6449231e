import * as l10n from "@vscode/l10n";
import { InterlockError, messageOf, type Problem } from "../errors.ts";

/** `told`: the agent is sent a prompt that says so. */
export function triedAgain(told: boolean): Problem {
  return {
    code: "told-to-retry",
    message: l10n.t("The agent stopped waiting for your answer. It did not run."),
    next: told
      ? l10n.t("You told the agent to try again: that is allowed once, within ten minutes.")
      : l10n.t("Have it tried again in the terminal: that is allowed once, within ten minutes."),
  };
}

export function startFailed(error: unknown): Problem {
  if (error instanceof InterlockError) {
    const { code, message, next } = error;
    return { code, message, next };
  }
  return {
    code: "agent.start.failed",
    message: l10n.t("The agent could not be started: {0}", messageOf(error)),
    next: l10n.t("Restart it, or choose another agent."),
  };
}

export function turnFailed(error: unknown): Problem {
  return {
    code: "agent.turn",
    message: l10n.t("The agent could not finish its turn: {0}", messageOf(error)),
    next: l10n.t("Send the prompt again, or restart the agent."),
  };
}

/** A call of which nothing is known any more, or that was dealt with. */
export function tooLongAgo(): Problem {
  return {
    code: "routing.too-long-ago",
    message: l10n.t("This call is too long ago to be run as it was asked."),
    next: l10n.t("Ask the agent for it again, and choose then."),
  };
}

/** A prompt came while the agent starts, works or is gone. */
export function notReady(): Problem {
  return {
    code: "session.not-ready",
    message: l10n.t("The agent is not ready for a prompt."),
    next: l10n.t("Wait until its turn has ended, or restart it."),
  };
}
