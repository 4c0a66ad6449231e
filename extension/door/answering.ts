import { allows, type Settlement } from "../approvals/approval.ts";
import type { Grants, GrantScope } from "../approvals/grants.ts";
import { canLast } from "../approvals/kinds.ts";
import { PROPOSE_AFTER } from "../approvals/habits.ts";
import type { ApprovalStore } from "../approvals/store.ts";
import type { AuditLog } from "../audit/log.ts";
import { ENFORCEMENT_OF } from "../audit/record.ts";
import type { Problem } from "../errors.ts";
import type { Decision } from "../policy/decide.ts";
import { partsFor, type RunningPart } from "../shell/parts.ts";
import type { DoorRequest } from "./act.ts";
import type { Call, Calls } from "./calls.ts";
import { type Considered, FOREIGN } from "./considered.ts";
import { type Elsewhere, protectedCommit } from "./elsewhere.ts";
import type { FileDiff } from "../events/event.ts";
import type { LockGate } from "./lockGate.ts";
import type { SwapGate } from "./swapGate.ts";
import { kindOf, likeness } from "./kind.ts";
import { offersOf, type Offered } from "./offers.ts";
import { questionOf } from "./question.ts";
import { refusal, rejection } from "./rejection.ts";

/** What answering needs of the door. */
export interface AnsweringParts {
  readonly session: string;
  readonly calls: Calls;
  readonly approvals: ApprovalStore;
  readonly grants: Grants;
  readonly audit: Pick<AuditLog, "state">;
  readonly why: () => string | undefined;
  /** Where a commit that may not be made here can go on. */
  readonly elsewhere: Elsewhere;
  readonly locks: () => LockGate;
  readonly swaps: () => SwapGate;
  readonly stopped: () => AbortSignal;
  /** True where nothing is asked and nothing refused, since the person wants it so. */
  readonly isOff: (judgement: Decision) => boolean;
  /** What would be decided about a request at this moment. */
  readonly consider: (request: DoorRequest) => Promise<Considered>;
}

export interface Refused {
  readonly allowed: false;
  readonly by: "person" | "nobody" | null;
  readonly cancelled: boolean;
  readonly problem: Problem;
}

/** `anew`: something else is to be decided, or by other rules. */
export type Answer =
  | { readonly allowed: true; readonly by: "person" | "grant" | null }
  | { readonly anew: DoorRequest }
  | Refused;

/** Nobody waits for the answer any more. */
export function gone(judgement: Decision): Refused {
  const settlement: Settlement = { choice: "reject", by: "cancelled" };
  return { allowed: false, by: null, cancelled: true, problem: rejection(judgement, settlement) };
}

function refused(problem: Problem): Refused {
  return { allowed: false, by: null, cancelled: false, problem };
}

/** The answer to what was judged: by the rules, by what a person said before, or by asking them. */
export class Answering {
  readonly #parts: AnsweringParts;

  constructor(parts: AnsweringParts) {
    this.#parts = parts;
  }

  /** `running`: what is about to run, where that may be part of a line that was asked about. */
  async answer(
    request: DoorRequest,
    considered: Considered,
    call: Call,
    scope: GrantScope,
    running: RunningPart | undefined,
  ): Promise<Answer> {
    const { judgement } = considered;
    const off = this.#parts.isOff(judgement);
    // Another manager's command may be none once another program answers.
    const foreign = judgement.rule === FOREIGN;
    if (judgement.verdict === "deny" && !off && !foreign) return refused(refusal(judgement));
    if (request.cannotAllow !== undefined) return refused(request.cannotAllow);
    const bySwap = off ? null : await this.#bySwap(request, considered, call);
    if (bySwap !== null) return bySwap;
    if (judgement.verdict === "deny" && !off) return refused(refusal(judgement));
    const byLock = off ? null : await this.#byLock(request, considered, call);
    if (byLock !== null) return refused(byLock);
    const writes = request.own === true ? [] : await this.#parts.swaps().writesOf(considered, call);
    if (writes.length > 0) this.#parts.calls.update(call, { diffs: writes });
    const unasked = request.own === true && judgement.ask !== "loss";
    if (judgement.verdict === "allow" || unasked)
      return { allowed: true, by: (request.edited ?? request.chosen) === undefined ? null : "person" };
    if (off) return { allowed: true, by: "grant" };
    const { grants, audit } = this.#parts;
    // Whoever can't be recorded isn't asked: the answer could not be honoured.
    if (!audit.state.writable) return refused(audit.state.problem);
    const shown = request.edited?.effects ?? request.chosen;
    if (shown !== undefined && isCovered(shown, judgement)) return { allowed: true, by: "person" };
    const executes = ENFORCEMENT_OF[request.doorway] === "through";
    if (grants.present(scope, request.doorway, executes)) return { allowed: true, by: "grant" };
    const line = call.within;
    if (line !== undefined && running !== undefined) {
      const covered = grants.presentPart(line.id, scope, partsFor(running));
      if (covered) return { allowed: true, by: "grant" };
    }
    const kind = kindOf(considered, scope.cwd);
    const standing = kind !== null && grants.kinds.cover(kind.scope);
    if (standing || grants.permits.spend(scope, Date.now())) {
      if (!executes) grants.issue(scope, request);
      return { allowed: true, by: "grant" };
    }
    const settlement = await this.#ask(request, considered, call, kind?.covers, writes);
    if (settlement.by === "rule") return { anew: request };
    if (settlement.command !== undefined) return { anew: edited(request, considered, settlement.command) };
    if (allows(settlement.choice)) {
      if (settlement.choice === "allow-session" && kind !== null) grants.kinds.allow(kind);
      if (!executes) grants.issue(scope, request);
      for (const key of judgement.standing) grants.stand(key);
      return { allowed: true, by: "person" };
    }
    const folder = protectedCommit(considered);
    if (settlement.choice === "worktree" && folder !== null) {
      const answered = request.carriesReason === true;
      const problem = await this.#parts.elsewhere.move(folder, considered.asked, answered);
      return { allowed: false, by: "person", cancelled: false, problem };
    }
    if (settlement.by === "gave-up") grants.permits.lapse(call.id, scope, considered.run);
    const by = settlement.by === "person" ? "person" : "nobody";
    const notAsked = settlement.by === "nobody-there" || settlement.by === "too-many";
    const cancelled = by === "nobody" && !notAsked;
    return { allowed: false, by, cancelled, problem: rejection(judgement, settlement) };
  }

  /** What the agent itself does runs as asked, and what a person wants so, too. */
  async #bySwap(request: DoorRequest, considered: Considered, call: Call): Promise<Answer | null> {
    const { own, asAsked, unrouted, edited: changed } = request;
    const meant = own === true || asAsked === true || unrouted === true || changed !== undefined;
    const { audit, calls, swaps } = this.#parts;
    // What can't be recorded can't be accepted either.
    if (meant || !audit.state.writable || !considered.swaps.some(({ accepted }) => !accepted)) return null;
    calls.update(call, { status: "held" });
    const answer = await swaps().answerFor(considered, call, request);
    if (answer === null) return null;
    if (answer === "anew") return { anew: request };
    if (answer === "gone") return gone(considered.judgement);
    if (answer !== "as-asked") return { allowed: false, cancelled: false, ...answer };
    call.unrouted = true;
    return { anew: { ...request, unrouted: true } };
  }

  /** What the agent itself does runs as asked, and what a person has just chosen, too. */
  async #byLock({ own, asAsked }: DoorRequest, considered: Considered, call: Call): Promise<Problem | null> {
    return own === true || asAsked === true ? null : this.#parts.locks().problemOf(considered, call);
  }

  async #ask(
    request: DoorRequest,
    considered: Considered,
    call: Call,
    coveredKind: string | undefined,
    writes: readonly FileDiff[],
  ): Promise<Settlement> {
    const { approvals, calls, session, stopped, why, consider, locks, elsewhere: other } = this.#parts;
    const { judgement } = considered;
    const changes = judgement.effects.includes("deps.change") ? await locks().changesOf(considered) : writes;
    const written = await request.preview?.().catch(() => []);
    const diffs = changes.length > 0 ? changes : written;
    const folder = protectedCommit(considered);
    const elsewhere = folder !== null && (await other.offers(folder));
    calls.update(call, { status: "held", ...(diffs === undefined ? {} : { diffs }) });
    const kind = likeness(considered);
    const offered = offersOf(considered, approvals.habits.of(kind));
    const rules = offered?.rules;
    const about = { request, considered, call, session, coveredKind, elsewhere, rules, changes, why: why() };
    const question = questionOf(about);
    const settlement = await approvals.open(question, request.signal, stopped(), async () => {
      const { verdict } = (await consider(request)).judgement;
      return verdict === "ask" ? null : verdict;
    });
    if (offered !== null) this.#note(kind, offered, call, settlement);
    return settlement;
  }

  /** Who gives the same answer again and again may want a rule. */
  #note(kind: string, { rules, subject }: Offered, call: Call, { by, choice }: Settlement): void {
    if (by !== "person" || choice === "edit") return;
    const answer = allows(choice) ? "allow" : "deny";
    const { times } = this.#parts.approvals.habits.note(kind, answer, subject.patterns);
    if (times >= PROPOSE_AFTER && rules[answer] !== undefined)
      this.#parts.calls.update(call, { proposes: answer });
  }
}

/** What runs in place of what was asked; the yes to it covers the effects that were shown, and no loss. */
function edited(request: DoorRequest, { asked, judgement }: Considered, line: string): DoorRequest {
  const { act } = request;
  if (act.kind !== "command") return request;
  const effects = [...new Set([...(request.edited?.effects ?? []), ...judgement.effects])];
  return { ...request, act: { ...act, line, argv: null }, edited: { asked, effects } };
}

function isCovered(shown: readonly string[], { ask, effects, loss }: Decision): boolean {
  return canLast(ask, effects, loss) && effects.every((effect) => shown.includes(effect));
}
