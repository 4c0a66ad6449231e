import * as l10n from "@vscode/l10n";
import type { Problem } from "../errors.ts";
import type { OfferedSwap } from "../toolchain/routeScript.ts";

type Programs = Pick<OfferedSwap, "tool" | "by">;

/** What a person is asked about, as one sentence. */
export function swapSentence({ tool, by }: Programs): string {
  return l10n.t("{0} isn't part of this project; {1} would answer.", tool, by);
}

/** What the agent reads where nobody is there to be asked: whose turn it is, and what it can do meanwhile. */
export function nobodyToAsk(swap: OfferedSwap): Problem {
  return {
    code: "swap.nobody-to-ask",
    message: `${swapSentence(swap)} ${l10n.t("So this was not run.")}`,
    next: l10n.t(
      "Nobody can be asked here. A person has to accept it once for this project in VS Code, or start this with `--swap`. It is your turn: use `{0}`, or go on without this.",
      swap.runs,
    ),
  };
}

/** What the agent reads where the person wants neither program run. */
export function rejectedSwap({ tool }: Programs, reason: string | undefined): Problem {
  return reason === undefined
    ? {
        code: "rejected",
        message: l10n.t("The person rejected this. {0} isn't part of this project.", tool),
        next: l10n.t("It is your turn: go on without this, or ask the person how to go on."),
      }
    : {
        code: "rejected",
        message: l10n.t("The person rejected this, and says: “{0}”", reason),
        next: l10n.t("Go on as the person says."),
      };
}

/** What is said where the answer could not be kept. */
export function notKept(cause: string): Problem {
  return {
    code: "swap.not-kept",
    message: l10n.t("The answer could not be kept for this project: {0}", cause),
    next: l10n.t("Look whether Interlock's state directory can be written, then answer again."),
  };
}

/** What is said to an agent that had stopped waiting when the person answered. */
export function answeredLate({ tool, by }: Programs, asked: string, how: "use-swap" | "never-swap"): string {
  return how === "use-swap"
    ? l10n.t("{0} answers for {1} in this project from now on. Try `{2}` again.", by, tool, asked)
    : l10n.t(
        "Nothing answers for {0} in this project. Try `{1}` again: it runs as you typed it, if it is allowed.",
        tool,
        asked,
      );
}
