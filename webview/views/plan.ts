import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { visibleProse, type PlanStep } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { icon } from "./bits.ts";

/** The agent's plan, pinned above the conversation: one line, that opens to a checklist. */
export function planView(app: App): TemplateResult | typeof nothing {
  const { header, plan } = app.store;
  const done = plan.filter((step) => step.status === "completed").length;
  // A plan that is carried out says nothing new once the agent rests.
  if (plan.length === 0 || (done === plan.length && header?.state !== "working")) return nothing;
  const current =
    plan.find((step) => step.status === "in_progress") ?? plan.find((step) => step.status === "pending");
  const { planOpen } = app.ui;
  const flip = (): void => {
    app.ui.planOpen = !planOpen;
    app.redraw("plan");
  };
  return html`<button class="plan-line" aria-expanded=${planOpen} @click=${flip}>
      ${icon(planOpen ? "chevron-down" : "chevron-right")}<span class="plan-count"
        >${l10n.t("Plan {0}/{1}", done, plan.length)}</span
      >${
        current === undefined || planOpen
          ? nothing
          : html`<span class="quiet plan-now">${visibleProse(current.text)}</span>`
      }
    </button>
    ${
      planOpen
        ? html`<ol class="steps" tabindex="0" aria-label=${l10n.t("Plan")}>
            ${plan.map(step)}
          </ol>`
        : nothing
    }`;
}

function step({ text, status }: PlanStep): TemplateResult {
  const [name, word] = {
    pending: ["circle-large-outline", l10n.t("to do")],
    in_progress: ["arrow-right", l10n.t("now")],
    completed: ["pass", l10n.t("done")],
  }[status] as [string, string];
  return html`<li data-status=${status}>
    ${icon(name)}<span class="heard">${word}: </span><span>${visibleProse(text)}</span>
  </li>`;
}
