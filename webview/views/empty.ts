import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { visibleProse, type CommandChoice } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { clockTime } from "../text/format.ts";

/** Commands offered to begin with. */
const EXAMPLES = 5;

/** What stands in a conversation without rows: what it waits for, or how to begin. */
export function emptyConversation(
  app: App,
  choose: (draft: string) => void,
): TemplateResult | typeof nothing {
  const { header, commands, conversation } = app.store;
  if (header === undefined || conversation.entries.length > 0) return nothing;
  const agent = visibleProse(header.agent);
  if (header.state === "starting") {
    return html`<div class="empty" role="status">
      <p>${agent === "" ? l10n.t("Starting…") : l10n.t("Starting {0}…", agent)}</p>
      <p class="quiet">
        ${header.detail ?? nothing}
        <time data-since=${header.since}>${clockTime(Date.now() - header.since)}</time>
      </p>
    </div>`;
  }
  if (header.state === "ended" || header.state === "crashed") {
    return html`<div class="empty"><p class="quiet">${l10n.t("Nothing was said in this session.")}</p></div>`;
  }
  if (header.terminal === true) {
    return html`<div class="empty">
      <p>${l10n.t("Nothing yet.")}</p>
      <p class="quiet">${l10n.t("Programs that run in the terminal are shown here once they ask.")}</p>
    </div>`;
  }
  return html`<div class="empty">
    <p>${l10n.t("Nothing yet.")}</p>
    <p class="quiet">
      ${commands.length === 0 ? l10n.t("Ask {0} something below.", agent) : l10n.t("Ask {0} something below, or begin with a command:", agent)}
    </p>
    ${
      commands.length === 0
        ? nothing
        : html`<ul class="examples">
            ${commands.slice(0, EXAMPLES).map((command) => example(command, choose))}
          </ul>`
    }
  </div>`;
}

function example({ name, description }: CommandChoice, choose: (draft: string) => void): TemplateResult {
  return html`<li>
    <button class="example" @click=${() => choose(`/${name} `)}>
      <code>/${visibleProse(name)}</code><span class="quiet">${visibleProse(description)}</span>
    </button>
  </li>`;
}

/** What stands in a log without rows. */
export function emptyLog(app: App, filtered: boolean): TemplateResult | typeof nothing {
  if (app.store.log.entries.length > 0) return nothing;
  return html`<div class="empty" role="status">
    <p class="quiet">${filtered ? l10n.t("Nothing matches.") : l10n.t("Nothing ran yet.")}</p>
  </div>`;
}
