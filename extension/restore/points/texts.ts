import * as l10n from "@vscode/l10n";
import type { Change, KeptWhy } from "./change.ts";

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
