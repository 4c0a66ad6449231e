import * as l10n from "@vscode/l10n";
import { messageOf, type Problem, systemCode } from "../../errors.ts";

/** What kept a point from being taken, or from being used. */
export function storeProblem(error: unknown): Problem {
  const code = systemCode(error);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return {
      code: "restore.disk-full",
      message: l10n.t("The disk is full, so no restore point could be kept."),
      next: l10n.t("Free some space. Until then lost work can't be brought back."),
    };
  }
  if (code === "EBUSY") {
    return {
      code: "restore.busy",
      message: l10n.t("Another window is busy with the restore points of this folder."),
      next: l10n.t("Try again in a moment."),
    };
  }
  return {
    code: "restore.failed",
    message: l10n.t("The restore point could not be kept: {0}", messageOf(error)),
    next: l10n.t("Until then lost work can't be brought back."),
  };
}

export function noSuchPoint(id: string): Problem {
  return {
    code: "restore.unknown",
    message: l10n.t("There is no restore point “{0}” of this folder.", id),
    next: l10n.t("Choose one of “interlock restore list”."),
  };
}

export function damaged(what: string): Problem {
  return {
    code: "restore.damaged",
    message: l10n.t("The stored content of {0} is damaged or gone.", what),
    next: l10n.t("Choose another restore point."),
  };
}

export function unreadable(name: string): Problem {
  return {
    code: "worktree.unreadable",
    message: l10n.t("git could not say what was changed in the worktree {0}.", name),
    next: l10n.t("Try it again, or compare by hand with `git diff`."),
  };
}
