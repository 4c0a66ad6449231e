import * as l10n from "@vscode/l10n";
import type { ApprovalCard } from "./protocol.ts";
import { visible } from "../text/visible.ts";

const MIB = 1024 * 1024;

/** What a person reads of it, on every surface: one line. */
export function undoLine(undo: ApprovalCard["undo"]): string {
  switch (undo?.can) {
    case "all":
      return l10n.t("Can be undone from a restore point.");
    case "rest":
      return l10n.t("Partly: some of it may not be covered.");
    case "partly":
      return l10n.t("Partly: {0} ({1}) is not covered.", visible(undo.path), sizeText(undo.bytes));
    case "no":
      if (undo.why === "leaves") return l10n.t("Can't be undone: it leaves this machine.");
      if (undo.why === "outside") return l10n.t("Can't be undone: it lies outside the project.");
      return l10n.t("Perhaps it can't be undone.");
    case undefined:
      return l10n.t("Perhaps it can't be undone.");
  }
}

/** As people say it, rounded up: no file is 0 kB. */
function sizeText(bytes: number): string {
  return bytes < MIB
    ? l10n.t("{0} kB", Math.max(1, Math.round(bytes / 1024)))
    : l10n.t("{0} MB", Math.round(bytes / MIB));
}
