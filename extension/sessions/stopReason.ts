import * as l10n from "@vscode/l10n";
import type { StopReason } from "@agentclientprotocol/sdk";

/** Reasons that an agent can give for the end of its turn (ACP v1). */
const STOP_REASONS: ReadonlySet<string> = new Set<StopReason>([
  "end_turn",
  "max_tokens",
  "max_turn_requests",
  "refusal",
  "cancelled",
]);

/** Throws where an agent gave a reason that the protocol doesn't have. */
export function readStopReason(reason: StopReason): StopReason {
  if (STOP_REASONS.has(reason)) return reason;
  throw new Error(l10n.t("it gave “{0}” as the reason", reason));
}
