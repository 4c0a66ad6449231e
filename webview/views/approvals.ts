import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { undoLine, visible, visibleProse, type ApprovalCard } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { clockTime } from "../text/format.ts";
import { answersView, overView } from "./answers.ts";
import { findingsView } from "./findings.ts";
import { lockAnswers } from "./lockAnswers.ts";
import { proposal } from "./proposal.ts";
import { icon, sentence } from "./bits.ts";
import { lossList } from "./loss.ts";
import { swapAnswers } from "./swapAnswers.ts";

/** The card in view: the one that was chosen, else the one that waits longest. */
export function shownApproval({ store, ui }: App): ApprovalCard | undefined {
  return store.approvals.find((card) => card.id === ui.approval) ?? store.approvals[0];
}

/** Another question doesn't take the place of one that a person is at, which `drawn` names. */
export function stayAt({ store, ui }: App, drawn: string | undefined): void {
  const isThere = (id: string | undefined): boolean => store.approvals.some((card) => card.id === id);
  if (!isThere(ui.approval) && isThere(drawn)) ui.approval = drawn;
}

/** What a person is asked, in a few words; the command stands below them. */
export function question(card: ApprovalCard): string {
  const agent = visibleProse(card.agent);
  if (card.over === true) return l10n.t("{0} stopped waiting", agent);
  if (card.kind === "lock") return l10n.t("{0} needs an up-to-date lock", agent);
  switch (card.act) {
    case "write":
      return l10n.t("{0} wants to write", agent);
    case "read":
      return l10n.t("{0} wants to read", agent);
    case "command":
      return l10n.t("{0} wants to run", agent);
    case "tool":
      return l10n.t("{0} wants to use", agent);
  }
}

const ICONS = {
  loss: "warning",
  unclear: "question",
  change: "question",
  lock: "lock",
  swap: "arrow-swap",
} as const;

/** The approval in view, with its answers. Rejecting comes first, and is what the keyboard meets first. */
export function approvalView(app: App, now: number): TemplateResult | typeof nothing {
  const card = shownApproval(app);
  if (card === undefined) return nothing;
  const { approvals } = app.store;
  const place = approvals.indexOf(card);
  const run = card.run === card.asked ? undefined : card.run;
  return html`<div
    class="card card-${card.kind} ${card.over === true ? "card-over" : ""}"
    role="group"
    aria-labelledby="question"
    aria-describedby="asked"
  >
    <div class="card-head">
      ${icon(card.over === true ? "debug-stop" : ICONS[card.kind])}
      <h2 id="question"><span title=${question(card)}>${question(card)}</span>${elsewhere(app, card)}</h2>
      <span class="quiet card-age">
        ${approvals.length > 1 ? pages(app, place) : nothing}
        <time data-since=${card.openedAt} title=${l10n.t("How long it waits")}
          >${clockTime(Date.now() - card.openedAt)}</time
        >
      </span>
    </div>
    <div class="card-body" tabindex="0" role="group" aria-label=${l10n.t("What is asked")}>
      <div class="asked">
        <pre id="asked"><code>${visible(card.asked)}</code>${end(run === undefined)}</pre>
        ${card.cwd === "" ? nothing : html`<span class="quiet folder">${l10n.t("in {0}", visible(card.cwd))}</span>`}
      </div>
      ${card.kind === "lock" ? reasonOf(card) : nothing} ${run === undefined ? nothing : runs(card, run)}
      ${card.over === true ? html`<p class="strong">${l10n.t("Not run.")}</p>` : nothing}
      ${card.kind === "unclear" ? html`<p class="strong">${l10n.t("Can't tell what this does.")}</p>` : nothing}
      ${card.loss === undefined ? nothing : lossList(app, card)}
      ${card.kind === "lock" ? nothing : reasonOf(card)}
      ${card.swap?.findings === undefined ? nothing : findingsView(card.swap.findings)}
      ${card.why === undefined ? nothing : html`<blockquote class="why">${visibleProse(card.why)}</blockquote>`}
      ${card.proposes === undefined ? nothing : proposal(app, card.proposes, card, "card")}
      ${aboutView(app, card)}
      <span class="card-end" data-last aria-hidden="true"></span>
    </div>
    ${answersOf(app, card, now)}
  </div>`;
}

/** What is asked about a project is no rule's. */
function isOfProject({ kind }: ApprovalCard): boolean {
  return kind === "lock" || kind === "swap";
}

function answersOf(app: App, card: ApprovalCard, now: number): TemplateResult {
  if (card.over === true) return overView(app, card, now);
  if (card.swap !== undefined) return swapAnswers(app, card, card.swap, now);
  return card.kind === "lock" ? lockAnswers(app, card, now) : answersView(app, card, now, undoOf(card));
}

function reasonOf({ reason }: ApprovalCard): TemplateResult {
  return html`<p>${sentence(visibleProse(reason))}</p>`;
}

/** What would run in place of what was asked. */
function runs(card: ApprovalCard, run: string): TemplateResult {
  return html`<p class="runs">
    ${icon("arrow-right")}<span class="quiet">${runsHow(card)}</span> <code>${visible(run)}</code>${end(true)}
  </p>`;
}

/** How what would run comes about. */
function runsHow({ kind, edited }: ApprovalCard): string {
  if (kind === "lock") return l10n.t("was not run; the lock is updated by");
  return edited === undefined ? l10n.t("would run as") : l10n.t("you changed it to");
}

/** What must have been in sight before a yes counts. */
function end(here: boolean): TemplateResult | typeof nothing {
  return here ? html`<span class="asked-end" data-end aria-hidden="true"></span>` : nothing;
}

/** The name of another session than the one that is shown. */
function elsewhere({ store }: App, card: ApprovalCard): TemplateResult | typeof nothing {
  if (card.session === store.header?.session) return nothing;
  const name = visibleProse(card.title ?? l10n.t("another session"));
  return html`<span class="quiet elsewhere"
    ><span class="dot"> · </span><span title=${name}>${name}</span></span
  >`;
}

/** Presses an answer of the card that a person sees, which may be older than what the store knows. */
export function answerDrawn(region: HTMLElement, choice: "allow-once" | "reject"): void {
  region.querySelector<HTMLElement>(`[data-choice="${choice}"]`)?.click();
}

/** Which of several it is, and the way to the others. */
function pages(app: App, place: number): TemplateResult {
  const { approvals } = app.store;
  const go = (step: number) => (): void => {
    app.ui.approval = approvals[(place + step + approvals.length) % approvals.length]?.id;
    app.ui.lossOpen = false;
    app.redraw("approvals");
  };
  const arrow = (name: string, label: string, step: number): TemplateResult =>
    html`<button class="tool" title=${label} aria-label=${label} @click=${go(step)}>${icon(name)}</button>`;
  return html`<span class="pages"
    >${arrow("chevron-left", l10n.t("Earlier approval"), -1)}<span class="long"
      >${l10n.t("{0} of {1}", place + 1, approvals.length)}</span
    ><span class="short" aria-hidden="true">${place + 1}/${approvals.length}</span>${arrow(
      "chevron-right",
      l10n.t("Later approval"),
      1,
    )}</span
  >`;
}

/** What could be done instead, and which rule asks: folded where there is little room, since it is of use to few. */
function aboutView(app: App, card: ApprovalCard): TemplateResult | typeof nothing {
  const { remedy } = card;
  const advice =
    remedy === undefined ? nothing : html`<p class="quiet">${sentence(visibleProse(remedy))}</p>`;
  const rule = isOfProject(card) ? nothing : ruleOf(card);
  // One line would only make room for another.
  if (advice === nothing || rule === nothing) return html`${advice}${rule}`;
  const { aboutOpen } = app.ui;
  const fold = (): void => {
    app.ui.aboutOpen = !aboutOpen;
    app.redraw("approvals");
  };
  return html`<button class="link about-fold" aria-expanded=${aboutOpen} @click=${fold}>
      ${icon(aboutOpen ? "chevron-down" : "chevron-right")}${l10n.t("Why is this asked?")}
    </button>
    <div class="about ${aboutOpen ? "unfolded" : ""}">${advice}${rule}</div>`;
}

/** Which rule asks, and because of what in the command. */
function ruleOf({ rule, words }: ApprovalCard): TemplateResult {
  return html`<p class="quiet">
    ${l10n.t("Rule")} <code class="rule">${visible(rule)}</code>
    ${words === undefined ? nothing : html`${l10n.t("because of")} <code>${visible(words)}</code>`}
  </p>`;
}

/** Whether what is lost comes back, and what is sent can be taken back. */
function undoOf(card: ApprovalCard): TemplateResult | typeof nothing {
  if (card.kind !== "loss" && card.undo === undefined) return nothing;
  const sure = card.undo?.can === "all";
  return html`<span class="undo ${sure ? "undo-sure" : ""}"
    >${icon(sure ? "history" : "warning")}<span>${undoLine(card.undo)}</span></span
  >`;
}
