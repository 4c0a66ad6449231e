import * as l10n from "@vscode/l10n";
import { createInterface } from "node:readline/promises";

/** Asks the person at the terminal. Null where nobody can be asked. */
export async function askYes(question: string): Promise<boolean | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(`${question} `).catch(() => "");
  lines.close();
  return [l10n.t("yes"), "yes", "y"].includes(answer.trim().toLowerCase());
}
