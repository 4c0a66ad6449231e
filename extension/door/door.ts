import * as l10n from "@vscode/l10n";
import type { Approval, Settlement } from "../approvals/approval.ts";
import type { GrantScope, Grants } from "../approvals/grants.ts";
import type { ApprovalStore } from "../approvals/store.ts";
import type { AuditEntry, AuditLog } from "../audit/log.ts";
import { ENFORCEMENT_OF } from "../audit/record.ts";
import { fail, ok, type Problem, type Result } from "../errors.ts";
import type { EffectKind } from "../guard/effect.ts";
import type { Judgement } from "../guard/judge.ts";
import type { Verdict } from "../policy/verdict.ts";
import { type Act, describeAct, type DoorRequest, fileAct } from "./act.ts";
import { type Call, type Calls, hasEnded } from "./calls.ts";
import { consider, type Considered, type Considering, judgeUnseen } from "./considered.ts";
import { type Touched, touchedBy } from "./touched.ts";

/** What the door needs of its session. */
export interface DoorParts {
  readonly session: string;
  readonly calls: Calls;
  readonly approvals: ApprovalStore;
  readonly grants: Grants;
  readonly audit: AuditLog;
  /** Everything that `consider` needs, as it is at this moment. */
  readonly considering: (signal: AbortSignal) => Considering;
  /** The agent's last sentence, shown beside a question. */
  readonly why: () => string | undefined;
  /** Aborts when the person stops the turn: then nobody is asked any more. */
  readonly stopped: () => AbortSignal;
}

/** An act that may happen now: `run` is the line to execute. */
export interface Admission {
  readonly call: Call;
  readonly run: string;
  readonly considered: Considered;
}

/** How an act ended. */
export interface Outcome {
  readonly exit: number | null;
  readonly signal?: string | null;
  readonly failed: boolean;
  /** True when the person, or the end of the session, ended it. */
  readonly stopped?: boolean;
  /** Why it failed, where that is more than an exit code. */
  readonly problem?: Problem;
}

const CALL_KIND = { command: "command", read: "read", write: "edit", tool: "tool" } as const;

/** Effects that change nothing: they go on when the record can't be written. */
const READ_ONLY: ReadonlySet<EffectKind> = new Set(["read", "network"]);

/**
 * The one door. Every doorway asks it the same question; those that execute also tell it how the act went. A list
 * of steps without state of its own.
 */
export class Door {
  readonly #parts: DoorParts;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** Decides, asks a person where the verdict says so, and records the decision before anything happens. */
  async decide(request: DoorRequest): Promise<Result<Admission, Problem & { readonly call: Call }>> {
    const { calls } = this.#parts;
    const considered = await consider(request.act, this.#parts.considering(request.signal));
    const { judgement, route } = considered;
    const asked = describeAct(request.act);
    const run = route?.to ?? asked;
    const call = this.#sight(request, considered);
    const { cwd, verdict, rule, reason, effects } = { cwd: call.cwd ?? "", ...judgement };
    calls.update(call, { asked, run, cwd, route, verdict, rule, reason, effects });

    const answer = await this.#answer(request, considered, call, run);
    const answered = answer.allowed && isGone(request, call) ? gone(judgement) : answer;
    const recorded = await this.#record(request, considered, call, {
      phase: "decision",
      run,
      answeredBy: answered.by,
      allowed: answered.allowed,
      exit: null,
      ms: null,
    });
    const refused = (status: "rejected" | "refused" | "cancelled", problem: Problem) => {
      // A person needs no explanation of their own no; the problem is for the agent.
      const told = status === "rejected" ? {} : { problem };
      calls.update(call, { status, answeredBy: answered.by, ...told });
      return fail({ ...problem, call });
    };
    if (!answered.allowed) {
      const status = answered.by === "person" ? "rejected" : answered.cancelled ? "cancelled" : "refused";
      return refused(status, answered.problem);
    }
    if (!recorded.ok && !isHarmless(judgement)) return refused("refused", recorded.error);
    // Whoever asked may have gone while it was recorded.
    if (isGone(request, call)) return refused("cancelled", gone(judgement).problem);
    // Those that only answer have no part in what follows: the agent acts, and reports.
    call.inDoor = ENFORCEMENT_OF[request.doorway] === "through";
    const waits = call.status === "held" ? ({ status: "pending" } as const) : {};
    calls.update(call, { answeredBy: answered.by, ...waits });
    return ok({ call, run, considered });
  }

  /** Runs what was admitted, and records what came of it. `execute` says how it failed; it does not throw. */
  async run(request: DoorRequest, admission: Admission, execute: () => Promise<Outcome>): Promise<Outcome> {
    const { calls, grants } = this.#parts;
    const { call, considered } = admission;
    const started = Date.now();
    calls.update(call, { status: "running", startedAt: started });
    const outcome = await execute();
    const ms = Date.now() - started;
    grants.void(call.id);
    // Told before it is recorded: whoever waited for the end goes on at once, and must find the call ended.
    calls.update(call, {
      status: outcome.failed ? (outcome.stopped === true ? "cancelled" : "failed") : "done",
      exit: outcome.exit,
      signal: outcome.signal ?? null,
      ms,
      ...(outcome.problem === undefined ? {} : { problem: outcome.problem }),
    });
    await this.#record(request, considered, call, {
      phase: "effect",
      run: admission.run,
      answeredBy: null,
      allowed: null,
      exit: outcome.exit,
      ms,
    });
    return outcome;
  }

  /** What a call that is over may have written, as the rules read its command. */
  touchedBy(call: Call): Touched {
    const using = this.#parts.considering(new AbortController().signal);
    return touchedBy(call.command ?? "", judgeUnseen(actOf(call), using).judgement.effects);
  }

  /** Notes in the record what the agent did by itself, with what the rules would have said of it. */
  async recordObserved(call: Call): Promise<void> {
    const { considering, session, audit } = this.#parts;
    const act = actOf(call);
    const asked = describeAct(act);
    const { judgement } = judgeUnseen(act, considering(new AbortController().signal));
    await audit.append(
      {
        session,
        turn: call.turn,
        call: call.id,
        phase: "effect",
        doorway: "observed",
        enforcement: "observed",
        asked,
        run: asked,
        cwd: call.cwd ?? "",
        effects: [...judgement.effects],
        verdict: judgement.verdict,
        rule: judgement.rule,
        answeredBy: null,
        allowed: null,
        exit: call.exit ?? null,
        ms: null,
      },
      { sync: false },
    );
  }

  #sight(request: DoorRequest, { key }: Considered): Call {
    const { act, doorway, named, toolCallId } = request;
    const isFile = act.kind === "read" || act.kind === "write";
    return this.#parts.calls.sight({
      doorway,
      toolCallId,
      kind: CALL_KIND[act.kind],
      title: isFile ? act.path : describeAct(act),
      key,
      alias: isFile && named !== undefined ? describeAct({ kind: act.kind, path: named }) : undefined,
      cwd: act.kind === "command" ? act.cwd : "",
    });
  }

  async #answer(request: DoorRequest, considered: Considered, call: Call, run: string): Promise<Answer> {
    const { judgement } = considered;
    if (judgement.verdict === "allow") return { allowed: true, by: null };
    if (judgement.verdict === "deny") {
      return { allowed: false, by: null, cancelled: false, problem: refusal(judgement) };
    }
    const { session, grants, calls, audit } = this.#parts;
    // Whoever can't be recorded isn't asked: the answer could not be honoured.
    if (!audit.state.writable) {
      return { allowed: false, by: null, cancelled: false, problem: audit.state.problem };
    }
    const executes = ENFORCEMENT_OF[request.doorway] === "through";
    const scope: GrantScope = {
      session,
      call: call.id,
      key: considered.scope,
      cwd: call.cwd ?? "",
      effects: judgement.effects,
    };
    if (grants.present(scope, request.doorway, executes)) return { allowed: true, by: "grant" };
    calls.update(call, { status: "held" });
    const settlement = await this.#ask(request, considered, call, run);
    if (settlement.choice === "allow-once") {
      if (!executes) grants.issue(scope, request.doorway);
      return { allowed: true, by: "person" };
    }
    const by = settlement.by === "person" ? "person" : "nobody";
    const cancelled = settlement.by !== "person" && settlement.by !== "nobody-there";
    return { allowed: false, by, cancelled, problem: rejection(judgement, settlement) };
  }

  #ask(request: DoorRequest, considered: Considered, call: Call, run: string): Promise<Settlement> {
    const { judgement } = considered;
    const asked = describeAct(request.act);
    const why = this.#parts.why();
    const question: Omit<Approval, "id"> = {
      session: this.#parts.session,
      call: call.id,
      kind: judgement.ask,
      asked,
      ...(run === asked ? {} : { run }),
      cwd: call.cwd ?? "",
      rule: judgement.rule,
      reason: judgement.reason,
      ...(judgement.remedy === null ? {} : { remedy: judgement.remedy }),
      ...(judgement.loss === null ? {} : { loss: judgement.loss }),
      ...(why === undefined ? {} : { why }),
      openedAt: Date.now(),
      choices: ["allow-once", "reject"],
    };
    const { approvals, stopped } = this.#parts;
    return approvals.open(question, AbortSignal.any([request.signal, stopped()]));
  }

  #record(
    request: DoorRequest,
    considered: Considered,
    call: Call,
    what: Pick<AuditEntry, "phase" | "run" | "answeredBy" | "allowed" | "exit" | "ms">,
  ): Promise<Result<void>> {
    const { judgement } = considered;
    const verdict: Verdict = judgement.verdict;
    return this.#parts.audit.append(
      {
        session: this.#parts.session,
        turn: call.turn,
        call: call.id,
        doorway: request.doorway,
        enforcement: ENFORCEMENT_OF[request.doorway],
        asked: describeAct(request.act),
        cwd: call.cwd ?? "",
        effects: [...judgement.effects],
        verdict,
        rule: judgement.rule,
        ...what,
      },
      { sync: !isHarmless(judgement) },
    );
  }
}

interface Refused {
  readonly allowed: false;
  readonly by: "person" | "nobody" | null;
  readonly cancelled: boolean;
  readonly problem: Problem;
}

type Answer = { readonly allowed: true; readonly by: "person" | "grant" | null } | Refused;

/** True for what goes on without a record: it changes nothing, and nobody need be asked. */
function isHarmless({ verdict, effects }: Judgement): boolean {
  return verdict === "allow" && effects.every((effect) => READ_ONLY.has(effect));
}

/** Nobody waits for the answer any more, or the call was ended meanwhile. */
function isGone(request: DoorRequest, call: Call): boolean {
  return request.signal.aborted || hasEnded(call);
}

function gone(judgement: Judgement): Refused {
  const settlement: Settlement = { choice: "reject", by: "cancelled" };
  return { allowed: false, by: null, cancelled: true, problem: rejection(judgement, settlement) };
}

/** What a call was, as far as it became known. */
function actOf({ command, cwd, key, title, id }: Call): Act {
  if (command !== null) return { kind: "command", line: command, argv: null, cwd: cwd ?? "/", env: {} };
  return (key === null ? null : fileAct(key)) ?? { kind: "tool", title: title ?? id };
}

/** What the agent reads when a rule says no. */
function refusal(judgement: Judgement): Problem {
  return {
    code: `refused.${judgement.rule}`,
    message: l10n.t("Refused by rule {0}: {1}", judgement.rule, judgement.reason),
    next: judgement.remedy ?? l10n.t("Do something else, or ask the person to do it."),
  };
}

/** What the agent reads when a person said no, or nobody could say yes. */
function rejection(judgement: Judgement, settlement: Settlement): Problem {
  const next = judgement.remedy ?? l10n.t("Don't try it again; ask the person how to go on.");
  switch (settlement.by) {
    case "person":
      return { code: "rejected", message: l10n.t("The person rejected this. {0}", judgement.reason), next };
    case "nobody-there":
      return {
        code: "nobody-to-ask",
        message: l10n.t("This needs a person's yes, and nobody can be asked. {0}", judgement.reason),
        next,
      };
    case "cancelled":
    case "agent-gone":
    case "session-ended":
      return { code: "cancelled", message: l10n.t("This was cancelled before it was answered."), next };
  }
}
