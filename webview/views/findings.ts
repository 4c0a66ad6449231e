import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { visible, visibleProse, type ShownFindings } from "../../extension/panel/protocol.ts";
import { sentence } from "./bits.ts";

/** What two programs say of the same files, side by side; one below the other where there is no room for that. */
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
    <h3>
      ${program}${missing === undefined ? html`<span class="quiet"> · ${summary(findings)}</span>` : nothing}
    </h3>
    ${said}
  </section>`;
}

function summary({ count, exit }: ShownFindings): string {
  if (count === 1) return l10n.t("1 finding");
  if (count > 1) return l10n.t("{0} findings", count);
  return exit === 0 ? l10n.t("finds nothing") : l10n.t("exit {0}", exit ?? "");
}
