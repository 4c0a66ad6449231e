import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { visibleProse, type Header } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { count, money } from "../text/format.ts";
import { sessionMark } from "../text/words.ts";
import { icon } from "./bits.ts";

/** Who works, on what, in which state, and how much context is used. Unknown cost is left out, never zero. */
export function headerView({ store }: App): TemplateResult | typeof nothing {
  const { header } = store;
  if (header === undefined) return nothing;
  const state = sessionMark(
    header,
    store.approvals.some((card) => card.session === header.session && card.over !== true),
  );
  return html`<span class="mark tone-${state.tone}">${icon(state.icon)}</span>
    <h1><span class="agent">${visibleProse(header.agent)}</span>${title(header)}</h1>
    ${header.worktree === undefined ? nothing : worktree(header.worktree)}
    ${header.environment === undefined ? nothing : environment(header.environment)}
    ${header.tools === undefined ? nothing : tools(header.tools)}
    <span class="state tone-${state.tone}">${state.word}</span>
    ${header.usage === undefined ? nothing : usage(header.usage)}`;
}

function title(header: Header): TemplateResult | typeof nothing {
  if (header.title === undefined || header.title === "") return nothing;
  const text = visibleProse(header.title);
  return html`<span class="quiet" aria-hidden="true"> · </span
    ><span class="title" title=${text}>${text}</span>`;
}

/** Where it works, where that is a place of its own. */
function worktree({ branch, folder }: NonNullable<Header["worktree"]>): TemplateResult {
  const name = visibleProse(branch);
  const where = l10n.t("Works on {0}, in the worktree {1}", name, visibleProse(folder));
  return html`<span class="quiet branch" title=${where}
    >${icon("git-branch")}<span aria-hidden="true">${name.split("/").at(-1)}</span
    ><span class="heard">${where}</span></span
  >`;
}

/** Red all the time: whoever reads a command here must know what it can reach. */
function environment(name: string): TemplateResult {
  const says = l10n.t("Started for {0}: its hosts are not asked about", name);
  return html`<span class="environment" title=${says}
    >${icon("server-environment")}<span aria-hidden="true">${name}</span
    ><span class="heard">${says}</span></span
  >`;
}

/** Agents may start the server that they are handed, or not: that is told, and never taken for granted. */
function tools(state: NonNullable<Header["tools"]>): TemplateResult {
  const reached = state === "reached";
  const says = reached
    ? l10n.t("MCP: the agent has reached Interlock's own tools")
    : l10n.t("MCP: the agent has not reached Interlock's own tools yet");
  return html`<span class="quiet tools" title=${says}
    >${icon(reached ? "plug" : "debug-disconnect")}<span class="heard">${says}</span></span
  >`;
}

function usage({ used, size, cost }: NonNullable<Header["usage"]>): TemplateResult | typeof nothing {
  if (size <= 0) return nothing;
  const share = l10n.t("{0}%", Math.min(100, Math.round((used / size) * 100)));
  const tokens = l10n.t("Context used: {0} of {1} tokens", count(used), count(size));
  const full = `${tokens} · ${cost === undefined ? l10n.t("cost unknown") : money(cost.amount, cost.currency)}`;
  return html`<span class="quiet usage" title=${full}
    ><span aria-hidden="true">${share}</span><span class="heard">${full}</span></span
  >`;
}
