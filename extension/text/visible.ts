/**
 * Characters that change how text reads without being seen themselves: controls other than tab and newline, bidi
 * marks and overrides, zero-width and filler characters, line separators, variation selectors, tag characters.
 * Written as escapes, so that a command can't look like another one.
 */
const HIDDEN_RANGES: readonly (readonly [from: number, to: number])[] = [
  // Controls, without tab and newline.
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  // Soft hyphen, grapheme joiner, Arabic letter mark.
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  // Hangul, Khmer and Mongolian fillers.
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x3164, 0x3164],
  [0xffa0, 0xffa0],
  // Zero width, joiners, directional marks; line separators and bidi embeddings; invisible operators and isolates.
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  // Variation selectors, byte order mark, annotations, tags.
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe0fff],
];
const HIDDEN_CLASS = HIDDEN_RANGES.map(
  ([from, to]) => `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`,
).join("");
const HIDDEN = new RegExp(`[${HIDDEN_CLASS}]`, "u");
const HIDDEN_ALL = new RegExp(HIDDEN, "gu");

const EMOJI_BEFORE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]$/u;
const PRESENTED_BEFORE = /[\p{Extended_Pictographic}\d#*]$/u;
const EMOJI_AFTER = /^\p{Extended_Pictographic}/u;
/** Scripts whose spelling needs joiners; elsewhere a joiner between letters only hides. */
const JOINED_BEFORE =
  /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{M}]$/u;

/** For commands, paths and output, where every hidden character matters. */
export function visible(text: string): string {
  return HIDDEN.test(text) ? text.replace(HIDDEN_ALL, escapeOf) : text;
}

/** For prose: keeps the joiners that emoji and some scripts are spelled with, and Windows' line ends. */
export function visibleProse(text: string): string {
  if (!HIDDEN.test(text)) return text;
  const lines = text.replaceAll("\r\n", "\n");
  return lines.replace(HIDDEN_ALL, (hidden, offset: number) =>
    isSpelling(hidden, lines, offset) ? hidden : escapeOf(hidden),
  );
}

function isSpelling(hidden: string, text: string, offset: number): boolean {
  // Two units on either side hold one character beyond the basic plane.
  const before = text.slice(Math.max(0, offset - 2), offset);
  const after = text.slice(offset + 1, offset + 3);
  if (hidden === "\uFE0F" || hidden === "\uFE0E") return PRESENTED_BEFORE.test(before);
  if (hidden === "\u200D" && EMOJI_BEFORE.test(before) && EMOJI_AFTER.test(after)) return true;
  return (hidden === "\u200C" || hidden === "\u200D") && JOINED_BEFORE.test(before);
}

function escapeOf(hidden: string): string {
  const code = hidden.codePointAt(0) ?? 0;
  if (code === 0x0d) return "\\r";
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\u{${code.toString(16)}}`;
}
