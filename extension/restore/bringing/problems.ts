import * as l10n from "@vscode/l10n";
import type { Problem } from "../../errors.ts";

/** Names that one line gives. */
const NAMED = 6;

export function noSuchWorktree(name: string, known: readonly string[]): Problem {
  return {
    code: "worktree.unknown",
    message: l10n.t("There is no worktree “{0}” of this repository.", name),
    next:
      known.length === 0 ? l10n.t("Interlock has made none here.") : l10n.t("There are: {0}.", listed(known)),
  };
}

export function insideItself(): Problem {
  return {
    code: "worktree.itself",
    message: l10n.t("This is the worktree itself: its change can't come from there to there."),
    next: l10n.t("Go to your own working tree, and bring it back there."),
  };
}

export function notThere(name: string): Problem {
  return {
    code: "worktree.not-there",
    message: l10n.t("The folder of the worktree {0} is not there, or was never finished.", name),
    next: l10n.t("What was committed is on its branch: merge it by `git merge`. Then remove the worktree."),
  };
}

export function unrelated(name: string): Problem {
  return {
    code: "worktree.unrelated",
    message: l10n.t("The worktree {0} has no commit in common with yours.", name),
    next: l10n.t("Copy what you need of it by hand."),
  };
}

export function busy(): Problem {
  return {
    code: "worktree.busy",
    message: l10n.t("A merge, a rebase or the like is not over in your working tree."),
    next: l10n.t("End it first, or take it back."),
  };
}

export function noCommits(name: string): Problem {
  return {
    code: "worktree.no-commits",
    message: l10n.t("{0} has no commit that your branch doesn't have.", name),
    next: l10n.t("Bring its files, or bring it as one commit."),
  };
}

export function nothingNew(): Problem {
  return {
    code: "worktree.nothing-new",
    message: l10n.t("Your branch has all of it already."),
    next: l10n.t("There is nothing to do."),
  };
}

export function inConflict(paths: readonly string[]): Problem {
  return {
    code: "worktree.conflict",
    message: l10n.t("Nothing was changed: you changed the same lines in {0}.", listed(paths)),
    next: l10n.t(
      "Bring the other files one by one, or merge the branch by `git merge` and resolve it there.",
    ),
  };
}

export function inTheWay(paths: readonly string[]): Problem {
  return {
    code: "worktree.in-the-way",
    message: l10n.t("Nothing was changed: you have uncommitted changes in {0}.", listed(paths)),
    next: l10n.t("Commit or stash them first, or bring the files instead: that merges."),
  };
}

export function filtered(paths: readonly string[], branch: string): Problem {
  return {
    code: "worktree.filtered",
    message: l10n.t(
      "Nothing was changed: a program such as git-lfs has to write {0}, and Interlock's git runs none.",
      listed(paths),
    ),
    next: l10n.t("Commit in the worktree, and run `git merge {0}` yourself.", branch),
  };
}

export function notLanded(said: string): Problem {
  return {
    code: "worktree.not-landed",
    message:
      said === ""
        ? l10n.t("git could not make that commit.")
        : l10n.t("git could not make that commit: {0}", said),
    next: l10n.t("Nothing of yours was changed. Bring the files instead, or do it by git."),
  };
}

export function holds(name: string): Problem {
  return {
    code: "worktree.holds",
    message: l10n.t("The worktree {0} holds work that lies nowhere else.", name),
    next: l10n.t(
      "Look at it with “interlock worktrees show {0}”, and bring back or commit what you need.",
      name,
    ),
  };
}

export function unknownHoldings(name: string): Problem {
  return {
    code: "worktree.unknown-holdings",
    message: l10n.t("git could not say in time what the worktree {0} holds, so it stays.", name),
    next: l10n.t("Try it again."),
  };
}

export function inUse(name: string, session: string): Problem {
  return {
    code: "worktree.in-use",
    message: l10n.t("The session “{1}” works in the worktree {0}.", name, session),
    next: l10n.t("Close the session first."),
  };
}

export function notRemoved(name: string): Problem {
  return {
    code: "worktree.not-removed",
    message: l10n.t("git could not remove the worktree {0}.", name),
    next: l10n.t("Close what has files open there, then try it again."),
  };
}

function listed(names: readonly string[]): string {
  const more = names.length > NAMED ? ` ${l10n.t("and {0} more", names.length - NAMED)}` : "";
  return names.slice(0, NAMED).join(", ") + more;
}
