import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { lossLine, visible, type ApprovalCard } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { count } from "../text/format.ts";
import { icon, lines, path } from "./bits.ts";

type Loss = NonNullable<ApprovalCard["loss"]>;

/** Files listed before the rest is folded: three leave room for the conversation. */
const FILES_SHOWN = 3;

/** What would be lost: the sentence that every surface has, and each file one click from its diff. */
export function lossList(app: App, card: ApprovalCard): TemplateResult {
  const loss = card.loss as Loss;
  const open = app.ui.lossOpen || loss.files.length <= FILES_SHOWN + 1;
  const shown = open ? loss.files : loss.files.slice(0, FILES_SHOWN);
  const line = lossLine(loss, count);
  return html`${line === "" ? nothing : html`<p class="strong lost-first"><span>${line}</span></p>`}
  ${
    shown.length === 0
      ? nothing
      : html`<ul class="files">
          ${shown.map((file, at) => lostFile(app, card, file, at))}
        </ul>`
  }
  ${
    open
      ? loss.fileCount > loss.files.length
        ? html`<p class="quiet">${others(loss.fileCount - loss.files.length)}</p>`
        : nothing
      : html`<button class="link" @click=${() => openAll(app)}>
          ${others(loss.fileCount - FILES_SHOWN)}
        </button>`
  }`;
}

function openAll(app: App): void {
  app.ui.lossOpen = true;
  app.redraw("approvals");
}

function others(number: number): string {
  return number === 1 ? l10n.t("and 1 more file") : l10n.t("and {0} more files", count(number));
}

function lostFile(app: App, card: ApprovalCard, file: Loss["files"][number], at: number): TemplateResult {
  const name = visible(file.path);
  return html`<li>
    <button
      class="file"
      title=${l10n.t("Open the diff of {0} ({1})", name, stateWord(file))}
      @click=${() => app.post({ type: "openLoss", approval: card.id, file: at })}
    >
      ${icon(file.state === "untracked" ? "file" : "diff")}${path(name)}</button
    >${file.added === null || file.removed === null ? nothing : lines({ added: file.added, removed: file.removed })}
    <span class="quiet">${stateWord(file)}</span>
  </li>`;
}

function stateWord({ state, ignored }: Loss["files"][number]): string {
  switch (state) {
    case "modified":
      return l10n.t("changed");
    case "staged":
      return l10n.t("staged");
    case "untracked":
      return ignored === true ? l10n.t("ignored by git") : l10n.t("untracked");
  }
}
