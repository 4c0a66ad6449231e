import * as l10n from "@vscode/l10n";
import type { KeptWhy } from "../points/change.ts";
import { keptText } from "../points/texts.ts";
import type { HeldWorktree } from "./bringBack.ts";

/** What a worktree holds, in a line. */
export function holdingsText({ state, holdings }: Pick<HeldWorktree, "state" | "holdings">): string {
  const parts: string[] = [];
  if (state === "making") return l10n.t("is being made");
  if (state === "unfinished") parts.push(l10n.t("was never finished"));
  if (state === "gone") parts.push(l10n.t("its folder is gone"));
  if (holdings === null) return [...parts, l10n.t("what it holds could not be told")].join(", ");
  const { commits, landed, files, underWay } = holdings;
  const count = (of: "changed" | "untracked" | "ignored"): number =>
    files.filter((file) => file.state === of).length;
  if (commits > 0) parts.push(commitsText(commits, landed));
  if (count("changed") > 0) parts.push(l10n.t("{0} uncommitted", count("changed")));
  if (count("untracked") > 0) parts.push(l10n.t("{0} untracked", count("untracked")));
  if (count("ignored") > 0) parts.push(l10n.t("{0} ignored", count("ignored")));
  if (underWay) parts.push(l10n.t("a merge or rebase is not over"));
  if (landed && files.length === 0 && !underWay) parts.push(l10n.t("holds nothing that you don't have"));
  return parts.join(", ");
}

function commitsText(count: number, landed: boolean): string {
  if (count === 1) return landed ? l10n.t("1 commit, already in yours") : l10n.t("1 commit not merged");
  return landed ? l10n.t("{0} commits, already in yours", count) : l10n.t("{0} commits not merged", count);
}

/** Why a file of a worktree is not brought. */
export function incomingKeptText(why: KeptWhy): string {
  if (why === "conflict") return l10n.t("you changed the same lines");
  if (why === "not-covered") return l10n.t("it is too large, or a repository of its own");
  return keptText(why);
}
