import { diffLines } from "diff";
import { DIFF_TEXT_BYTES, type FileDiff } from "../../events/event.ts";

/**
 * The time of a line diff grows with the square of what differs, and the host waits for it: 1,000 lines took 70 ms,
 * 5,000 took 1.8 s. Beyond it only the sizes are compared.
 */
const MAX_EDIT_LENGTH = 1_000;

/** What a write changes. Null old text means a new file. */
export function fileDiff(path: string, oldText: string | null, newText: string): FileDiff {
  const before = oldText ?? "";
  const counted = countLines(before, newText);
  const small = before.length + newText.length <= DIFF_TEXT_BYTES;
  return { path, ...counted, ...(small ? { oldText, newText } : {}) };
}

function countLines(before: string, after: string): { added: number; removed: number } {
  const changes = diffLines(before, after, { maxEditLength: MAX_EDIT_LENGTH });
  if (changes === undefined) return { added: lines(after), removed: lines(before) };
  let added = 0;
  let removed = 0;
  for (const change of changes) {
    if (change.added) added += change.count;
    else if (change.removed) removed += change.count;
  }
  return { added, removed };
}

function lines(text: string): number {
  return text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
