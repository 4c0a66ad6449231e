import * as l10n from "@vscode/l10n";

import { code } from "../report.ts";
import type { Correction } from "./edits.ts";

const DECLARED_BY = "let";
const OPENING = "([{";
const CLOSING = ")]}";
const QUOTES = "\"'`";

export interface Variable {
  readonly name: string;
  readonly at: number;
  readonly line: number;
}

/**
 * `let` becomes `const` where it declares this one variable and gives it its value; null where it declares
 * others as well, which may change.
 */
export function madeConstant(text: string, { name, at, line }: Variable): Correction | null {
  const before = /\blet\s+$/.exec(text.slice(0, at));
  const after = text.slice(at + name.length);
  if (!before || !text.startsWith(name, at) || !/^[^=;\n]*=|^\s+(of|in)\b/.test(after)) {
    return null;
  }
  return declaresMore(after)
    ? null
    : {
        what: l10n.t("{0} is now a constant", code(name)),
        line,
        edits: [{ start: before.index, end: before.index + DECLARED_BY.length, text: "const" }],
      };
}

/** Whether a comma follows that is in no bracket or text, before the declaration ends. Type arguments count. */
function declaresMore(rest: string): boolean {
  let depth = 0;
  for (let index = 0; index < rest.length; index += 1) {
    const character = rest.charAt(index);
    if (QUOTES.includes(character)) {
      index = endOfText(rest, index);
    } else if (OPENING.includes(character)) {
      depth += 1;
    } else if (CLOSING.includes(character)) {
      depth -= 1;
    }
    if (depth < 0 || (depth === 0 && character === ";")) {
      return false;
    }
    if (depth === 0 && character === ",") {
      return true;
    }
  }
  return false;
}

function endOfText(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let index = start + 1; index < text.length; index += 1) {
    if (text.charAt(index) === "\\") {
      index += 1;
    } else if (text.charAt(index) === quote) {
      return index;
    }
  }
  return text.length;
}
