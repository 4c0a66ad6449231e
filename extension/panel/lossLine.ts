import * as l10n from "@vscode/l10n";
import type { Approval } from "../approvals/approval.ts";

/** What a surface knows of it. */
type Told = Omit<NonNullable<Approval["loss"]>, "root" | "revisions">;
/** How a surface writes a number. */
type Count = (value: number) => string;

/**
 * What would be lost, in one sentence that is the same on every surface: "Would lose 3 files with uncommitted changes
 * (+120 −8), 2 untracked files, 1 commit only here." Empty where nothing would.
 */
export function lossLine(loss: Told | undefined, count: Count = String): string {
  if (loss === undefined) return "";
  const parts = [...fileParts(loss, count), ...gitParts(loss, count)].join(", ");
  if (loss.complete) return parts === "" ? "" : l10n.t("Would lose {0}.", parts);
  return parts === ""
    ? l10n.t("It could not be seen in time what would be lost.")
    : l10n.t("Would lose at least {0}. Not everything could be seen in time.", parts);
}

function fileParts({ files, fileCount }: Told, count: Count): readonly string[] {
  if (fileCount === 0) return [];
  // Beyond the files listed it is not known which are untracked, nor how many lines they have.
  if (fileCount > files.length) {
    return [fileCount === 1 ? l10n.t("1 file") : l10n.t("{0} files", count(fileCount))];
  }
  const changed = files.filter(({ state }) => state !== "untracked");
  const untracked = files.length - changed.length;
  const parts: string[] = [];
  if (changed.length > 0) {
    const words =
      changed.length === 1
        ? l10n.t("1 file with uncommitted changes")
        : l10n.t("{0} files with uncommitted changes", count(changed.length));
    parts.push(words + linesOf(changed, count));
  }
  if (untracked > 0) {
    parts.push(
      untracked === 1 ? l10n.t("1 untracked file") : l10n.t("{0} untracked files", count(untracked)),
    );
  }
  return parts;
}

function linesOf(files: Told["files"], count: Count): string {
  const added = files.reduce((sum, file) => sum + (file.added ?? 0), 0);
  const removed = files.reduce((sum, file) => sum + (file.removed ?? 0), 0);
  return added + removed === 0 ? "" : ` (+${count(added)} −${count(removed)})`;
}

function gitParts({ commits, stashes }: Told, count: Count): readonly string[] {
  const parts: string[] = [];
  if (commits > 0) {
    parts.push(
      commits === 1 ? l10n.t("1 commit only here") : l10n.t("{0} commits only here", count(commits)),
    );
  }
  if (stashes > 0) parts.push(stashes === 1 ? l10n.t("1 stash") : l10n.t("{0} stashes", count(stashes)));
  return parts;
}
