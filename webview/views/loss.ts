import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { lossLine, shortHash, visible, type ApprovalCard } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { count } from "../text/format.ts";
import { icon, lines, path } from "./bits.ts";

type Loss = NonNullable<ApprovalCard["loss"]>;
type Revision = NonNullable<Loss["revisions"]>[number];

/** Of each list so much stands there before the rest is folded: three leave room for the conversation. */
const SHOWN = 3;

/** What would be lost: the sentence that every surface has, and each file, commit and stash one click from its diff. */
export function lossList(app: App, card: ApprovalCard): TemplateResult {
  const loss = card.loss as Loss;
  const line = lossLine(loss, count);
  const revisions = (loss.revisions ?? []).map((revision, at) => {
    return { kind: revision.kind, item: lostRevision(app, card, revision, at) };
  });
  const ofKind = (kind: Revision["kind"]) =>
    revisions.filter((revision) => revision.kind === kind).map(({ item }) => item);
  const files = loss.files.map((file, at) => lostFile(app, card, file, at));
  return html`${line === "" ? nothing : html`<p class="strong lost-first"><span>${line}</span></p>`}
  ${list(app, files, loss.fileCount, otherFiles)} ${list(app, ofKind("commit"), loss.commits, otherCommits)}
  ${list(app, ofKind("stash"), loss.stashes, otherStashes)}`;
}

/** A list with its rest folded; `total`: of how many it is, which may be more than it holds. */
function list(
  app: App,
  items: readonly TemplateResult[],
  total: number,
  others: (number: number) => string,
): TemplateResult | typeof nothing {
  if (items.length === 0) return nothing;
  const open = app.ui.lossOpen || items.length <= SHOWN + 1;
  const shown = open ? items : items.slice(0, SHOWN);
  const left = total - shown.length;
  const rest = open
    ? html`<p class="quiet">${others(left)}</p>`
    : html`<button class="link" @click=${() => openAll(app)}>${others(left)}</button>`;
  return html`<ul class="files">
      ${shown}
    </ul>
    ${left > 0 ? rest : nothing}`;
}

function openAll(app: App): void {
  app.ui.lossOpen = true;
  app.redraw("approvals");
}

function otherFiles(number: number): string {
  return number === 1 ? l10n.t("and 1 more file") : l10n.t("and {0} more files", count(number));
}

function otherCommits(number: number): string {
  return number === 1 ? l10n.t("and 1 more commit") : l10n.t("and {0} more commits", count(number));
}

function otherStashes(number: number): string {
  return number === 1 ? l10n.t("and 1 more stash") : l10n.t("and {0} more stashes", count(number));
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

function lostRevision(app: App, card: ApprovalCard, revision: Revision, at: number): TemplateResult {
  const { kind, id } = revision;
  const [short, subject] = [shortHash(id), visible(revision.subject)];
  const name = `${short} ${subject}`;
  return html`<li>
    <button
      class="file"
      title=${l10n.t("Open the diff of {0} ({1})", name, revisionWord(kind))}
      @click=${() => app.post({ type: "openLostRevision", approval: card.id, revision: at })}
    >
      ${icon(kind === "commit" ? "git-commit" : "git-stash")}<code class="hash">${short}</code
      ><span class="subject">${subject}</span></button
    ><span class="quiet">${revisionWord(kind)}</span>
  </li>`;
}

function revisionWord(kind: Revision["kind"]): string {
  return kind === "commit" ? l10n.t("commit") : l10n.t("stash");
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
