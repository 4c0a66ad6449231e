import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Approval } from "../approvals/approval.ts";
import type { Findings } from "../toolchain/comparison.ts";
import type { Texts } from "./texts.ts";

/** Opens what both programs of a question find in an editor, side by side and line against line. */
export async function compareFindings(texts: Texts, { swap }: Pick<Approval, "swap">): Promise<void> {
  if (swap?.findings === undefined) return;
  const [asked, answering] = swap.findings;
  const title = l10n.t("What {0} finds, and what {1} does", asked.program, answering.program);
  const uri = (findings: Findings): vscode.Uri => texts.add(`${findings.program}.txt`, textOf(findings));
  await vscode.commands.executeCommand("vscode.diff", uri(asked), uri(answering), title, { preview: true });
}

function textOf({ lines, more, missing, exit }: Findings): string {
  const rest = more === 0 ? [] : [l10n.t("and {0} more lines", more)];
  const said = missing ?? (exit === 0 && lines.length === 0 ? l10n.t("finds nothing") : "");
  return `${[...(said === "" ? [] : [said]), ...lines, ...rest].join("\n")}\n`;
}
