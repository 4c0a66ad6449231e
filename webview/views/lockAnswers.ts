import * as l10n from "@vscode/l10n";
import { html, type TemplateResult } from "lit/html.js";
import type { ApprovalCard } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { moveInBar } from "../regions.ts";
import { answer, openForm, reasonForm, reasonText } from "./answerForms.ts";
import { icon } from "./bits.ts";
import { diffLines } from "./diffLines.ts";

/** The answers to a lock that is stale or missing. The agent was told no already: none of them lets it run what it asked. */
export function lockAnswers(app: App, card: ApprovalCard, now: number): TemplateResult {
  const closed = !app.guard.open(now);
  if (app.ui.reason !== undefined) return reasonForm(app, card, closed);
  const button = (choice: "reject" | "update-lock", label: string, title: string): TemplateResult =>
    html`<button
      class="button ${choice === "update-lock" ? "primary" : ""}"
      ?data-entry=${choice === "reject"}
      tabindex=${choice === "reject" ? 0 : -1}
      data-choice=${choice}
      aria-disabled=${closed}
      title=${title}
      @click=${answer(app, card, choice)}
    >
      ${label}
    </button>`;
  return html`<div class="answers" role="toolbar" aria-label=${l10n.t("Answers")} @keydown=${moveInBar}>
    ${button("reject", l10n.t("Not now"), l10n.t("Nothing changes; asked again when manifest or lock have changed"))}
    ${button("update-lock", l10n.t("Update lock"), l10n.t("Runs {0}, and tells the agent", card.run ?? ""))}
    <div class="answer-lines">
      ${diffLines(app, card)}
      <button
        class="answer-line"
        tabindex="-1"
        data-choice="as-it-is"
        aria-disabled=${closed}
        title=${l10n.t("Programs run with what is installed; nothing is installed until the session ends")}
        @click=${answer(app, card, "as-it-is")}
      >
        ${icon("package")}<span>${l10n.t("Use the environment as it is, this session")}</span>
      </button>
      <button
        class="answer-line"
        tabindex="-1"
        title=${reasonText(card)}
        @click=${() => openForm(app, { reason: "" })}
      >
        ${icon("comment")}<span>${l10n.t("Not now, and say why…")}</span>
      </button>
    </div>
  </div>`;
}
