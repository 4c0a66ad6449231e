import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";

import * as l10n from "@vscode/l10n";

import { step } from "../chores.ts";
import type { WebPart } from "../project.ts";
import { code } from "../report.ts";
import { offsetOf, type Correction, type Place } from "./edits.ts";
import type { Checker, Finding } from "./finding.ts";

const DIAGNOSTIC = /^(?<path>.+?)\((?<line>\d+),(?<column>\d+)\): error TS(?<id>\d+): (?<text>.*)$/;

/** The errors that name what was probably meant: properties, names, object literals, exports, namespaces. */
const MISSPELLINGS = new Set(["2551", "2552", "2561", "2568", "2570", "2724", "2833"]);
const SUGGESTION = /'([\p{ID_Continue}$]+)'\?$/u;
const NAME = /[\p{ID_Continue}$]+/uy;

export function tsc(part: WebPart, title: string): Checker {
  return {
    tool: "tsc",
    ...step(title, part, "npx", "tsc", "--noEmit", "--pretty", "false"),
    read: (output) =>
      stripVTControlCharacters(output)
        .split("\n")
        .flatMap((line) => readLine(part.folder, line) ?? []),
  };
}

function readLine(folder: string, line: string): Finding | null {
  const groups = DIAGNOSTIC.exec(line.trimEnd())?.groups;
  if (!groups) {
    return null;
  }
  const { path = "", id = "", text: message = "" } = groups;
  const place = { line: Number(groups["line"]), column: Number(groups["column"]) };
  const better = MISSPELLINGS.has(id) ? SUGGESTION.exec(message)?.[1] : undefined;
  return {
    path: resolve(folder, path),
    ...place,
    message: `${message} (TS${id})`,
    ...(better !== undefined && { correct: (text: string) => correction(text, place, message, better) }),
  };
}

function correction(text: string, place: Place, message: string, better: string): Correction | null {
  const start = offsetOf(text, place, "utf16");
  if (start === null) {
    return null;
  }
  NAME.lastIndex = start;
  const wrong = NAME.exec(text)?.[0];
  if (wrong === undefined || !message.includes(`'${wrong}'`)) {
    return null;
  }
  return {
    what: l10n.t("{0} is now {1}", code(wrong), code(better)),
    line: place.line,
    edits: [{ start, end: start + wrong.length, text: better }],
  };
}
