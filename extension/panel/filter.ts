import type { CallRow, LogFilter } from "./protocol.ts";

/** Whether a call belongs in a filtered log. The host asks it of old rows, the page of new ones. */
export function callMatches(call: CallRow, filter: LogFilter): boolean {
  if (filter.kinds.length > 0 && !filter.kinds.includes(call.kind)) return false;
  if (filter.verdicts.length > 0 && !filter.verdicts.includes(verdictOf(call))) return false;
  const wanted = filter.text.trim().toLowerCase();
  return wanted === "" || texts(call).some((text) => text?.toLowerCase().includes(wanted));
}

function verdictOf(call: CallRow): "allow" | "ask" | "deny" {
  if (call.verdict !== undefined) return call.verdict;
  if (call.status === "held" || call.status === "rejected") return "ask";
  return call.status === "refused" ? "deny" : "allow";
}

/** What a person would search for. Output is left out: it is too much to read for each key typed. */
function texts(call: CallRow): readonly (string | undefined)[] {
  return [
    call.title,
    call.asked,
    call.run,
    call.cwd,
    call.rule,
    call.reason,
    call.problem?.message,
    ...call.diffs.map((diff) => diff.path),
  ];
}
