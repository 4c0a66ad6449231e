import { callMatches } from "./filter.ts";
import { MESSAGE_CHARACTERS, RANGE_ROWS, SNAPSHOT_ROWS, type Row } from "./protocol.ts";
import type { PageIntent } from "./pageIntent.ts";
import { weight, type Rows } from "./rows.ts";

export type RangeRequest = Extract<PageIntent, { type: "getRange" }>;

export interface RangeAnswer {
  readonly rows: { index: number; row: Row }[];
  readonly more: boolean;
}

/** The newest rows, as many as one message should carry. */
export function newest(rows: Rows): { readonly first: number; readonly rows: Row[] } {
  const { rows: found } = rangeOf(rows, {
    type: "getRange",
    request: 0,
    direction: "older",
    at: rows.total,
    count: SNAPSHOT_ROWS,
  });
  return { first: found[0]?.index ?? rows.total, rows: found.map(({ row }) => row) };
}

/** The rows next to an index, in one direction, all or those that match; bounded in rows and in characters. */
export function rangeOf(rows: Rows, request: RangeRequest): RangeAnswer {
  const { filter } = request;
  const step = request.direction === "older" ? -1 : 1;
  const start = Math.min(Math.max(0, Math.trunc(request.at)), rows.total);
  const count = Math.min(Math.max(1, Math.trunc(request.count)), RANGE_ROWS);
  const found: { index: number; row: Row }[] = [];
  let characters = 0;
  let more = false;
  for (const index of candidates(rows, filter !== undefined, step > 0 ? start : start - 1, step)) {
    const row = rows.at(index);
    if (row === undefined) break;
    if (filter !== undefined && (row.type !== "call" || !callMatches(row.call, filter))) continue;
    // One row always fits, or a long one would block the way.
    const full = found.length >= count || (found.length > 0 && characters + weight(row) > MESSAGE_CHARACTERS);
    if (full) {
      more = true;
      break;
    }
    characters += weight(row);
    found.push({ index, row });
  }
  return { rows: step < 0 ? found.reverse() : found, more };
}

function* candidates(rows: Rows, callsOnly: boolean, from: number, step: number): Generator<number> {
  if (!callsOnly) {
    for (let index = from; index >= 0 && index < rows.total; index += step) yield index;
    return;
  }
  const { calls } = rows;
  const at = lowerBound(calls, step > 0 ? from : from + 1);
  for (let place = step > 0 ? at : at - 1; place >= 0 && place < calls.length; place += step) {
    yield calls[place] ?? 0;
  }
}

/** The place of the first entry that is not below `value`. */
function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
