import * as l10n from "@vscode/l10n";
import type { Loss } from "../guard/loss.ts";

/** What would be lost, in one sentence; empty where nothing would. */
export function lossLine(loss: Loss | undefined): string {
  if (loss === undefined) return "";
  const parts: string[] = [];
  if (loss.fileCount === 1) parts.push(l10n.t("1 file"));
  else if (loss.fileCount > 1) parts.push(l10n.t("{0} files", loss.fileCount));
  if (loss.commits === 1) parts.push(l10n.t("1 commit"));
  else if (loss.commits > 1) parts.push(l10n.t("{0} commits", loss.commits));
  if (loss.stashes === 1) parts.push(l10n.t("1 stash"));
  else if (loss.stashes > 1) parts.push(l10n.t("{0} stashes", loss.stashes));
  return parts.length === 0 ? "" : l10n.t("Would lose {0}.", parts.join(", "));
}
