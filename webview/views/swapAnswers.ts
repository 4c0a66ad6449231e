import * as l10n from "@vscode/l10n";
import type { TemplateResult } from "lit/html.js";
import type { ApprovalCard } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { answerLine } from "./answerLine.ts";
import { diffLines } from "./diffLines.ts";
import { summary } from "./findings.ts";
import { projectAnswers } from "./projectAnswers.ts";

/** The answers to whether another program may answer in a project. */
export function swapAnswers(
  app: App,
  card: ApprovalCard,
  { tool, by, findings }: NonNullable<ApprovalCard["swap"]>,
  now: number,
): TemplateResult {
  const compare =
    findings &&
    answerLine({
      icon: "diff",
      label: l10n.t("Compare: {0}", findings.map(summary).join(" · ")),
      title: l10n.t("Opens what both programs find, line against line"),
      act: () => app.post({ type: "compareFindings", approval: card.id }),
    });
  return projectAnswers(app, card, now, {
    reject: { label: l10n.t("Reject"), title: l10n.t("Neither runs, and the agent is told so") },
    accept: {
      choice: "use-swap",
      label: l10n.t("Use {0} in this project", by),
      title: l10n.t("It answers for {0} from now on; “Show Project” takes that back", tool),
    },
    looks: [...(compare === undefined ? [] : [compare]), ...diffLines(app, card)],
    others: [
      {
        choice: "as-asked",
        icon: "debug-step-over",
        label: l10n.t("Run {0} as asked, this time", tool),
        title: l10n.t("Judged like any other command; the next one is asked about again"),
      },
      {
        choice: "never-swap",
        icon: "circle-slash",
        label: l10n.t("Never swap here"),
        title: l10n.t("Everything runs as asked in this project; “Show Project” takes that back"),
      },
    ],
    sayWhy: l10n.t("Reject and say why…"),
  });
}
