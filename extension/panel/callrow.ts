import { ENFORCEMENT_OF, type Doorway, type Enforcement } from "../audit/record.ts";
import type { CallPatch, FileDiff } from "../events/event.ts";
import { headOf } from "./bounds.ts";
import { shortPath, type Folder } from "./places.ts";
import type { CallRow } from "./protocol.ts";

/** Characters of a call's one-line title. Chosen: what a wide log shows, several times over. */
const TITLE_CHARACTERS = 1_000;
/** Characters of a command in a row. An approval carries it in full. */
const COMMAND_CHARACTERS = 16 * 1024;
/** Characters of a reason or a rule. */
const SENTENCE_CHARACTERS = 2_000;
/** Files of one call that a row lists. */
const DIFFS_SHOWN = 100;

export function emptyCall(): CallRow {
  return {
    kind: "tool",
    title: "",
    status: "pending",
    doorways: [],
    effects: [],
    diffs: [],
    gates: [],
    output: "",
    outputCut: false,
  };
}

/** The row of a call after a patch: what the patch leaves out stays, null clears. */
export function patchCall(row: CallRow, patch: CallPatch, folders: readonly Folder[]): CallRow {
  const next: CallRow = { ...row };
  if (patch.kind !== undefined) next.kind = patch.kind;
  if (patch.title !== undefined)
    next.title = headOf(shortPath(folders, firstLine(patch.title)), TITLE_CHARACTERS);
  if (patch.status !== undefined) next.status = patch.status;
  if (patch.doorways !== undefined) {
    next.doorways = [...patch.doorways];
    set(next, "enforcement", strongest(patch.doorways));
  }
  if (patch.asked !== undefined) next.asked = headOf(patch.asked, COMMAND_CHARACTERS);
  if (patch.run !== undefined) next.run = headOf(patch.run, COMMAND_CHARACTERS);
  if (patch.edited === true) next.edited = true;
  if (patch.cwd !== undefined) next.cwd = shortPath(folders, patch.cwd);
  const route = patch.suggested ?? patch.route;
  if (patch.suggested !== undefined) next.wouldRun = headOf(patch.suggested.to, COMMAND_CHARACTERS);
  if (route !== undefined) {
    set(next, "routeRule", route?.rule);
    set(next, "routeReason", route?.reason);
  }
  if (patch.again === "as-asked") next.asAskedNext = true;
  if (patch.verdict !== undefined) next.verdict = patch.verdict;
  if (patch.rule !== undefined) next.rule = headOf(patch.rule, SENTENCE_CHARACTERS);
  if (patch.reason !== undefined) next.reason = headOf(patch.reason, SENTENCE_CHARACTERS);
  if (patch.effects !== undefined) next.effects = [...patch.effects];
  if (patch.answeredBy !== undefined) set(next, "answeredBy", patch.answeredBy);
  if (patch.diffs !== undefined) next.diffs = patch.diffs.slice(0, DIFFS_SHOWN).map(summaryIn(folders));
  if (patch.startedAt !== undefined) next.startedAt = patch.startedAt;
  if (patch.ms !== undefined) next.ms = patch.ms;
  if (patch.exit !== undefined) set(next, "exit", patch.exit);
  if (patch.signal !== undefined) set(next, "signal", patch.signal);
  if (patch.gates !== undefined) next.gates = [...patch.gates];
  if (patch.problem !== undefined) next.problem = problemFields(patch.problem);
  return next;
}

/** What of a problem crosses to the page: never its cause. */
export function problemFields(problem: {
  readonly code: string;
  readonly message: string;
  readonly next: string;
}) {
  return { code: problem.code, message: problem.message, next: problem.next };
}

/** How far Interlock's hand reached, over all doorways that saw the call. */
function strongest(doorways: readonly Doorway[]): Enforcement | undefined {
  const reached = new Set(doorways.map((doorway) => ENFORCEMENT_OF[doorway]));
  return (["through", "checked", "observed"] as const).find((enforcement) => reached.has(enforcement));
}

function summaryIn(folders: readonly Folder[]) {
  return ({ path, added, removed, coarse }: FileDiff) => ({
    path: shortPath(folders, path),
    added,
    removed,
    ...(coarse ? { coarse } : {}),
  });
}

/** Sets a field, or removes it: on the wire a field that is unknown is absent. */
function set<Key extends keyof CallRow>(
  row: CallRow,
  key: Key,
  value: CallRow[Key] | null | undefined,
): void {
  if (value === null || value === undefined) delete row[key];
  else row[key] = value;
}

function firstLine(text: string): string {
  const end = text.search(/[\r\n]/);
  return end < 0 ? text : text.slice(0, end);
}
