import type { ShellWord, SimpleCommand } from "../shell/command.ts";
import { quote } from "../shell/quote.ts";
import { isPlain, type Piece } from "./row.ts";

/** A piece of a line's text to be replaced. `start` equals `end` where something is only put in. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What may stand between two words that are replaced as one: blanks, and the end of a continued line. */
const BLANK = /^(?:[ \t]|\\\r?\n)*$/;

/**
 * The smallest edit that turns a command into other words: the words at the end that stay are not touched, whatever
 * they hold. Null where that can't be done exactly, as when a redirection stands among the words to be replaced.
 */
export function editFor(text: string, command: SimpleCommand, pieces: readonly Piece[]): Edit | null {
  const { words } = command;
  let kept = 0;
  while (kept < words.length && kept < pieces.length && pieces.at(-1 - kept) === words.at(-1 - kept)) kept++;
  const replaced = words.slice(0, words.length - kept);
  const fresh = pieces.slice(0, pieces.length - kept);
  const first = words[0];
  if (first === undefined) return null;
  const rendered = render(text, fresh);
  if (rendered === null) return null;
  const last = replaced.at(-1);
  if (last === undefined) return { start: first.start, end: first.start, text: `${rendered} ` };
  // Words that one word of the text expands to share its place: they can't be parted.
  const following = words[replaced.length];
  if (following !== undefined && following.start === last.start) return null;
  if (!replaced.every(isPlain) || !areAlone(text, replaced)) return null;
  return { start: first.start, end: last.end, text: rendered };
}

/** True when nothing but blanks stands between the words. */
export function areAlone(text: string, words: readonly ShellWord[]): boolean {
  return words.every((word, index) => {
    const next = words[index + 1];
    return next === undefined || (word.end <= next.start && BLANK.test(text.slice(word.end, next.start)));
  });
}

/** New words quoted where they need it, words as asked exactly as they stand. */
function render(text: string, pieces: readonly Piece[]): string | null {
  const parts: string[] = [];
  for (const piece of pieces) {
    if (typeof piece !== "string" && !isPlain(piece)) return null;
    parts.push(typeof piece === "string" ? quote(piece) : text.slice(piece.start, piece.end));
  }
  return parts.join(" ");
}

/** The text with all edits made; null where two of them overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string | null {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  let result = "";
  let at = 0;
  for (const edit of sorted) {
    if (edit.start < at) return null;
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
