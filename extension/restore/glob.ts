import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Paths that one pattern may stand for, at most; more count as unknown. */
const MAX_MATCHES = 2_000;

/**
 * The existing paths that an absolute path with shell patterns stands for: `*`, `?`, `[...]`, and backslash
 * escapes. Null when there are too many, or a folder can't be read.
 */
export async function expandPattern(pattern: string): Promise<readonly string[] | null> {
  let found = ["/"];
  for (const part of pattern.split("/").filter((each) => each !== "")) {
    if (!hasPattern(part)) {
      found = found.map((folder) => join(folder, unescape(part)));
      continue;
    }
    const expression = patternToRegExp(part);
    if (expression === null) return null;
    const next: string[] = [];
    for (const folder of found) {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) =>
        error.code === "ENOENT" || error.code === "ENOTDIR" ? [] : null,
      );
      if (names === null || names.some((name) => isUnreadable(name))) return null;
      // A leading dot must be matched by a dot, as in every shell.
      next.push(
        ...names
          .filter((name) => expression.test(name) && (!name.startsWith(".") || /^\\?\./.test(part)))
          .map((name) => join(folder, name)),
      );
      if (next.length > MAX_MATCHES) return null;
    }
    found = next;
  }
  return found;
}

/** Whether a name's bytes were no UTF-8: what was decoded names another file, or none. */
export function isUnreadable(name: string): boolean {
  return name.includes("\uFFFD");
}

export function hasPattern(text: string): boolean {
  return /(^|[^\\])(\\\\)*[*?[]/.test(text);
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

/** A file name pattern as a regular expression over one path part. Null where it depends on the locale or shell. */
export function patternToRegExp(pattern: string): RegExp | null {
  let source = "";
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index] ?? "";
    if (char === "\\") source += escapeRegExp(pattern[++index] ?? "");
    else if (char === "*") source += ".*";
    else if (char === "?") source += ".";
    else if (char === "[") {
      const bracket = readBracket(pattern, index);
      if (bracket === "unknown") return null;
      source += bracket?.source ?? "\\[";
      index = bracket?.close ?? index;
    } else source += escapeRegExp(char);
  }
  try {
    return new RegExp(`^${source}$`, "su");
  } catch {
    // A range that runs backwards: shells differ on it.
    return null;
  }
}

/** The bracket that opens at an index. Null where it is never closed: then it stands for itself. */
function readBracket(
  pattern: string,
  open: number,
): { readonly source: string; readonly close: number } | "unknown" | null {
  const negated = /[!^]/.test(pattern[open + 1] ?? "");
  const first = open + (negated ? 2 : 1);
  let inside = "";
  for (let index = first; index < pattern.length; index++) {
    const char = pattern[index] ?? "";
    const next = pattern[index + 1] ?? "";
    // Right after the opening a `]` is a character like any other.
    if (char === "]" && index > first) return { source: `[${negated ? "^" : ""}${inside}]`, close: index };
    // `[:alpha:]`, `[=a=]` and `[.x.]` mean what the locale says.
    if (char === "[" && /[:=.]/.test(next)) return "unknown";
    if (char === "-" && index > first && next !== "]") inside += "-";
    else if (char === "\\") {
      inside += escapeInClass(next);
      index++;
    } else inside += escapeInClass(char);
  }
  return null;
}

function escapeInClass(char: string): string {
  return char.replace(/[\\\][^-]/, "\\$&");
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
