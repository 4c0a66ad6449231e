import * as l10n from "@vscode/l10n";
import { html, type TemplateResult } from "lit/html.js";
import type { Place } from "../../extension/panel/protocol.ts";
import type { PageIntent } from "../../extension/panel/pageIntent.ts";
import type { App } from "../app.ts";
import { icon } from "./bits.ts";
import { projectsView } from "./projects.ts";

/** What the page shows when there is no session. */
export function placeView(app: App, place: Exclude<Place, "session">): TemplateResult {
  const act = (type: "newSession" | "walkthrough" | "addAgent" | "openFolder" | "manageTrust") => (): void =>
    app.post({ type } satisfies PageIntent);
  switch (place) {
    case "welcome":
      return html`<div class="place">
          <ul class="promises">
            <li>
              ${icon("shield")}<span
                >${l10n.t("Runs coding agents, and holds back what would lose your work until you say yes.")}</span
              >
            </li>
            <li>
              ${icon("tools")}<span
                >${l10n.t("Sends their commands through the project's own tools: uv, ruff, bun, tsc.")}</span
              >
            </li>
            <li>
              ${icon("checklist")}<span
                >${l10n.t("Checks every edit at once, and shows what ran, what was held and why.")}</span
              >
            </li>
          </ul>
          <button class="button primary wide" data-entry @click=${act("newSession")}>
            ${l10n.t("New session")}
          </button>
          <p class="links">
            <button class="link" @click=${act("walkthrough")}>${l10n.t("Show me how it works")}</button>
            <button class="link" @click=${act("addAgent")}>${l10n.t("Add an agent")}</button>
          </p>
        </div>
        ${projectsView(app)}`;
    case "untrusted":
      return html`<div class="place">
        <h1>${l10n.t("This folder is not trusted")}</h1>
        <p>
          ${l10n.t("Agents and the project's tools run code from this folder. Nothing starts until you trust it.")}
        </p>
        <button class="button primary wide" data-entry @click=${act("manageTrust")}>
          ${l10n.t("Manage workspace trust")}
        </button>
      </div>`;
    case "no-workspace":
      return html`<div class="place">
        <h1>${l10n.t("No folder is open")}</h1>
        <p>${l10n.t("An agent works in a folder. Open one to start a session.")}</p>
        <button class="button primary wide" data-entry @click=${act("openFolder")}>
          ${l10n.t("Open a folder")}
        </button>
      </div>`;
  }
}
