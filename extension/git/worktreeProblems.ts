import * as l10n from "@vscode/l10n";
import type { Problem } from "../errors.ts";

export function noRepository(): Problem {
  return {
    code: "worktree.no-repository",
    message: l10n.t("This folder is in no git repository, so there can be no worktree of it."),
    next: l10n.t("Run `git init` and commit once."),
  };
}

export function noCommit(): Problem {
  return {
    code: "worktree.no-commit",
    message: l10n.t("This repository has no commit yet, so there can be no worktree of it."),
    next: l10n.t("Commit once."),
  };
}

export function notMade(why: string): Problem {
  return {
    code: "worktree.failed",
    message:
      why === ""
        ? l10n.t("The worktree could not be made.")
        : l10n.t("The worktree could not be made: {0}", why),
    next: l10n.t("Nothing was changed. Free space or make a branch by hand, then try it again."),
  };
}

export function notListed(): Problem {
  return {
    code: "worktree.unlisted",
    message: l10n.t("git could not list the worktrees in time."),
    next: l10n.t("Try it again, or look with `git worktree list`."),
  };
}
