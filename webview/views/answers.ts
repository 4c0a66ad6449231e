import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { visible, type ApprovalCard } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { moveInBar } from "../regions.ts";
import { answer, editForm, openForm, openMore, reasonForm, reasonText } from "./answerForms.ts";
import { answerLine } from "./answerLine.ts";
import { icon } from "./bits.ts";
import { diffLines } from "./diffLines.ts";

type Choice = ApprovalCard["choices"][number];

/** The answers to a card, rejecting first: it is what the keyboard meets first. */
export function answersView(app: App, card: ApprovalCard, now: number, undo: unknown): TemplateResult {
  const closed = !app.guard.open(now);
  const { more, reason, edit } = app.ui;
  if (reason !== undefined) return reasonForm(app, card, closed);
  if (edit !== undefined) return editForm(app, card, closed);
  const read = app.ui.read === card.id;
  return html`<div class="answers" role="toolbar" aria-label=${l10n.t("Answers")} @keydown=${moveInBar}>
    <button
      class="button ${card.kind === "loss" ? "primary" : ""}"
      data-entry
      data-choice="reject"
      aria-disabled=${closed}
      title=${l10n.t("It does not run, and the agent is told so")}
      @click=${answer(app, card, "reject")}
    >
      ${l10n.t("Reject")}
    </button>
    <button
      class="button"
      tabindex="-1"
      data-choice="allow-once"
      aria-disabled=${closed || !read}
      title=${read ? l10n.t("It runs this one time") : unreadText()}
      @click=${answer(app, card, "allow-once")}
    >
      ${l10n.t("Allow once")}
    </button>
    <button
      class="button more"
      tabindex="-1"
      aria-expanded=${more}
      aria-label=${l10n.t("More answers")}
      title=${l10n.t("More answers")}
      @click=${() => openMore(app, !more)}
    >
      ${icon(more ? "chevron-up" : "chevron-down")}
    </button>
    ${undo} ${changesOf(app, card)} ${worktreeAnswer(app, card, closed)}
    ${more ? moreAnswers(app, card, closed, read) : nothing}
  </div>`;
}

function changesOf(app: App, card: ApprovalCard): TemplateResult | typeof nothing {
  const lines = diffLines(app, card);
  return lines.length === 0 ? nothing : html`<div class="answer-lines">${lines}</div>`;
}

/** The answers to a card that nobody waits for any more. */
export function overView(app: App, card: ApprovalCard, now: number): TemplateResult {
  const closed = !app.guard.open(now);
  const { session, row, id } = card;
  const act = (intent: Parameters<App["post"]>[0]) => (): void => {
    if (app.guard.open(performance.now())) app.post(intent);
  };
  return html`<div class="answers" role="toolbar" aria-label=${l10n.t("Answers")} @keydown=${moveInBar}>
    <button
      class="button"
      data-entry
      aria-disabled=${closed}
      @click=${act({ type: "dismiss", session, approval: id })}
    >
      ${l10n.t("Dismiss")}
    </button>
    <button
      class="button"
      tabindex="-1"
      aria-disabled=${closed}
      title=${retryTitle()}
      @click=${act({ type: "retry", session, row })}
    >
      ${l10n.t("Tell it to try again")}
    </button>
  </div>`;
}

export function retryTitle(): string {
  return l10n.t("Allows exactly this once, within ten minutes, and tells the agent");
}

function unreadText(): string {
  return l10n.t("Scroll to the end of the command first");
}

/** In sight from the start: it is what the question is asked for. */
function worktreeAnswer(app: App, card: ApprovalCard, closed: boolean): TemplateResult | typeof nothing {
  if (!card.choices.includes("worktree")) return nothing;
  const label = html`${l10n.t("Go on in a worktree instead")}
    <span class="quiet about-answer">${l10n.t("a branch of its own; nothing is committed here")}</span>`;
  const title = l10n.t(
    "Makes a branch feature/agent/… in a folder of its own, with what was changed in this session. Your files stay as they are.",
  );
  return html`<div class="answer-lines">
    ${answerLine({ disabled: closed, icon: "git-branch", label, title, act: answer(app, card, "worktree") })}
  </div>`;
}

/** Only what can be honoured is offered. */
function moreAnswers(app: App, card: ApprovalCard, closed: boolean, read: boolean): TemplateResult {
  const offers = (choice: Choice): boolean => card.choices.includes(choice);
  const say = (): void => openForm(app, { reason: "" });
  const change = (event: Event): void => {
    if (closed || !read) return event.preventDefault();
    openForm(app, { edit: card.editable ?? "" });
  };
  const write = (event: Event): void => {
    if (!app.guard.open(performance.now())) return event.preventDefault();
    app.post({ type: "writeRule", session: card.session, row: card.row });
  };
  return html`<div class="answer-lines">
    ${answerLine({ disabled: false, icon: "comment", label: l10n.t("Reject and say why…"), title: reasonText(card), act: say })}
    ${
      offers("reject-stop")
        ? answerLine({
            disabled: closed,
            icon: "debug-stop",
            label: l10n.t("Reject and stop the turn"),
            title: l10n.t("It does not run, and the agent stops"),
            act: answer(app, card, "reject-stop"),
          })
        : nothing
    }
    ${
      offers("allow-session")
        ? answerLine({
            disabled: closed || !read,
            icon: "check-all",
            label: sessionLabel(card),
            title: read ? l10n.t("Not asked again while nothing would be lost") : unreadText(),
            act: answer(app, card, "allow-session"),
          })
        : nothing
    }
    ${
      offers("edit")
        ? answerLine({
            disabled: closed || !read,
            icon: "edit",
            label: l10n.t("Edit, then allow…"),
            title: read ? editText() : unreadText(),
            act: change,
          })
        : nothing
    }
    ${card.canWriteRule === true ? answerLine({ disabled: closed, icon: "law", label: l10n.t("Write a rule…"), title: ruleText(), act: write }) : nothing}
  </div>`;
}

function sessionLabel(card: ApprovalCard): TemplateResult {
  const label =
    card.kind === "unclear"
      ? l10n.t("Allow this kind for the session")
      : l10n.t("Allow this for the session");
  return html`${label}: <span class="scope">${visible(card.covers ?? card.asked)}</span>`;
}

export function ruleText(): string {
  return l10n.t("Shows the rule before anything is written");
}

function editText(): string {
  return l10n.t("Judged anew as you write it; the agent is told that you changed it");
}
