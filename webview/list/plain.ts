import * as l10n from "@vscode/l10n";
import { html, nothing, render, type TemplateResult } from "lit/html.js";
import { visibleProse, type Row } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { count, duration } from "../text/format.ts";
import { files, stopWord } from "../text/words.ts";
import { icon, lines, sentence } from "../views/bits.ts";
import { foldKey, isOpen, toggle, type RowContext, type RowView } from "./view.ts";

/** Characters of a row's label that a screen reader is given; the row's text can be read on. */
const LABEL_CHARACTERS = 200;

type Of<Type extends Row["type"]> = Extract<Row, { type: Type }>;

function view<Type extends Row["type"]>(
  type: Type,
  draw: (row: Of<Type>, element: HTMLElement) => TemplateResult,
): RowView {
  const element = document.createElement("article");
  return {
    type,
    element,
    update(entry) {
      if (entry.row.type === type) render(draw(entry.row as Of<Type>, element), element);
    },
  };
}

export function userRow(): RowView {
  return view("user", (row, element) => {
    const text = visibleProse(row.text);
    element.setAttribute("aria-label", l10n.t("You: {0}", text.slice(0, LABEL_CHARACTERS)));
    const said = row.cut === true ? `${text}…` : text;
    const origin =
      row.origin === undefined ? nothing : html`<span class="quiet origin">${originText(row.origin)}</span>`;
    return html`<span class="who">${l10n.t("You")}</span>
      <p class="said">${said}</p>
      ${origin}`;
  });
}

function originText(origin: NonNullable<Of<"user">["origin"]>): string {
  switch (origin) {
    case "reason":
      return l10n.t("your reason, sent as a prompt");
    case "retry":
      return l10n.t("your late yes, sent as a prompt");
    case "answer":
    case "worktree":
      return l10n.t("your answer, sent as a prompt");
  }
}

export function thoughtRow(context: RowContext): RowView {
  const element = document.createElement("article");
  const row: RowView = {
    type: "thought",
    element,
    update(entry) {
      if (entry.row.type !== "thought") return;
      const open = isOpen(context, entry.row.id);
      const label =
        entry.row.ms === undefined ? l10n.t("Thinking…") : l10n.t("Thought for {0}", duration(entry.row.ms));
      element.setAttribute("aria-label", label);
      render(
        html`<button
            class="fold"
            tabindex="-1"
            aria-expanded=${open}
            @click=${() => toggle(context, entry, !open)}
          >
            ${icon(open ? "chevron-down" : "chevron-right")}<span>${label}</span>
          </button>
          ${open ? html`<p class="thought">${visibleProse(entry.row.text)}</p>` : nothing}`,
        element,
      );
    },
    key: (key, entry) => foldKey(context, key, entry, isOpen(context, entry.row.id)),
  };
  return row;
}

export function turnRow(): RowView {
  return view("turn", (row, element) => {
    const stop = stopWord(row.stop);
    const calls = row.calls === 1 ? l10n.t("1 call") : l10n.t("{0} calls", count(row.calls));
    const facts = [
      stop,
      row.files === 0 && stop === undefined ? l10n.t("Done") : undefined,
      row.plan === undefined ? undefined : l10n.t("Plan {0}/{1}", row.plan.done, row.plan.total),
      row.files > 0 ? files(row.files) : undefined,
    ].filter((fact) => fact !== undefined);
    element.setAttribute("aria-label", l10n.t("End of the turn: {0}", facts.join(", ")));
    return html`<span class="turn-fact">${facts.join(" · ")}</span>${row.files > 0 ? lines(row) : nothing}
      <span class="quiet">${row.calls > 0 ? `${calls} · ` : nothing}${duration(row.ms)}</span>`;
  });
}

type NoticeRow = Extract<Row, { type: "notice" }>;

function backText({ at, files: count }: NonNullable<NoticeRow["restored"]>): string {
  const time = new Date(at).toLocaleTimeString();
  return count === 0
    ? l10n.t("Brought back at {0}.", time)
    : l10n.t("Brought back at {0}: {1}.", time, files(count));
}

const NOTICE_ICONS = { info: "info", warning: "warning", error: "error" } as const;

export function noticeRow({ app }: RowContext): RowView {
  const act = ({ id, restored }: NoticeRow): void =>
    app.post({ type: restored === undefined ? "bringBack" : "undoBack", row: id });
  const why = (row: string): void => app.post({ type: "whyRoute", row });
  const notice = view("notice", (row, element) => {
    const { restored } = row;
    const back = restored === undefined ? "" : backText(restored);
    element.setAttribute("aria-label", `${back} ${row.problem.message} ${row.problem.next}`.trim());
    element.dataset["level"] = restored === undefined ? row.level : "info";
    const next = html` <span class="quiet">${sentence(visibleProse(row.problem.next))}</span>`;
    const what = html`${sentence(visibleProse(row.problem.message))}`;
    return html`${icon(restored === undefined ? NOTICE_ICONS[row.level] : "history")}
      <p>
        ${restored === undefined ? what : html`${back} <span class="quiet">${what}</span>`}${row.restorable === true ? nothing : next}
        ${row.routed === undefined ? nothing : routeLinks(app, row.routed, why)}
      </p>
      ${
        row.restorable === true
          ? html`<button class="button" tabindex="-1" @click=${() => act(row)}>
              ${restored === undefined ? l10n.t("Bring it back…") : l10n.t("Undo")}
            </button>`
          : nothing
      }`;
  });
  return {
    ...notice,
    key: (key, { row }) => {
      if (row.type !== "notice" || (key !== "Enter" && key !== " ")) return false;
      if (row.restorable === true) act(row);
      else if (row.routed !== undefined) why(row.routed);
      else return false;
      return true;
    },
  };
}

function routeLinks(app: App, routed: string, why: (row: string) => void): TemplateResult {
  return html`<span class="notice-acts"
    ><button class="link" tabindex="-1" @click=${() => why(routed)}>${l10n.t("Why?")}</button>
    <button class="link" tabindex="-1" @click=${() => app.post({ type: "routingSetting" })}>
      ${l10n.t("Setting")}
    </button></span
  >`;
}
