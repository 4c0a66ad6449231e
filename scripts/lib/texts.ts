import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { getL10nJson } from "@vscode/l10n-dev";

import { ROOT } from "./paths.ts";

/** The English texts of host and page, for translators. What ships are the languages that there are: nothing reads this one at run time. */
export const TEXTS = join(ROOT, "extension", "l10n", "bundle.l10n.json");

/** Finds every text that goes through `l10n.t(...)`, as the content of the bundle. */
export async function exportTexts(): Promise<string> {
  const files = globSync("{extension,webview}/**/*.ts", { cwd: ROOT }).sort();
  const sources = files.map((file) => ({
    extension: ".ts",
    contents: readFileSync(join(ROOT, file), "utf8"),
  }));
  const texts = await getL10nJson(sources);
  const sorted = Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify(sorted, null, 2)}\n`;
}
