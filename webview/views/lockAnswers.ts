import * as l10n from "@vscode/l10n";
import type { TemplateResult } from "lit/html.js";
import type { ApprovalCard } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { diffLines } from "./diffLines.ts";
import { projectAnswers } from "./projectAnswers.ts";

/** The answers to a lock that is stale or missing. The agent was told no already: none of them lets it run what it asked. */
export function lockAnswers(app: App, card: ApprovalCard, now: number): TemplateResult {
  return projectAnswers(app, card, now, {
    reject: {
      label: l10n.t("Not now"),
      title: l10n.t("Nothing changes; asked again when manifest or lock have changed"),
    },
    accept: {
      choice: "update-lock",
      label: l10n.t("Update lock"),
      title: l10n.t("Runs {0}, and tells the agent", card.run ?? ""),
    },
    looks: diffLines(app, card),
    others: [
      {
        choice: "as-it-is",
        icon: "package",
        label: l10n.t("Use the environment as it is, this session"),
        title: l10n.t("Programs run with what is installed; nothing is installed until the session ends"),
      },
    ],
    sayWhy: l10n.t("Not now, and say why…"),
  });
}
