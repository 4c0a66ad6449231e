import * as l10n from "@vscode/l10n";
import { html, type TemplateResult } from "lit/html.js";
import type { ApprovalCard } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { moveInBar } from "../regions.ts";
import { answer, openForm, reasonForm, reasonText } from "./answerForms.ts";
import { answerLine } from "./answerLine.ts";

/** An answer, as a person reads it. */
interface Answer {
  readonly choice: ApprovalCard["choices"][number];
  readonly label: string;
  readonly title: string;
}

interface ProjectAnswers {
  readonly reject: Omit<Answer, "choice">;
  readonly accept: Answer;
  /** What can be looked at before. */
  readonly looks: readonly TemplateResult[];
  readonly others: readonly (Answer & { readonly icon: string })[];
  readonly sayWhy: string;
}

/** The answers to what is asked about a project. Rejecting comes first, as everywhere. */
export function projectAnswers(
  app: App,
  card: ApprovalCard,
  now: number,
  { reject, accept, looks, others, sayWhy }: ProjectAnswers,
): TemplateResult {
  const closed = !app.guard.open(now);
  if (app.ui.reason !== undefined) return reasonForm(app, card, closed);
  const button = ({ choice, label, title }: Answer): TemplateResult =>
    html`<button
      class="button ${choice === "reject" ? "" : "primary"}"
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
    ${button({ choice: "reject", ...reject })} ${button(accept)}
    <div class="answer-lines">
      ${looks}
      ${others.map(({ choice, ...line }) =>
        answerLine({ ...line, choice, disabled: closed, act: answer(app, card, choice) }),
      )}
      ${answerLine({
        icon: "comment",
        label: sayWhy,
        title: reasonText(card),
        act: () => openForm(app, { reason: "" }),
      })}
    </div>
  </div>`;
}
