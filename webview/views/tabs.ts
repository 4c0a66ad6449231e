import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Tab } from "../app.ts";
import { moveInBar } from "../regions.ts";

/** Conversation and log, as tabs. An arrow key moves and shows at once. */
export function tabsView(current: Tab, show: (tab: Tab) => void): TemplateResult {
  const tab = (id: Tab, name: string): TemplateResult =>
    html`<button
      role="tab"
      class="tab"
      id="tab-${id}"
      aria-selected=${id === current}
      aria-controls="view-${id}"
      tabindex=${id === current ? 0 : -1}
      ?data-entry=${id === current}
      @click=${() => show(id)}
      @focus=${() => show(id)}
    >
      ${name}
    </button>`;
  return html`<div class="tab-bar" role="tablist" @keydown=${moveInBar}>
    ${tab("conversation", l10n.t("Conversation"))}${tab("log", l10n.t("Log"))}
  </div>`;
}

/** The way back to the end of a list that was left; it says so when something new is there. */
export function belowView(news: boolean, go: () => void): TemplateResult {
  const label = news ? l10n.t("New below") : l10n.t("To the end");
  return html`<button
    class="button below-button ${news ? "primary" : "round"}"
    title=${label}
    aria-label=${label}
    @click=${go}
  >
    <i class="codicon codicon-arrow-down" aria-hidden="true"></i>${news ? label : nothing}
  </button>`;
}
