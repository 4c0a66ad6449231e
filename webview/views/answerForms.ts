import * as l10n from "@vscode/l10n";
import { html, type TemplateResult } from "lit/html.js";
import type { ApprovalCard } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";

type Choice = ApprovalCard["choices"][number];

/** The key code of a key that an input method still works on. */
const COMPOSING_KEY = 229;
const REASON_CHARACTERS = 2_000;
const EDIT_CHARACTERS = 8_000;

/** Gives an answer, where it can be meant: a yes only to what was in sight to its end. */
export function answer(app: App, card: ApprovalCard, choice: Choice, words?: () => string) {
  return (event: Event): void => {
    const unread = (choice.startsWith("allow") || choice === "edit") && app.ui.read !== card.id;
    if (unread || !app.guard.open(performance.now())) return event.preventDefault();
    const said = words?.().trim() ?? "";
    app.post({ type: "answer", approval: card.id, choice, ...(said === "" ? {} : { words: said }) });
  };
}

export function openMore(app: App, open: boolean): void {
  Object.assign(app.ui, { more: open, reason: undefined, edit: undefined });
  app.redraw("approvals");
}

/** Opens a box in the place of the answers, with what stands in it at first. */
export function openForm(app: App, box: { readonly reason: string } | { readonly edit: string }): void {
  Object.assign(app.ui, box);
  app.redraw("approvals");
}

/** Enter sends the reason, as in the prompt; Escape goes back. */
export function reasonForm(app: App, card: ApprovalCard, closed: boolean): TemplateResult {
  const send = answer(app, card, "reject", () => app.ui.reason ?? "");
  const typed = (event: Event): void => {
    app.ui.reason = (event.target as HTMLTextAreaElement).value;
  };
  return html`<div class="reason">
    <textarea
      rows="2"
      maxlength=${REASON_CHARACTERS}
      aria-label=${l10n.t("Why you reject it")}
      aria-describedby="reason-goes"
      placeholder=${l10n.t("Why, or what to do instead")}
      @input=${typed}
      @keydown=${keys(app, send)}
    ></textarea>
    <span class="quiet" id="reason-goes">${reasonText(card)}</span>
    <div class="reason-answers">
      <button class="button" data-choice="reject" aria-disabled=${closed} @click=${send}>
        ${l10n.t("Reject")}
      </button>
      ${back(app)}
    </div>
  </div>`;
}

/** The command, to be changed. Enter only leads to the answer: no stray key lets anything run. */
export function editForm(app: App, card: ApprovalCard, closed: boolean): TemplateResult {
  const asked = card.editable ?? "";
  const text = app.ui.edit ?? asked;
  const changed = text.trim() !== "" && text.trim() !== asked.trim();
  const send = answer(app, card, "edit", () => app.ui.edit ?? "");
  const typed = (event: Event): void => openForm(app, { edit: (event.target as HTMLTextAreaElement).value });
  const toAnswer = (event: Event): void =>
    (event.target as HTMLElement).closest(".reason")?.querySelector<HTMLElement>("[data-choice]")?.focus();
  return html`<div class="reason">
    <textarea
      class="command"
      rows="2"
      maxlength=${EDIT_CHARACTERS}
      spellcheck="false"
      aria-label=${l10n.t("The command that runs instead")}
      aria-describedby="edit-goes"
      .value=${text}
      @input=${typed}
      @keydown=${keys(app, toAnswer)}
    ></textarea>
    <span class="quiet" id="edit-goes">${l10n.t("Judged anew. The agent is told that you changed it.")}</span>
    <div class="reason-answers">
      <button
        class="button"
        data-choice="edit"
        aria-disabled=${closed || !changed}
        title=${changed ? l10n.t("This runs in place of what was asked") : l10n.t("Change the command first")}
        @click=${(event: Event) => (changed ? send(event) : event.preventDefault())}
      >
        ${l10n.t("Allow this instead")}
      </button>
      ${back(app)}
    </div>
  </div>`;
}

export function reasonText({ reasonGoes }: ApprovalCard): string {
  return reasonGoes === "answer"
    ? l10n.t("The agent reads it in the answer")
    : l10n.t("Sent as your next prompt, when the turn is over");
}

function back(app: App): TemplateResult {
  return html`<button class="button" @click=${() => openMore(app, true)}>${l10n.t("Back")}</button>`;
}

/** Enter does what the box is for, but not while an input method composes; Escape goes back. */
function keys(app: App, enter: (event: Event) => void) {
  return (event: KeyboardEvent): void => {
    if (event.isComposing || event.keyCode === COMPOSING_KEY) return;
    if (event.key === "Escape") openMore(app, true);
    else if (event.key === "Enter" && !event.shiftKey && !event.altKey && !event.repeat) enter(event);
    else return;
    event.preventDefault();
  };
}
