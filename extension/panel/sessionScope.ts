import * as l10n from "@vscode/l10n";
import type { ApprovalCard } from "./protocol.ts";

/** What a yes for the session covers, in words that stand for themselves: what, and where. */
export function sessionScope({
  act,
  asked,
  covers = asked,
  cwd,
}: Pick<ApprovalCard, "act" | "asked" | "covers" | "cwd">): string {
  switch (act) {
    case "command":
      // The command itself stands above in full.
      return covers === asked
        ? l10n.t("exactly this command, in {0}", cwd)
        : l10n.t("{0}, in {1}", covers, cwd);
    case "read":
      return l10n.t("reading {0}", covers);
    case "write":
      return l10n.t("writing {0}", covers);
    case "tool":
      return l10n.t("exactly this call, in {0}", cwd);
  }
}
