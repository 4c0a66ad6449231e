import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { visible, type ApprovalCard } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { count } from "../text/format.ts";
import { icon, lines, path } from "./bits.ts";

type Loss = NonNullable<ApprovalCard["loss"]>;

/** Files listed before the rest is folded: three leave room for the conversation. */
const FILES_SHOWN = 3;

/** What would be lost: counts, and each file one click from its diff. */
export function lossList(app: App, card: ApprovalCard): TemplateResult {
  const loss = card.loss as Loss;
  const open = app.ui.lossOpen || loss.files.length <= FILES_SHOWN + 1;
  const shown = open ? loss.files : loss.files.slice(0, FILES_SHOWN);
  const [first, ...more] = lossSentences(loss);
  return html`<p class="strong lost-first">${first}</p>
    ${
      more.length === 0
        ? nothing
        : html`<ul class="lost">
            ${more.map((sentence) => html`<li class="strong">${sentence}</li>`)}
          </ul>`
    }
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

/** One whole sentence for each kind of loss: languages count in their own ways. */
export function lossSentences(loss: Loss): string[] {
  const sentences: string[] = [];
  if (!loss.complete)
    sentences.push(l10n.t("It could not be seen in time what else would be lost. At least:"));
  if (loss.fileCount > 0) sentences.push(filesSentence(loss) + linesOf(loss));
  if (loss.commits > 0) {
    sentences.push(
      loss.commits === 1
        ? l10n.t("Would lose 1 commit that no branch keeps")
        : l10n.t("Would lose {0} commits that no branch keeps", count(loss.commits)),
    );
  }
  if (loss.stashes > 0) {
    sentences.push(
      loss.stashes === 1
        ? l10n.t("Would lose 1 stash")
        : l10n.t("Would lose {0} stashes", count(loss.stashes)),
    );
  }
  return sentences;
}

/** Of how many lines it is, where all files are known. */
function linesOf({ files, fileCount }: Loss): string {
  const added = files.reduce((sum, file) => sum + (file.added ?? 0), 0);
  const removed = files.reduce((sum, file) => sum + (file.removed ?? 0), 0);
  return fileCount > files.length || added + removed === 0 ? "" : ` (+${count(added)} −${count(removed)})`;
}

function filesSentence(loss: Loss): string {
  const untracked = loss.files.filter((file) => file.state === "untracked").length;
  const number = count(loss.fileCount);
  // Beyond the files listed it is not known how many are untracked.
  if (untracked === 0 || loss.fileCount > loss.files.length) {
    return loss.fileCount === 1 ? l10n.t("Would lose 1 file") : l10n.t("Would lose {0} files", number);
  }
  if (loss.fileCount === 1) return l10n.t("Would lose 1 untracked file");
  if (untracked === loss.fileCount) return l10n.t("Would lose {0} untracked files", number);
  return l10n.t("Would lose {0} files, {1} of them untracked", number, count(untracked));
}
