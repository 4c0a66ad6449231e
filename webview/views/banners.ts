import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Banner } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { icon } from "./bits.ts";

/** Standing conditions that a person must know of. */
export function bannersView(app: App): TemplateResult[] {
  return app.store.banners.map((banner) => bannerView(app, banner));
}

function bannerView(app: App, { level, problem, action, also }: Banner): TemplateResult {
  return html`<div class="banner" data-level=${level} role="note">
    ${icon(level)}
    <p>${problem.message} <span class="quiet">${problem.next}</span></p>
    ${action === undefined ? nothing : html`<span class="banner-do">${buttons(app, [action, also])}</span>`}
  </div>`;
}

function buttons(app: App, actions: readonly Banner["action"][]): TemplateResult[] {
  return actions.flatMap((action) => {
    if (action === undefined) return [];
    const press = (): void => app.post({ type: "banner", action: action.id });
    return [html`<button class="button" @click=${press}>${action.label}</button>`];
  });
}
