import * as l10n from "@vscode/l10n";
import type { Change, KeptWhy } from "./change.ts";
import type { Point } from "./point.ts";

/** What a restore does to one file. */
export type RestoreAction = "write" | "remove" | "merge" | "create";

export function actionOf({ from, to, merged }: Change): RestoreAction {
  if (to.kind === "gone") return "remove";
  return merged ? "merge" : from.kind === "gone" ? "create" : "write";
}

/** Why a file stays as it is, for a person. */
export function keptText(why: KeptWhy): string {
  switch (why) {
    case "new":
      return l10n.t("it came since, and no commit holds it");
    case "conflict":
      return l10n.t("the same lines were changed since");
    case "yours":
      return l10n.t("it was changed since, and nothing of it was lost");
    case "blocked":
      return l10n.t("a folder or a link is in its place");
    case "meanwhile":
      return l10n.t("it changed just now");
    case "locked":
      return l10n.t("git is busy with it");
    case "not-covered":
      return l10n.t("the point does not hold it");
  }
}

/** A turn with what it was asked. */
export function turnText(turn: number, prompt: string | null): string {
  return prompt === null ? l10n.t("Turn {0}", turn) : l10n.t("Turn {0}: “{1}”", turn, prompt);
}

/** Why a point was taken, and for what. The prompt or command in it is not a text of ours. */
export function reasonText({ reason, turn, about }: Pick<Point, "reason" | "turn" | "about">): string {
  switch (reason) {
    case "turn": {
      const when = !turn ? l10n.t("before a turn") : l10n.t("before turn {0}", turn);
      return about === null ? when : l10n.t("{0}: “{1}”", when, about);
    }
    case "after":
      return turn ? l10n.t("after turn {0}", turn) : l10n.t("after a turn");
    case "command":
      return about === null ? l10n.t("before a command that could lose work") : l10n.t("before “{0}”", about);
    case "saves":
      return l10n.t("after changes to files");
    case "restore":
      return l10n.t("before something was brought back");
    case "asked":
      return l10n.t("kept by hand");
  }
}
