import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { CallRow } from "../../extension/panel/protocol.ts";
import { ansiPieces, lastLines } from "../text/ansi.ts";
import type { Entry } from "../window.ts";
import type { RowContext } from "./view.ts";

/** Lines of output under a call that runs or failed, and under one that is open. */
const LIVE_LINES = 8;
const OPEN_LINES = 40;

/**
 * The end of a call's output: while it runs, when it failed, or when the row is open. A call that went well says so in
 * its line, and needs no more room.
 */
export function outputTail(
  entry: Entry,
  call: CallRow,
  open: boolean,
  { app }: RowContext,
): TemplateResult | typeof nothing {
  if (call.output === "") return nothing;
  const shown = open || call.status === "running" || call.status === "failed";
  if (!shown) return nothing;
  const text = shortRules(lastLines(call.output, open ? OPEN_LINES : LIVE_LINES));
  if (text === "") return nothing;
  const more = call.outputCut || call.output.trimEnd().split("\n").length > OPEN_LINES;
  return html`<pre class="output ${open ? "" : "tail"}"><code>${coloured(text)}</code></pre>
    ${
      more && open
        ? html`<button
            class="link"
            tabindex="-1"
            @click=${() => app.post({ type: "openOutput", row: entry.row.id })}
          >
            ${l10n.t("Open the whole output")}
          </button>`
        : nothing
    }`;
}

/** Lines made of one sign, drawn for a terminal's width, would wrap; a few signs say the same. */
function shortRules(text: string): string {
  return text.replaceAll(/([=_*#~─━═-])\1{11,}/g, (_rule, sign: string) => sign.repeat(8));
}

/** Output with the theme's terminal colours, as text. */
function coloured(text: string): (string | TemplateResult)[] {
  return ansiPieces(text).map((piece) =>
    piece.classes === "" ? piece.text : html`<span class=${piece.classes}>${piece.text}</span>`,
  );
}
