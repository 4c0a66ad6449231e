import * as l10n from "@vscode/l10n";
import type { StopReason } from "@agentclientprotocol/sdk";
import type { Problem } from "../errors.ts";
import { turnFailed } from "./problems.ts";
import type { SessionLink } from "./sessionLink.ts";

/** Reasons that an agent can give for the end of its turn (ACP v1). */
const STOP_REASONS: ReadonlySet<string> = new Set<StopReason>([
  "end_turn",
  "max_tokens",
  "max_turn_requests",
  "refusal",
  "cancelled",
]);

/** Throws where an agent gave a reason that the protocol doesn't have. */
function readStopReason(reason: StopReason): StopReason {
  if (STOP_REASONS.has(reason)) return reason;
  throw new Error(l10n.t("it gave “{0}” as the reason", reason));
}

/** What the agent answers to a prompt, or how that failed: not told where the agent is gone, which says more. */
export async function askAgent(
  link: Pick<SessionLink, "prompt" | "isClosed">,
  text: string,
  onFailed: (problem: Problem) => void,
): Promise<StopReason | "failed"> {
  try {
    const { stopReason } = await link.prompt(text);
    return readStopReason(stopReason);
  } catch (error) {
    if (!link.isClosed) onFailed(turnFailed(error));
    return "failed";
  }
}
