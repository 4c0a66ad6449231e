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
    const next: string[] = [];
    for (const folder of found) {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) =>
        error.code === "EACCES" ? null : [],
      );
      if (names === null) return null;
      // A leading dot must be matched by a dot, as in every shell.
      next.push(
        ...names
          .filter((name) => expression.test(name) && (!name.startsWith(".") || part.startsWith(".")))
          .map((name) => join(folder, name)),
      );
      if (next.length > MAX_MATCHES) return null;
    }
    found = next;
  }
  return found;
}

export function hasPattern(text: string): boolean {
  return /(^|[^\\])(\\\\)*[*?[]/.test(text);
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

/** A file name pattern as a regular expression over one path part. */
export function patternToRegExp(pattern: string): RegExp {
  let source = "";
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index] ?? "";
    if (char === "\\") source += escapeRegExp(pattern[++index] ?? "");
    else if (char === "*") source += ".*";
    else if (char === "?") source += ".";
    else if (char === "[") {
      const close = pattern.indexOf("]", index + 2);
      if (close < 0) source += "\\[";
      else {
        const inside = pattern
          .slice(index + 1, close)
          .replace(/^!/, "^")
          .replaceAll("\\", "\\\\");
        source += `[${inside}]`;
        index = close;
      }
    } else source += escapeRegExp(char);
  }
  return new RegExp(`^${source}$`, "s");
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
