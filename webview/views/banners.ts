import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Banner } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { icon } from "./bits.ts";

/** Standing conditions that a person must know of. */
export function bannersView(app: App): TemplateResult[] {
  return app.store.banners.map((banner) => bannerView(app, banner));
}

function bannerView(app: App, { level, problem, action, also }: Banner): TemplateResult {
  const actions = [action, also].filter((each) => each !== undefined);
  return html`<div class="banner" data-level=${level} role="note">
    ${icon(level)}
    <p>${problem.message} <span class="quiet">${problem.next}</span></p>
    ${actions.length === 0 ? nothing : html`<div class="banner-acts">${actions.map((each) => button(app, each))}</div>`}
  </div>`;
}

function button(app: App, { id, label }: NonNullable<Banner["action"]>): TemplateResult {
  return html`<button class="button" @click=${() => app.post({ type: "banner", action: id })}>
    ${label}
  </button>`;
}
