import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PAGE = fileURLToPath(new URL("../../webview", import.meta.url));
/** Texts that the page shares with the host. */
const SHARED = fileURLToPath(new URL("../../extension/panel/undo.ts", import.meta.url));

/** Letters that look like the plain ones and are not, and a text that is 40% longer, as in many languages. */
export function pseudo(text: string): string {
  const pieces = text
    .split(/(\{\d\})/)
    .map((piece) =>
      /^\{\d\}$/.test(piece)
        ? piece
        : piece.replaceAll(
            /[aeiou]/g,
            (letter) => ({ a: "á", e: "é", i: "í", o: "ó", u: "ú" })[letter] ?? letter,
          ),
    );
  return `⟦${pieces.join("")}${"~".repeat(Math.ceil(text.length * 0.4))}⟧`;
}

/** Every text of the page in the pseudo-locale. A text that is not a literal in its call can't be found, here or by translators. */
export async function pseudoStrings(): Promise<Record<string, string>> {
  const strings: Record<string, string> = {};
  const own = (await readdir(PAGE, { recursive: true })).filter((file) => file.endsWith(".ts"));
  for (const file of [...own.map((each) => join(PAGE, each)), SHARED]) {
    const source = await readFile(file, "utf8");
    const calls = source.match(/l10n\s*\.t\(/g)?.length ?? 0;
    const literals = [...source.matchAll(/l10n\s*\.t\(\s*"((?:[^"\\]|\\.)*)"/g)];
    if (calls !== literals.length) throw new Error(`${file}: a text is not a literal`);
    for (const [, text] of literals) strings[text ?? ""] = pseudo(text ?? "");
  }
  return strings;
}
