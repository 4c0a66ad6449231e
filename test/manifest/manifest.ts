import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../../scripts/lib/paths.ts";

interface Property {
  readonly scope?: string;
  readonly default?: unknown;
}

/** The parts of package.json that tests look at. */
export interface Manifest {
  readonly enabledApiProposals?: unknown;
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category?: string;
    }[];
    readonly keybindings: readonly {
      readonly command: string;
      readonly key: string;
      readonly mac: string;
      readonly when?: string;
    }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly languageModelTools: readonly {
      readonly name: string;
      readonly displayName: string;
      readonly toolReferenceName: string;
      readonly modelDescription: string;
      readonly inputSchema: object;
      readonly when: string;
    }[];
    readonly mcpServerDefinitionProviders: readonly { readonly when: string }[];
    readonly configuration: readonly { readonly properties: Readonly<Record<string, Property>> }[];
  };
}

export const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;

const texts = JSON.parse(readFileSync(join(ROOT, "package.nls.json"), "utf8")) as Record<string, string>;

/** A text of package.json, with its placeholder replaced. */
export function text(placeholder: string): string {
  const key = /^%(.+)%$/.exec(placeholder)?.[1];
  if (key === undefined) throw new Error(`"${placeholder}" in package.json is not localised.`);
  const found = texts[key];
  if (found === undefined) throw new Error(`package.nls.json has no "${key}".`);
  return found;
}

/** Rows of the first table of a page of docs/ whose header holds a word: cells without code marks. */
export function table(page: string, header: string): readonly (readonly string[])[] {
  const lines = readFileSync(join(ROOT, "docs", page), "utf8").split("\n");
  const at = lines.findIndex((line) => line.startsWith("|") && line.includes(header));
  if (at < 0) throw new Error(`docs/${page} has no table with "${header}".`);
  const end = lines.findIndex((line, index) => index > at && !line.startsWith("|"));
  return lines.slice(at + 2, end < 0 ? undefined : end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`(.*)`$/, "$1")),
  );
}
