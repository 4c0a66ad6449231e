/** Lines shown around a change, as `git diff` does. */
const CONTEXT = 3;
/**
 * Differences after which the search gives up and shows the rest as replaced. Chosen: its cost grows with the
 * square, and a person who wants to read more opens the diff editor.
 */
const MOST_DIFFERENCES = 1_000;

interface Line {
  readonly mark: " " | "+" | "-";
  readonly text: string;
}

/** The hunks of a unified diff between two texts, without file names; empty when they are equal. */
export function unifiedDiff(before: string, after: string): string {
  const script = compare(linesOf(before), linesOf(after));
  let text = "";
  let oldLine = 1;
  let newLine = 1;
  let at = 0;
  while (at < script.length) {
    const change = script.findIndex((line, index) => index >= at && line.mark !== " ");
    if (change < 0) break;
    const start = Math.max(at, change - CONTEXT);
    oldLine += start - at;
    newLine += start - at;
    const end = hunkEnd(script, change);
    const hunk = script.slice(start, end);
    const removed = hunk.filter((line) => line.mark !== "+").length;
    const added = hunk.filter((line) => line.mark !== "-").length;
    text += `@@ -${oldLine},${removed} +${newLine},${added} @@\n`;
    for (const line of hunk) text += `${line.mark}${line.text}\n`;
    oldLine += removed;
    newLine += added;
    at = end;
  }
  return text;
}

/** Where a hunk ends: after the context that follows its last change, changes near to each other being one. */
function hunkEnd(script: readonly Line[], change: number): number {
  let last = change;
  for (let index = change; index < script.length && index - last <= CONTEXT * 2; index += 1) {
    if (script[index]?.mark !== " ") last = index;
  }
  return Math.min(script.length, last + CONTEXT + 1);
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function compare(before: readonly string[], after: readonly string[]): Line[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  const same = (text: string): Line => ({ mark: " ", text });
  return [
    ...before.slice(0, head).map(same),
    ...shortest(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

/** Myers' greedy search for the shortest edit script, with a bound on its depth. */
function shortest(before: readonly string[], after: readonly string[]): Line[] {
  const most = Math.min(before.length + after.length, MOST_DIFFERENCES);
  const offset = most + 1;
  const reach = new Int32Array(2 * most + 3);
  const trail: Int32Array[] = [];
  for (let depth = 0; depth <= most; depth += 1) {
    trail.push(reach.slice());
    for (let diagonal = -depth; diagonal <= depth; diagonal += 2) {
      let x = furthest(reach, offset, diagonal, depth);
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      reach[offset + diagonal] = x;
      if (x >= before.length && x - diagonal >= after.length) return walk(before, after, trail, offset);
    }
  }
  return [
    ...before.map((text): Line => ({ mark: "-", text })),
    ...after.map((text): Line => ({ mark: "+", text })),
  ];
}

function furthest(reach: Int32Array, offset: number, diagonal: number, depth: number): number {
  const below = reach[offset + diagonal - 1] ?? 0;
  const above = reach[offset + diagonal + 1] ?? 0;
  const down = diagonal === -depth || (diagonal !== depth && below < above);
  return down ? above : below + 1;
}

/** Follows the search back from its end. */
function walk(
  before: readonly string[],
  after: readonly string[],
  trail: readonly Int32Array[],
  offset: number,
): Line[] {
  const lines: Line[] = [];
  let x = before.length;
  let y = after.length;
  for (let depth = trail.length - 1; depth >= 0; depth -= 1) {
    const reach = trail[depth] ?? new Int32Array();
    const diagonal = x - y;
    const start = depth === 0 ? 0 : furthest(reach, offset, diagonal, depth);
    const down = start === (reach[offset + diagonal + 1] ?? 0) && isDown(reach, offset, diagonal, depth);
    while (x > start && y > start - diagonal) {
      lines.push({ mark: " ", text: before[x - 1] ?? "" });
      x -= 1;
      y -= 1;
    }
    if (depth === 0) break;
    if (down) {
      y -= 1;
      lines.push({ mark: "+", text: after[y] ?? "" });
    } else {
      x -= 1;
      lines.push({ mark: "-", text: before[x] ?? "" });
    }
  }
  return lines.reverse();
}

function isDown(reach: Int32Array, offset: number, diagonal: number, depth: number): boolean {
  if (diagonal === -depth) return true;
  if (diagonal === depth) return false;
  return (reach[offset + diagonal - 1] ?? 0) < (reach[offset + diagonal + 1] ?? 0);
}
