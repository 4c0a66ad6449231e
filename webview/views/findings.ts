import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { visible, visibleProse, type ShownFindings } from "../../extension/panel/protocol.ts";
import { sentence } from "./bits.ts";

/** What two programs say of the same files, side by side. */
export function findingsView(both: readonly [ShownFindings, ShownFindings]): TemplateResult {
  return html`<div class="findings">${both.map((each) => findingsOf(each))}</div>`;
}

function findingsOf(findings: ShownFindings): TemplateResult {
  const { program, lines, more, missing } = findings;
  const said =
    missing === undefined
      ? html`<pre><code>${visible(lines.join("\n"))}</code></pre>
          ${more === 0 ? nothing : html`<p class="quiet">${l10n.t("and {0} more lines", more)}</p>`}`
      : html`<p class="quiet">${sentence(visibleProse(missing))}</p>`;
  return html`<section aria-label=${l10n.t("What {0} finds", program)}>
    <h3>${summary(findings)}</h3>
    ${said}
  </section>`;
}

/** In a few words, with the program's name. */
export function summary({ program, count, exit, missing }: ShownFindings): string {
  if (missing !== undefined) return l10n.t("{0} not run", program);
  if (count === 1) return l10n.t("{0} has 1 finding", program);
  if (count > 1) return l10n.t("{0} has {1} findings", program, count);
  if (exit === 0) return l10n.t("{0} finds nothing", program);
  // What formatters and linters end with where something is to be done.
  return exit === 1
    ? l10n.t("{0} finds something", program)
    : l10n.t("{0} ended with {1}", program, exit ?? "");
}
