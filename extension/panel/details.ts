import type { FileDiff } from "../events/event.ts";
import { tailOf } from "./bounds.ts";
import { DETAILS_CHARACTERS, type HostMessage } from "./protocol.ts";
import { unifiedDiff } from "./unified.ts";

/** What a row leaves out of its call. */
export interface CallDetails {
  /** The agent's raw input as JSON text. */
  readonly input?: string;
  /** The output as far as it was kept. */
  readonly output: string;
  /** Characters of output that were dropped before what was kept. */
  readonly dropped: number;
  /** Absolute paths. */
  readonly diffs: readonly FileDiff[];
}

/** The answer to `getDetails`, bounded. A call that is not known any more has nothing to tell. */
export function detailsOf(row: string, details: CallDetails | undefined): HostMessage {
  if (details === undefined) return { type: "details", row, output: "", outputDropped: 0, diff: "" };
  const output = tailOf(details.output, DETAILS_CHARACTERS);
  return {
    type: "details",
    row,
    ...(details.input === undefined ? {} : { input: details.input }),
    output,
    outputDropped: details.dropped + details.output.length - output.length,
    diff: diffText(details.diffs),
  };
}

function diffText(diffs: readonly FileDiff[]): string {
  let text = "";
  for (const diff of diffs) {
    if (text.length >= DETAILS_CHARACTERS) break;
    if (diff.newText === undefined) continue;
    text += unifiedDiff(diff.oldText ?? "", diff.newText);
  }
  if (text.length <= DETAILS_CHARACTERS) return text;
  return text.slice(0, text.lastIndexOf("\n", DETAILS_CHARACTERS) + 1);
}
