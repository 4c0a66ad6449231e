import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { ApprovalCard } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { moveInBar } from "../regions.ts";
import { answer, openForm, reasonForm, reasonText } from "./answerForms.ts";
import { icon } from "./bits.ts";
import { diffLines } from "./diffLines.ts";
import { summary } from "./findings.ts";

type Choice = ApprovalCard["choices"][number];

/** The answers to whether another program may answer in a project. Rejecting comes first, as everywhere. */
export function swapAnswers(
  app: App,
  card: ApprovalCard,
  { tool, by, findings }: NonNullable<ApprovalCard["swap"]>,
  now: number,
): TemplateResult {
  const closed = !app.guard.open(now);
  if (app.ui.reason !== undefined) return reasonForm(app, card, closed);
  const button = (choice: Choice, label: string, title: string): TemplateResult =>
    html`<button
      class="button ${choice === "use-swap" ? "primary" : ""}"
      ?data-entry=${choice === "reject"}
      tabindex=${choice === "reject" ? 0 : -1}
      data-choice=${choice}
      aria-disabled=${closed}
      title=${title}
      @click=${answer(app, card, choice)}
    >
      ${label}
    </button>`;
  const line = (choice: Choice, name: string, label: string, title: string): TemplateResult =>
    html`<button
      class="answer-line"
      tabindex="-1"
      data-choice=${choice}
      aria-disabled=${closed}
      title=${title}
      @click=${answer(app, card, choice)}
    >
      ${icon(name)}<span>${label}</span>
    </button>`;
  const compare =
    findings &&
    html`<button
      class="answer-line"
      tabindex="-1"
      title=${l10n.t("Opens what both programs find, line against line")}
      @click=${() => app.post({ type: "compareFindings", approval: card.id })}
    >
      ${icon("diff")}<span>${l10n.t("Compare: {0}", findings.map(summary).join(" · "))}</span>
    </button>`;
  return html`<div class="answers" role="toolbar" aria-label=${l10n.t("Answers")} @keydown=${moveInBar}>
    ${button("reject", l10n.t("Reject"), l10n.t("Neither runs, and the agent is told so"))}
    ${button("use-swap", l10n.t("Use {0} in this project", by), useSwapText(tool))}
    <div class="answer-lines">
      ${compare === undefined ? nothing : compare} ${diffLines(app, card)}
      ${line("as-asked", "debug-step-over", l10n.t("Run {0} as asked, this time", tool), asAskedText())}
      ${line("never-swap", "circle-slash", l10n.t("Never swap here"), neverSwapText())}
      <button
        class="answer-line"
        tabindex="-1"
        title=${reasonText(card)}
        @click=${() => openForm(app, { reason: "" })}
      >
        ${icon("comment")}<span>${l10n.t("Reject and say why…")}</span>
      </button>
    </div>
  </div>`;
}

function useSwapText(tool: string): string {
  return l10n.t("It answers for {0} from now on; “Show Project” takes that back", tool);
}

function asAskedText(): string {
  return l10n.t("Judged like any other command; the next one is asked about again");
}

function neverSwapText(): string {
  return l10n.t("Everything runs as asked in this project; “Show Project” takes that back");
}
