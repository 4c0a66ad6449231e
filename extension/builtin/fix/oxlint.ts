import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";

import { step } from "../chores.ts";
import type { WebPart } from "../project.ts";
import { madeConstant } from "./constant.ts";
import { offsetOf } from "./edits.ts";
import type { Checker, Finding } from "./finding.ts";

/** `path:line:column: message [Error/rule]` */
const DIAGNOSTIC = /^(?<path>.+?):(?<line>\d+):(?<column>\d+): (?<text>.*\[\w+\/(?<rule>.+)\])$/;
const NAME = /`(?<name>[\p{ID_Continue}$]+)`/u;

/**
 * oxlint doesn't say how it would fix what it finds, so its findings are only listed; but for `prefer-const`,
 * whose fix is plain from its place.
 */
export function oxlint(part: WebPart, title: string): Checker {
  return {
    tool: "oxlint",
    ...step(title, part, "npx", "oxlint", "--format", "unix"),
    read: (output) =>
      stripVTControlCharacters(output)
        .split("\n")
        .flatMap((line) => readLine(part.folder, line) ?? []),
  };
}

function readLine(folder: string, output: string): Finding | null {
  const groups = DIAGNOSTIC.exec(output.trimEnd())?.groups;
  if (!groups) {
    return null;
  }
  const { path = "", text: message = "", rule } = groups;
  const place = { line: Number(groups["line"]), column: Number(groups["column"]) };
  const name = rule === "eslint(prefer-const)" ? NAME.exec(message)?.groups?.["name"] : undefined;
  return {
    path: resolve(folder, path),
    ...place,
    message,
    ...(name !== undefined && {
      correct: (text: string) => {
        const at = offsetOf(text, place, "byte");
        return at === null ? null : madeConstant(text, { name, at, line: place.line });
      },
    }),
  };
}
