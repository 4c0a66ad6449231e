import type { Approval, Choice } from "../approvals/approval.ts";
import { describeAct, type DoorRequest } from "./act.ts";
import type { Call } from "./calls.ts";
import type { Considered } from "./considered.ts";

interface Asked {
  readonly request: DoorRequest;
  readonly considered: Considered;
  readonly call: Call;
  readonly run: string;
  readonly session: string;
  /** What a yes for the session would cover, where there can be one. */
  readonly covers: string | undefined;
  /** The agent's last sentence. */
  readonly why: string | undefined;
}

/** What a person is asked of an act, with the answers that can be honoured. */
export function questionOf(about: Asked): Omit<Approval, "id"> {
  const { request, considered, call, run, session, covers, why } = about;
  const { act } = request;
  const { ask, rule, reason, remedy, loss } = considered.judgement;
  const asked = describeAct(act);
  const choices: readonly Choice[] = [
    "allow-once",
    ...(covers === undefined ? [] : (["allow-session"] as const)),
    "reject",
    "reject-stop",
  ];
  return {
    session,
    call: call.id,
    kind: ask,
    act: act.kind,
    ...("path" in act ? { file: act.path } : {}),
    asked,
    ...(run === asked ? {} : { run }),
    cwd: call.cwd ?? "",
    rule,
    reason,
    ...(remedy === null ? {} : { remedy }),
    ...(loss === null ? {} : { loss }),
    ...(why === undefined ? {} : { why }),
    openedAt: Date.now(),
    choices,
    ...(covers === undefined ? {} : { covers }),
    reasonGoes: request.carriesReason === true ? "answer" : "prompt",
  };
}
