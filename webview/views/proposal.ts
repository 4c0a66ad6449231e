import * as l10n from "@vscode/l10n";
import { html, type TemplateResult } from "lit/html.js";
import { visible, type ApprovalCard } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { ruleText } from "./answers.ts";

type Proposal = NonNullable<ApprovalCard["proposes"]>;

/** A rule in place of the same answer again and again. In a row, other keys lead to what is in it. */
export function proposal(
  app: App,
  { answer, covers }: Proposal,
  { session, row }: Pick<ApprovalCard, "session" | "row">,
  place: "card" | "row",
): TemplateResult {
  const said =
    answer === "allow"
      ? l10n.t("You allowed this kind each time.")
      : l10n.t("You rejected this kind each time.");
  const write = (): void => {
    if (place === "row" || app.guard.open(performance.now())) app.post({ type: "writeRule", session, row });
  };
  return html`<p class="proposal quiet">
    ${said}
    <button class="link" tabindex=${place === "row" ? "-1" : "0"} title=${ruleText()} @click=${write}>
      ${answer === "allow" ? l10n.t("Always allow…") : l10n.t("Always refuse…")}
      <code>${visible(covers)}</code>
    </button>
  </p>`;
}
