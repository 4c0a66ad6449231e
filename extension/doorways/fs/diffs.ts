import { diffLines } from "diff";
import { DIFF_TEXT_BYTES, type FileDiff } from "../../events/event.ts";

/**
 * What comparing may take: the square of the lines that differ, which is what its time grows with. The host waits for
 * it: 1,000,000 took 80 ms.
 */
const WORK = 1_000_000;
/** Each line that differs may mean a run through all the others: with 20,000,000 such steps the same 80 ms. */
const STEPS = 20_000_000;
/** Characters of what changed, old and new. Cutting 1,000,000 into lines took 15 ms. */
const MAX_CHARACTERS = 1_000_000;

/** What is left of `WORK` for the diffs that share it. */
export interface Effort {
  left: number;
}

export function freshEffort(): Effort {
  return { left: WORK };
}

/**
 * What a write changes. Null old text means a new file. Where the effort doesn't do, the counts are those of the
 * changed part as a whole, and the diff says that it is `coarse`.
 */
export function fileDiff(
  path: string,
  oldText: string | null,
  newText: string,
  effort: Effort = freshEffort(),
): FileDiff {
  const before = oldText ?? "";
  const small = before.length + newText.length <= DIFF_TEXT_BYTES;
  const counted = countLines(...changedPart(before, newText), effort);
  return { path, ...counted, ...(small ? { oldText, newText } : {}) };
}

/** Both texts without the whole lines at their beginnings and ends that are the same. */
function changedPart(before: string, after: string): [before: string, after: string] {
  if (before === after) return ["", ""];
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before.charCodeAt(head) === after.charCodeAt(head)) head += 1;
  head = head === 0 ? 0 : before.lastIndexOf("\n", head - 1) + 1;
  let tail = 0;
  while (
    tail < most - head &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail += 1;
  }
  const end = before.indexOf("\n", before.length - tail);
  tail = end < 0 ? 0 : before.length - end - 1;
  return [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
}

function countLines(
  before: string,
  after: string,
  effort: Effort,
): Pick<FileDiff, "added" | "removed" | "coarse"> {
  const [added, removed] = [lines(after), lines(before)];
  // Only added, or only removed: there is nothing to compare.
  if (added === 0 || removed === 0) return { added, removed };
  const compared = before.length + after.length <= MAX_CHARACTERS ? compare(before, after, effort) : null;
  return compared ?? { added, removed, coarse: true };
}

function compare(before: string, after: string, effort: Effort): { added: number; removed: number } | null {
  const all = lines(before) + lines(after);
  const maxEditLength = Math.floor(Math.min(Math.sqrt(effort.left), STEPS / all));
  const changes = diffLines(before, after, { maxEditLength });
  let added = 0;
  let removed = 0;
  for (const change of changes ?? []) {
    if (change.added) added += change.count;
    else if (change.removed) removed += change.count;
  }
  const differing = changes === undefined ? maxEditLength : added + removed;
  effort.left = Math.max(0, effort.left - differing ** 2);
  return changes === undefined ? null : { added, removed };
}

function lines(text: string): number {
  let count = text === "" || text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
