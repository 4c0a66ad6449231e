import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { isRouted, visible, visibleProse, type CallRow } from "../../extension/panel/protocol.ts";
import type { Details } from "../store.ts";
import { effectWord } from "../text/effects.ts";
import { enforcementWord, verdictWord } from "../text/words.ts";
import { icon, lines, path } from "../views/bits.ts";
import type { Entry } from "../window.ts";
import type { RowContext } from "./view.ts";

/** Lines of a diff in the panel; the diff editor shows all of it. */
const DIFF_LINES = 200;

type Fact = readonly [name: string, value: TemplateResult | string] | undefined;

/** All that is known of a call, under its line. */
export function callDetails(entry: Entry, call: CallRow, context: RowContext): TemplateResult {
  const details = context.app.store.details.get(entry.row.id);
  const facts: Fact[] = [
    routeFact(entry, call, context),
    call.cwd === undefined ? undefined : [l10n.t("Folder"), path(visible(call.cwd))],
    decisionFact(entry, call, context),
    call.effects.length === 0
      ? undefined
      : [l10n.t("Effects"), call.effects.map((effect) => effectWord(effect)).join(", ")],
    call.enforcement === undefined ? undefined : [l10n.t("Seen by"), seenBy(call, call.enforcement)],
    inputFact(details),
  ];
  return html`<dl class="facts">
      ${facts.map((fact) =>
        fact === undefined
          ? nothing
          : html`<dt>${fact[0]}</dt>
              <dd>${fact[1]}</dd>`,
      )}
    </dl>
    ${files(entry, call, context)} ${details === undefined ? nothing : diff(details)}`;
}

/** Asked → run, and which evidence proved the way. */
function routeFact(entry: Entry, call: CallRow, context: RowContext): Fact {
  const acts = routeActs(entry, call, context);
  if (call.routeReason === undefined && (call.run === undefined || call.run === call.asked))
    return acts === nothing ? undefined : [l10n.t("Route"), html`${acts}`];
  const to = call.wouldRun ?? call.run;
  return [
    call.wouldRun !== undefined
      ? l10n.t("Route, not taken")
      : call.edited === true
        ? l10n.t("You changed it")
        : l10n.t("Route"),
    html`${
      to === undefined
        ? nothing
        : html`<code>${visible(call.asked ?? call.title)}</code> ${icon("arrow-right")}
            <code>${visible(to)}</code>`
    }
    ${call.routeReason === undefined ? nothing : html`<p>${visibleProse(call.routeReason)}</p>`}
    ${call.routeRule === undefined ? nothing : html`<code class="rule">${visible(call.routeRule)}</code>`}${acts}`,
  ];
}

/** What a person can do about where a call was sent; once its session is over, only to ask why. */
function routeActs(entry: Entry, call: CallRow, { app }: RowContext): TemplateResult | typeof nothing {
  const { header } = app.store;
  const wasShown = call.wouldRun !== undefined;
  if (header === undefined || (!wasShown && !isRouted(call))) return nothing;
  const row = entry.row.id;
  const live = !wasShown && header.state !== "ended" && header.state !== "crashed";
  const button = (label: string, title: string, click: (event: Event) => void): TemplateResult =>
    html`<button class="link" tabindex="-1" title=${title} @click=${click}>${label}</button>`;
  const again = ({ currentTarget }: Event): void => {
    app.post({ type: "runAsAsked", session: header.session, row });
    // The button goes with its use: the keyboard stays in the row.
    (currentTarget as HTMLElement).closest<HTMLElement>("[data-index]")?.focus();
  };
  const rule = (): void => app.post({ type: "dontRoute", session: header.session, row });
  return html`<div class="route-acts">
    ${
      live && call.asAskedNext !== true
        ? button(
            l10n.t("Run as asked, this time"),
            l10n.t("Tells the agent to run it again, once without this route; it is judged like any command"),
            again,
          )
        : nothing
    }
    ${
      call.asAskedNext === true
        ? html`<span class="quiet">${l10n.t("The agent was told to run it as asked.")}</span>`
        : nothing
    }
    ${
      wasShown
        ? nothing
        : button(l10n.t("Don't route this here…"), l10n.t("Shows the rule before anything is written"), rule)
    }
    ${button(l10n.t("Why?"), l10n.t("Show the evidence and the row of the routing table"), () =>
      app.post({ type: "whyRoute", row }),
    )}
  </div>`;
}

function decisionFact(entry: Entry, call: CallRow, { app }: RowContext): Fact {
  const verdict = verdictWord(call);
  if (verdict === undefined) return undefined;
  return [
    l10n.t("Decision"),
    html`${verdict}${call.reason === undefined ? nothing : html`<p>${visibleProse(call.reason)}</p>`}
    ${call.rule === undefined ? nothing : html`<code class="rule">${visible(call.rule)}</code>`}
    ${
      call.kind === "command"
        ? html`<button
            class="link"
            tabindex="-1"
            title=${l10n.t("Show every step of this verdict, as it would be now")}
            @click=${() => app.post({ type: "explain", row: entry.row.id })}
          >
            ${l10n.t("Explain")}
          </button>`
        : nothing
    }`,
  ];
}

function seenBy(call: CallRow, enforcement: NonNullable<CallRow["enforcement"]>): string {
  return l10n.t("{0} ({1})", enforcementWord(enforcement), call.doorways.join(", "));
}

function inputFact(details: Details | undefined): Fact {
  if (details?.input === undefined || details.input === "") return undefined;
  return [l10n.t("Input"), html`<pre class="input">${visible(pretty(details.input))}</pre>`];
}

/** JSON on several lines, where it is whole; a cut one as it is. */
function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    return json;
  }
}

function files(entry: Entry, call: CallRow, { app }: RowContext): TemplateResult | typeof nothing {
  if (call.diffs.length === 0) return nothing;
  return html`<ul class="files">
    ${call.diffs.map(
      (file, at) =>
        html`<li>
          <button
            class="file"
            tabindex="-1"
            title=${l10n.t("Open the diff of {0}", visible(file.path))}
            @click=${() => app.post({ type: "openDiff", row: entry.row.id, file: at })}
          >
            ${icon("diff")}${path(visible(file.path))}</button
          >${lines(file)}
        </li>`,
    )}
  </ul>`;
}

const DIFF_CLASSES: Readonly<Record<string, string>> = {
  "+": "diff-added",
  "-": "diff-removed",
  "@": "diff-hunk",
};

/** The change as lines; their signs stay, so that colour does not stand alone. */
function diff(details: Details): TemplateResult | typeof nothing {
  if (details.diff === "") return nothing;
  const all = details.diff.trimEnd().split("\n");
  return html`<pre class="diff">
${all.slice(0, DIFF_LINES).map((line) => html`<span class=${DIFF_CLASSES[line.charAt(0)] ?? "diff-same"}>${visible(line)}</span>`)}</pre>
    ${
      all.length > DIFF_LINES
        ? html`<p class="quiet">${l10n.t("Only the beginning is shown. The diff editor has all of it.")}</p>`
        : nothing
    }`;
}
