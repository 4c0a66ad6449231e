import { basename } from "node:path";
import { type Approval, type Choice, EDIT_CHARACTERS, type RuleOffers } from "../approvals/approval.ts";
import type { FileDiff } from "../events/event.ts";
import type { DoorRequest } from "./act.ts";
import type { Call } from "./calls.ts";
import type { Considered } from "./considered.ts";

interface Asked {
  readonly request: DoorRequest;
  readonly considered: Considered;
  readonly call: Call;
  readonly session: string;
  /** What a yes for the session would cover, where there can be one. */
  readonly coveredKind: string | undefined;
  /** Whether the agent can be sent on to a worktree of its own. */
  readonly elsewhere: boolean;
  readonly rules: RuleOffers | undefined;
  /** The agent's last sentence. */
  readonly why: string | undefined;
  /** What a change of dependencies would make of manifests and lock. */
  readonly changes: readonly FileDiff[];
}

/** What a person is asked of an act, with the answers that can be honoured. */
export function questionOf(about: Asked): Omit<Approval, "id"> {
  const { request, considered, call, session, coveredKind, elsewhere, rules, why } = about;
  const { act } = request;
  const { asked, run, judgement } = considered;
  const { ask, rule, words, reason, remedy, loss } = judgement;
  // Rules see words without their quotes.
  const isPart = act.kind === "command" && words !== "" && words !== act.line.replace(/["'\\]/g, "").trim();
  const canEdit = request.canEdit === true && act.kind === "command" && act.line.length <= EDIT_CHARACTERS;
  const choices: readonly Choice[] = [
    "allow-once",
    ...(coveredKind === undefined ? [] : (["allow-session"] as const)),
    ...(canEdit ? (["edit"] as const) : []),
    ...(elsewhere ? (["worktree"] as const) : []),
    "reject",
    // Outside of a turn there is nothing to stop.
    ...(call.turn > 0 ? (["reject-stop"] as const) : []),
  ];
  return {
    session,
    call: call.id,
    kind: ask,
    act: act.kind,
    ...("path" in act ? { file: act.path } : {}),
    asked,
    ...(run === asked ? {} : { run }),
    ...(canEdit ? { editable: act.line } : {}),
    ...(request.edited === undefined ? {} : { edited: true }),
    cwd: call.cwd ?? "",
    rule,
    ...(isPart ? { words } : {}),
    reason,
    ...(remedy === null ? {} : { remedy }),
    ...(loss === null ? {} : { loss }),
    ...(about.changes.length === 0 ? {} : { diffs: about.changes.map(({ path }) => basename(path)) }),
    ...(why === undefined ? {} : { why }),
    openedAt: Date.now(),
    choices,
    ...(coveredKind === undefined ? {} : { covers: coveredKind }),
    ...(rules === undefined ? {} : { rules }),
    reasonGoes: request.carriesReason === true ? "answer" : "prompt",
  };
}
