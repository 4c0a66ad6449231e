import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import subsetFont from "subset-font";

/** A rule of codicon.css, as esbuild leaves it: selectors of icons, and the one character that they show. */
const RULE = /((?:\.codicon-[\w-]+::?before,?\s*)+)\{\s*content:\s*"(?:\\([0-9a-f]+)|([^"\\]))";?\s*\}/gi;
const NAME = /codicon-([\w-]+)(?=::?before)/g;

/**
 * Leaves of the icon font, and of its style sheet, what the page names: 1,800 icons are 70 kB of a VSIX, and the page
 * shows some seventy. An icon counts as named where its name is a text of the page's code.
 */
export async function keepNamedIcons(folder: string, scripts: readonly string[]): Promise<void> {
  const code = (await Promise.all(scripts.map((file) => readFile(file, "utf8")))).join("\n");
  const named = new Set(
    [...code.matchAll(/["'`\s-]([a-z][a-z0-9-]*)(?=["'`\s])/g)].map(([, name = ""]) =>
      name.replace(/^codicon-/, ""),
    ),
  );
  const sheet = join(folder, "main.css");
  const characters: string[] = [];
  const styles = (await readFile(sheet, "utf8")).replace(RULE, (rule, _, code: string, character: string) => {
    const names = [...rule.matchAll(NAME)]
      .flatMap(([, name]) => name ?? [])
      .filter((name) => named.has(name));
    if (names.length === 0) return "";
    characters.push(character ?? String.fromCodePoint(Number.parseInt(code, 16)));
    const selectors = names.map((name) => `.codicon-${name}:before`).join(",");
    return rule.replace(/^[^{]*/, selectors);
  });
  const font = join(folder, "codicon.ttf");
  const subset = await subsetFont(await readFile(font), characters.join(""), { targetFormat: "sfnt" });
  await writeFile(sheet, styles);
  await writeFile(font, subset);
}
