export interface ChangedPart {
  /** Offsets in the old text; the part between them is replaced. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * What has to be replaced so that one text becomes the other; undefined where they are the same. The cursor, folds
 * and marks outside of it stay where they are.
 */
export function changedPart(before: string, after: string): ChangedPart | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < shorter - start && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  start -= splits(before, start) || splits(after, start) ? 1 : 0;
  same -= splits(before, before.length - same) || splits(after, after.length - same) ? 1 : 0;
  return { start, end: before.length - same, text: after.slice(start, after.length - same) };
}

/** True between the two halves of a line end or of a character: no editor has a place there. */
function splits(text: string, offset: number): boolean {
  const [left, right] = [text.charCodeAt(offset - 1), text.charCodeAt(offset)];
  const lineEnd = left === 0x0d && right === 0x0a;
  return lineEnd || (left >= 0xd800 && left <= 0xdbff && right >= 0xdc00 && right <= 0xdfff);
}
