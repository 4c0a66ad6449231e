import type { Language } from "./acts.ts";
import { javascript } from "./javascript.ts";
import { mentionsLoss } from "./mentions.ts";
import { perl } from "./perl.ts";
import { julia, lua, php, r } from "./plain.ts";
import { python } from "./python.ts";
import { ruby } from "./ruby.ts";

/** Any other: what its texts name is all that is seen of them. */
export const otherLanguage: Language = { glance: (code) => ({ acts: [], hides: mentionsLoss(code) }) };

const BY_PROGRAM: readonly (readonly [program: RegExp, language: Language])[] = [
  [/^(python|pypy)[\d.]*$/, python],
  [/^(node|nodejs|bun|deno|tsx|ts-node)$/, javascript],
  [/^perl[\d.]*$/, perl],
  [/^ruby[\d.]*$/, ruby],
  [/^php[\d.]*$/, php],
  [/^lua(jit)?[\d.]*$/, lua],
  [/^Rscript$/, r],
  [/^julia$/, julia],
];

const BY_ENDING: readonly (readonly [ending: RegExp, language: Language])[] = [
  [/\.pyw?$/, python],
  [/\.[cm]?[jt]sx?$/, javascript],
  [/\.(pl|pm)$/, perl],
  [/\.(rb|rake)$/, ruby],
];

/** The language that a program reads. */
export function languageOf(program: string): Language {
  return BY_PROGRAM.find(([pattern]) => pattern.test(program))?.[1] ?? otherLanguage;
}

/** The language of a file by its name. */
export function languageOfFile(path: string): Language {
  return BY_ENDING.find(([ending]) => ending.test(path))?.[1] ?? otherLanguage;
}
