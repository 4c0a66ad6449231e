import * as l10n from "@vscode/l10n";
import type { Problem } from "../../errors.ts";

/** Names that a notice lists. */
const LISTED = 5;

export function sameFolder(name: string, paths: readonly string[]): Problem {
  return {
    code: "radar.same-folder",
    message: l10n.t("“{0}” changes {1} as well, in the same folder.", name, listed(paths)),
    next: l10n.t("Let one of them end first, or let one go on in a worktree of its own."),
  };
}

export function wouldConflict(name: string, paths: readonly string[]): Problem {
  return {
    code: "radar.conflict",
    message: l10n.t("Merging with “{0}” would conflict in {1}.", name, listed(paths)),
    next: l10n.t("Bring back one of them first, and let the other one go on from there."),
  };
}

export function sameFile(name: string, paths: readonly string[]): Problem {
  return {
    code: "radar.same-file",
    message: l10n.t(
      "“{0}” changes {1} as well, in another worktree. So far both merge.",
      name,
      listed(paths),
    ),
    next: l10n.t("There is nothing to do yet."),
  };
}

/** `name`: of the session that did it; null where it was none that is known here. */
export function headMoved(name: string | null, from: string, to: string): Problem {
  return {
    code: "radar.head-moved",
    message:
      name === null
        ? l10n.t("The folder went from {0} to {1}, and not by this session.", from, to)
        : l10n.t("“{0}” has taken the folder from {1} to {2}.", name, from, to),
    next: l10n.t("The agent may not know it: tell it, before it goes on."),
  };
}

export function personEdits(paths: readonly string[]): Problem {
  return {
    code: "radar.person-edits",
    message: l10n.t("You have changed {0}, which the agent is changing in this turn.", listed(paths)),
    next: l10n.t("Tell the agent, or wait for the end of its turn: it may write over what it has not read."),
  };
}

export function unsavedHere(paths: readonly string[]): Problem {
  return {
    code: "radar.unsaved",
    message: l10n.t("The agent has changed {0}, where you have unsaved changes.", listed(paths)),
    next: l10n.t("Compare before you save: saving would write over what the agent wrote."),
  };
}

function listed(paths: readonly string[]): string {
  const names = paths.slice(0, LISTED).join(", ");
  return paths.length > LISTED ? l10n.t("{0} and {1} more", names, paths.length - LISTED) : names;
}
