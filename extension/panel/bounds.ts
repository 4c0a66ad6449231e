/** Characters of a call's output that a row carries; `getDetails` has more. */
export const ROW_OUTPUT_CHARACTERS = 4 * 1024;
/** Characters of one message that a row carries; the rest opens in an editor. */
export const ROW_TEXT_CHARACTERS = 256 * 1024;

/** Appends to a row's output and keeps its last `ROW_OUTPUT_CHARACTERS`, in whole lines where there are any. */
export function appendOutput(held: string, text: string): { readonly output: string; readonly cut: boolean } {
  const all = held + text;
  if (all.length <= ROW_OUTPUT_CHARACTERS) return { output: all, cut: false };
  const tail = all.slice(wholeFrom(all, all.length - ROW_OUTPUT_CHARACTERS));
  const line = tail.indexOf("\n");
  return { output: line >= 0 && line < tail.length - 1 ? tail.slice(line + 1) : tail, cut: true };
}

/** The part of `text` that a message with `length` characters still has room for. */
export function fitText(length: number, text: string): { readonly text: string; readonly cut: boolean } {
  const room = ROW_TEXT_CHARACTERS - length;
  if (text.length <= room) return { text, cut: false };
  return { text: headOf(text, Math.max(0, room)), cut: true };
}

/** The first `length` units of a text, without half a character at its end. */
export function headOf(text: string, length: number): string {
  return text.slice(0, length > 0 && isHigh(text.charCodeAt(length - 1)) ? length - 1 : length);
}

/** The last `length` units of a text, without half a character at its start. */
export function tailOf(text: string, length: number): string {
  return text.length <= length ? text : text.slice(wholeFrom(text, text.length - length));
}

function wholeFrom(text: string, start: number): number {
  const code = text.charCodeAt(start);
  return code >= 0xdc00 && code <= 0xdfff ? start + 1 : start;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

const TITLE_CHARACTERS = 60;

/** A text as one row holds it. */
export function fitted(text: string): { text: string; cut?: boolean } {
  const fit = fitText(0, text);
  return fit.cut ? { text: fit.text, cut: true } : { text: fit.text };
}

/** The beginning of a prompt, as one line. */
export function titleOf(prompt: string): string {
  const [line = ""] = prompt.trim().split("\n", 1);
  return line.length > TITLE_CHARACTERS ? `${headOf(line, TITLE_CHARACTERS - 1)}…` : line;
}
