import * as l10n from "@vscode/l10n";
import type { TemplateResult } from "lit/html.js";
import { visible, type ApprovalCard } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { answerLine } from "./answerLine.ts";

/** The way to what a yes would change, file by file. The page has the calls of the shown session alone. */
export function diffLines(app: App, { diffs = [], session, row }: ApprovalCard): readonly TemplateResult[] {
  if (session !== app.store.header?.session) return [];
  return diffs.map((name, file) =>
    answerLine({
      icon: "diff",
      label: l10n.t("Show diff of {0}", visible(name)),
      title: l10n.t("What would change in it"),
      diff: file,
      act: () => app.post({ type: "openDiff", row, file }),
    }),
  );
}
