import * as l10n from "@vscode/l10n";
import { html, nothing, render, type TemplateResult } from "lit/html.js";
import { visible, type CallRow } from "../../extension/panel/protocol.ts";
import { clockTime, duration, timeOfDay } from "../text/format.ts";
import {
  callMark,
  enforcementWord,
  gateMark,
  gateName,
  kindIcon,
  kindWord,
  findings,
} from "../text/words.ts";
import { retryTitle } from "../views/answers.ts";
import { icon, lines, mark, path } from "../views/bits.ts";
import { proposal } from "../views/proposal.ts";
import type { Entry } from "../window.ts";
import { callDetails } from "./details.ts";
import { outputTail } from "./output.ts";
import { foldKey, isOpen, toggle, type RowContext, type RowView } from "./view.ts";

/** A tool call: one line that says what and what became of it; opened, all that is known. */
export function callRow(context: RowContext): RowView {
  const element = document.createElement("article");
  const open = (entry: Entry): boolean => isOpen(context, entry.row.id);
  return {
    type: "call",
    element,
    update(entry) {
      const { row } = entry;
      if (row.type !== "call") return;
      const state = callMark(row.call);
      element.setAttribute("aria-label", `${kindWord(row.call.kind)}: ${title(row.call)}, ${state.word}`);
      element.dataset["status"] = row.call.status;
      render(draw(entry, row.call, open(entry), context), element);
      if (open(entry)) askDetails(context, row.id, row.call);
    },
    key: (key, entry) => foldKey(context, key, entry, open(entry)),
  };
}

/** What a row leaves out is asked for when it is opened, and again when the call has changed since. */
function askDetails({ app }: RowContext, row: string, call: CallRow): void {
  if (app.store.lacksDetails(row, `${call.status} ${call.diffs.length}`))
    app.post({ type: "getDetails", row });
}

function title(call: CallRow): string {
  return visible(call.asked ?? call.title);
}

function draw(entry: Entry, call: CallRow, open: boolean, context: RowContext): TemplateResult {
  const flip = (): void => toggle(context, entry, !open);
  const clicked = (event: MouseEvent): void => {
    // A click that ends a selection of text, or hits a control, is not meant for the row.
    if ((event.target as HTMLElement).closest("button") === null && getSelection()?.isCollapsed !== false)
      flip();
  };
  return html`<div class="call-line" @click=${clicked}>
      <span class="call-head">
        <button
          class="twist codicon codicon-${open ? "chevron-down" : "chevron-right"}"
          tabindex="-1"
          aria-expanded=${open}
          aria-label=${open ? l10n.t("Hide details") : l10n.t("Show details")}
          @click=${flip}
        ></button>
        <i class="kind codicon codicon-${kindIcon(call.kind)}" aria-hidden="true"></i>
        ${context.log ? html`<time class="quiet log-time">${timeOfDay(entry.row.at)}</time>` : nothing}
        <span class="what">
          ${what(call)} ${call.diffs.length === 0 ? nothing : changed(call)} ${gates(call)}
        </span>
      </span>
      ${runs(call)}<span class="outcome">${outcome(call)}</span>
    </div>
    ${
      call.problem === undefined
        ? nothing
        : html`<p class="problem ${call.problem.code === "moved-to-worktree" ? "chosen" : ""}">
            ${visible(call.problem.message)} <span class="quiet">${nextOf(call.problem)}</span>
            ${call.problem.code === "gave-up" ? retryButton(entry, context) : nothing}
          </p>`
    }
    ${proposed(entry, call, context)} ${outputTail(entry, call, open, context)}
    ${open ? callDetails(entry, call, context) : nothing}`;
}

/** What to do next. Of a lock the agent reads that it is the person's turn; they have a card of their own for it. */
function nextOf({ code, next }: NonNullable<CallRow["problem"]>): string {
  return /^lock\.(stale|missing)$/.test(code) ? l10n.t("You were asked what becomes of it.") : visible(next);
}

/** The way to allow what nobody waited for any more, as long as there is an agent to tell. */
function retryButton({ row }: Entry, { app }: RowContext): TemplateResult | typeof nothing {
  const { header } = app.store;
  if (header === undefined || header.state === "ended" || header.state === "crashed") return nothing;
  const retry = (): void => app.post({ type: "retry", session: header.session, row: row.id });
  return html`<button class="link" tabindex="-1" title=${retryTitle()} @click=${retry}>
    ${l10n.t("Tell it to try again")}
  </button>`;
}

function proposed(
  { row }: Entry,
  { proposes }: CallRow,
  { app }: RowContext,
): TemplateResult | typeof nothing {
  const { header } = app.store;
  if (proposes === undefined || header === undefined) return nothing;
  return proposal(app, proposes, { session: header.session, row: row.id }, "row");
}

/** The command as asked, or the file, or the tool's own title. */
function what(call: CallRow): TemplateResult {
  if (call.kind === "edit" || call.kind === "read") return path(visible(call.title));
  if (call.kind === "tool") return html`<span class="tool-title">${visible(call.title)}</span>`;
  return html`<code class="command">${title(call)}</code>`;
}

/** What runs in place of what was asked, where that differs; or what would, where routes are only shown. */
function runs(call: CallRow): TemplateResult | typeof nothing {
  if (call.wouldRun !== undefined) {
    return html`<span class="runs"
      ><span>${l10n.t("would run as")}</span> <code class="command">${visible(call.wouldRun)}</code></span
    >`;
  }
  if (call.run === undefined || call.run === title(call)) return nothing;
  return html`<span class="runs ${call.edited === true ? "edited" : ""}"
    ><i class="codicon codicon-arrow-right" role="img" aria-label=${l10n.t("runs as")}></i
    >${call.edited === true ? html`<span>${l10n.t("you changed it to")}</span> ` : nothing}<code
      class="command"
      >${visible(call.run)}</code
    ></span
  >`;
}

function changed(call: CallRow): TemplateResult {
  const added = call.diffs.reduce((sum, diff) => sum + diff.added, 0);
  const removed = call.diffs.reduce((sum, diff) => sum + diff.removed, 0);
  return lines({ added, removed, coarse: call.diffs.find(({ coarse }) => coarse)?.coarse });
}

function gates(call: CallRow): TemplateResult[] {
  return call.gates.map((gate) => {
    const state = gateMark(gate);
    const label =
      gate.findings > 0
        ? l10n.t("{0} ({1}): {2}", gateName(gate.gate), gate.tool, findings(gate.findings))
        : l10n.t("{0} ({1}): {2}", gateName(gate.gate), gate.tool, state.word);
    return html`<span class="gate-result tone-${state.tone}" title=${label}
      ><span aria-hidden="true">${visible(gate.tool)}</span>${icon(state.icon)}${
        gate.findings > 0 ? html`<span aria-hidden="true">${gate.findings}</span>` : nothing
      }<span class="heard">${label}</span></span
    >`;
  });
}

/** What became of it: the state, how it ended, how long it took, and whose hand was on it. */
function outcome(call: CallRow): TemplateResult {
  const facts: (string | TemplateResult)[] = [];
  if (call.status === "running" && call.startedAt !== undefined) {
    facts.push(html`<time data-since=${call.startedAt}>${clockTime(Date.now() - call.startedAt)}</time>`);
  }
  if (call.exit !== undefined && call.exit !== 0) facts.push(l10n.t("exit {0}", call.exit));
  if (call.signal !== undefined) facts.push(visible(call.signal));
  if (call.ms !== undefined && call.kind === "command") facts.push(duration(call.ms));
  return html`${mark(callMark(call))}${facts.map(
    (fact) => html`<span class="quiet fact">${fact}</span>`,
  )}${hand(call)}`;
}

/** Seen afterwards is always said in words; the rest is an icon where it is narrow. */
function hand(call: CallRow): TemplateResult | typeof nothing {
  if (call.enforcement === undefined || call.status === "seen") return nothing;
  const word = enforcementWord(call.enforcement);
  const icons = { through: "shield", checked: "verified", observed: "eye" } as const;
  return html`<span class="hand hand-${call.enforcement}" role="img" aria-label=${word} title=${word}
    >${icon(icons[call.enforcement])}<span class="word">${word}</span></span
  >`;
}
