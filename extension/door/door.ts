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
import { type Act, describeAct, type DoorRequest } from "./act.ts";
import { type Call, Calls } from "./calls.ts";
import { consider, type Considered, type Considering, judgeUnseen } from "./considered.ts";

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
    const { act, doorway } = request;
    const considered = await consider(act, this.#parts.considering(request.signal));
    const { judgement, route, key } = considered;
    const asked = describeAct(act);
    const run = route?.to ?? asked;
    const cwd = act.kind === "command" ? act.cwd : "";
    const title = act.kind === "read" || act.kind === "write" ? act.path : asked;
    const call = calls.sight({
      doorway,
      toolCallId: request.toolCallId,
      kind: CALL_KIND[act.kind],
      title,
      key,
      cwd,
    });
    const { verdict, rule, reason, effects } = judgement;
    calls.update(call, { asked, run, cwd, route, verdict, rule, reason, effects });

    const answered = await this.#answer(request, considered, call, run);
    const recorded = await this.#record(request, considered, call, {
      phase: "decision",
      run,
      answeredBy: answered.by,
      allowed: answered.allowed,
      exit: null,
      ms: null,
    });
    if (!answered.allowed) {
      const status = answered.by === "person" ? "rejected" : answered.cancelled ? "cancelled" : "refused";
      // A person needs no explanation of their own no; the problem is for the agent.
      const problem = status === "rejected" ? {} : { problem: answered.problem };
      calls.update(call, { status, answeredBy: answered.by, ...problem });
      return fail({ ...answered.problem, call });
    }
    if (!recorded.ok && !isReadOnly(judgement)) {
      calls.update(call, { status: "refused", problem: recorded.error });
      return fail({ ...recorded.error, call });
    }
    calls.update(call, { answeredBy: answered.by });
    return ok({ call, run, considered });
  }

  /** Runs what was admitted, and records what came of it. */
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
      status: outcome.failed ? "failed" : "done",
      exit: outcome.exit,
      signal: outcome.signal ?? null,
      ms,
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

  /** Notes in the record what was only seen afterwards, with what the rules would have said of it. */
  async recordObserved(call: Call): Promise<void> {
    const { considering, session, audit } = this.#parts;
    const title = call.command ?? call.key ?? call.id;
    const act: Act =
      call.command === null
        ? { kind: "tool", title }
        : { kind: "command", line: call.command, argv: null, cwd: call.cwd ?? "/", env: {} };
    const { judgement } = judgeUnseen(act, considering(new AbortController().signal));
    await audit.append(
      {
        session,
        turn: call.turn,
        call: call.id,
        phase: "effect",
        doorway: "observed",
        enforcement: "observed",
        asked: title,
        run: title,
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

  async #answer(request: DoorRequest, considered: Considered, call: Call, run: string): Promise<Answer> {
    const { judgement } = considered;
    if (judgement.verdict === "allow") return { allowed: true, by: null };
    if (judgement.verdict === "deny") {
      return { allowed: false, by: null, cancelled: false, problem: refusal(judgement) };
    }
    const { session, grants, calls, audit } = this.#parts;
    // Whoever can't be recorded isn't asked: the answer could not be honoured.
    if (!audit.state.writable && !isReadOnly(judgement)) {
      return { allowed: false, by: null, cancelled: false, problem: audit.state.problem };
    }
    const executes = ENFORCEMENT_OF[request.doorway] === "through";
    const scope: GrantScope = {
      session,
      call: call.id,
      key: considered.key,
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
    return this.#parts.approvals.open(question, request.signal);
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
      { sync: !isReadOnly(judgement) },
    );
  }
}

type Answer =
  | { readonly allowed: true; readonly by: "person" | "grant" | null }
  | {
      readonly allowed: false;
      readonly by: "person" | "nobody" | null;
      readonly cancelled: boolean;
      readonly problem: Problem;
    };

function isReadOnly(judgement: Judgement): boolean {
  return judgement.effects.every((effect) => READ_ONLY.has(effect));
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
