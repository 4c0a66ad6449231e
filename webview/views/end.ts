import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { visible, visibleProse, type Header } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { icon } from "./bits.ts";

/** Stands in the prompt's place where nobody is to be asked by it: any more, or at all. */
export function endView(app: App, header: Header): TemplateResult {
  if (header.state === "crashed") return crashed(app, header);
  return header.state === "ended" ? ended(app, header) : inTerminal(app);
}

function inTerminal(app: App): TemplateResult {
  return html`<div class="end">
    <p>
      ${icon("terminal")}<span
        >${l10n.t("This session runs in a terminal: its prompts go there, and what asks first comes here.")}</span
      >
    </p>
    <div class="answers">
      <button class="button" data-entry @click=${() => app.post({ type: "showTerminal" })}>
        ${l10n.t("Show terminal")}
      </button>
    </div>
  </div>`;
}

function ended(app: App, header: Header): TemplateResult {
  return html`<div class="end">
    <p>${icon("circle-slash")}<span>${header.detail ?? l10n.t("The session has ended.")}</span></p>
    <div class="answers">
      <button class="button primary" data-entry @click=${() => app.post({ type: "newSession" })}>
        ${l10n.t("New session")}
      </button>
      <button class="button" @click=${() => app.post({ type: "restart" })}>${l10n.t("Restart")}</button>
    </div>
  </div>`;
}

function crashed(app: App, { agent, problem, stderr }: Header): TemplateResult {
  return html`<div class="end" data-level="error" role="group" aria-labelledby="end">
    <p id="end">
      ${icon("error")}<span
        >${problem?.message ?? l10n.t("{0} stopped unexpectedly.", visibleProse(agent))}
        <span class="quiet">${problem?.next ?? nothing}</span></span
      >
    </p>
    ${
      stderr.length === 0
        ? nothing
        : html`<p class="quiet" id="last-lines">${l10n.t("Its last lines:")}</p>
            <pre class="output" tabindex="0" role="group" aria-labelledby="last-lines">
${stderr.map((line) => visible(line)).join("\n")}</pre>`
    }
    <div class="answers">
      <button class="button primary" data-entry @click=${() => app.post({ type: "restart" })}>
        ${l10n.t("Restart")}
      </button>
      <button class="button" @click=${() => app.post({ type: "copyReport" })}>
        ${l10n.t("Copy report")}
      </button>
    </div>
  </div>`;
}
