import * as l10n from "@vscode/l10n";
import type { AgentOffer } from "./providedAgents.ts";
import type { ToolOffer } from "./providedTools.ts";

/** Bytes as a person reads them: millions, with one place. */
export function megabytes(bytes: number): string {
  return l10n.t("{0} MB", (bytes / 1_000_000).toFixed(1));
}

/** Where it would come from: the registry's kind, and its host. */
export function sourceText({ from, host }: Pick<ToolOffer, "from" | "host">): string {
  return l10n.t("{0} ({1})", from, host);
}

/** What would be fetched, a line a tool: a person reads all of it before anything is. */
export function offerLine(offer: ToolOffer): string {
  const { tool, version, size, folder } = offer;
  return l10n.t("{0} {1}: {2} from {3}, into {4}", tool, version, megabytes(size), sourceText(offer), folder);
}

/** What holds for all of them. */
export function offerTerms(): string {
  return l10n.t("Each file is compared with a pinned hash before it is unpacked. Your own tools come first.");
}

/** What would be installed of an agent. */
export function agentOfferLine({ package: name, version, megabytes, host, folder }: AgentOffer): string {
  return l10n.t("{0} {1} from npm ({2}), about {3} MB, into {4}", name, version, host, megabytes, folder);
}

export function agentOfferTerms(): string {
  return l10n.t(
    "Your npm fetches it with all that it depends on, and compares each package with a pinned hash. No script of theirs is run. It takes a place of its own: your global packages stay as they are.",
  );
}
