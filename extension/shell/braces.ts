import { MAX_BRACE_WORDS } from "./limits.ts";

const RANGE = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/;

/**
 * Brace expansion of one `{...}` whose inside holds no quotes or expansions: `a,b` or `1..3`, nested braces
 * included. Null when it is not literal, or makes more than `MAX_BRACE_WORDS` words.
 */
export function expandBrace(text: string): readonly string[] | null {
  const inside = text.slice(1, -1);
  if (/[$`"'\\]/.test(inside)) return null;
  const range = RANGE.exec(inside);
  if (range) return expandRange(range[1] ?? "", range[2] ?? "", range[3]);
  const items = splitTop(inside);
  if (items === null || items.length < 2) return null;
  const words = items.flatMap((item) => expandNested(item) ?? []);
  return words.length === 0 || words.length > MAX_BRACE_WORDS ? null : words;
}

function expandNested(item: string): readonly string[] | null {
  const open = item.indexOf("{");
  if (open < 0) return [item];
  const close = matchingBrace(item, open);
  if (close < 0) return [item];
  const middle = expandBrace(item.slice(open, close + 1)) ?? [item.slice(open, close + 1)];
  const tails = expandNested(item.slice(close + 1)) ?? [];
  return middle.flatMap((word) => tails.map((tail) => item.slice(0, open) + word + tail));
}

function expandRange(from: string, to: string, step: string | undefined): readonly string[] | null {
  // Numbers with a leading zero are padded to the width of the longest: not followed.
  if (/^-?0\d/.test(from) || /^-?0\d/.test(to)) return null;
  const numeric = /\d/.test(from);
  const start = numeric ? Number(from) : (from.codePointAt(0) ?? 0);
  const end = numeric ? Number(to) : (to.codePointAt(0) ?? 0);
  const width = Math.max(1, Math.abs(Number(step ?? 1)));
  if (Number.isNaN(start) || Number.isNaN(end) || Math.abs(end - start) / width > MAX_BRACE_WORDS)
    return null;
  const words: string[] = [];
  for (let n = start; start <= end ? n <= end : n >= end; n += start <= end ? width : -width) {
    words.push(numeric ? String(n) : String.fromCodePoint(n));
  }
  return words;
}

function splitTop(text: string): readonly string[] | null {
  const items: string[] = [];
  let depth = 0;
  let last = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}") depth--;
    else if (text[i] === "," && depth === 0) {
      items.push(text.slice(last, i));
      last = i + 1;
    }
    if (depth < 0) return null;
  }
  items.push(text.slice(last));
  return depth === 0 ? items : null;
}

function matchingBrace(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return i;
  }
  return -1;
}
