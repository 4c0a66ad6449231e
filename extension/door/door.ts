import { setTimeout as sleep } from "node:timers/promises";
import type { Grants, GrantScope } from "../approvals/grants.ts";
import { type ActScope, covers } from "../approvals/scope.ts";
import type { ApprovalStore } from "../approvals/store.ts";
import type { AuditLog } from "../audit/log.ts";
import { ENFORCEMENT_OF } from "../audit/record.ts";
import { fail, ok, type Problem, type Result } from "../errors.ts";
import type { EffectKind } from "../guard/effect.ts";
import type { MadeFiles } from "../restore/made.ts";
import type { RunningPart } from "../shell/parts.ts";
import { type Decision, NO_POLICY } from "../policy/decide.ts";
import { type Act, describeAct, type DoorRequest, fileAct } from "./act.ts";
import { ActRecord } from "./actRecord.ts";
import { Answering, gone } from "./answering.ts";
import { isHarmless, mayLose } from "./harm.ts";
import { type Beforehand, beforehand, type PolicyNow } from "./beforehand.ts";
import { type Call, type Calls, hasEnded } from "./calls.ts";
import { consider, type Considered, type Considering, FOREIGN, judgeUnseen } from "./considered.ts";
import { type Elsewhere, MOVED } from "./elsewhere.ts";
import type { LockGate } from "./lockGate.ts";
import { makes, reaches, touches } from "./makes.ts";
import { changedMeanwhile } from "./rejection.ts";
import { rehearsedSwaps, type SwapGate } from "./swapGate.ts";
import { type Touched, touchedBy } from "./touched.ts";
import { changeOf, runningPart, scopeOf } from "./yes.ts";

/** What the door needs of its session. */
export interface DoorParts {
  readonly session: string;
  readonly calls: Calls;
  readonly approvals: ApprovalStore;
  readonly grants: Grants;
  readonly made: MadeFiles;
  readonly audit: AuditLog;
  /** Everything that `consider` needs, as it is at this moment. */
  readonly considering: (signal: AbortSignal) => Considering;
  /** The agent's last sentence, shown beside a question. */
  readonly why: () => string | undefined;
  /** Aborts when the person stops the turn: then nobody is asked any more. */
  readonly stopped: () => AbortSignal;
  /**
   * Before an act that may lose something: takes a restore point of the folder, and resolves when it is kept, or can't
   * be. Before any other one: the same where no point covers the files that it writes.
   */
  readonly protect: (folder: string, act: Coming) => Promise<void>;
  /** True while a person has switched the guard off for this session. */
  readonly isOff?: () => boolean;
  /** Where a commit can go that isn't wanted on its branch. */
  readonly elsewhere: Elsewhere;
  readonly locks: () => LockGate;
  readonly swaps: () => SwapGate;
  /** A command was let through that runs elsewhere than it was asked. */
  readonly onSent: (call: Call, considered: Considered) => void;
  /** From here on these places may lose files, by a call that was let through: absolute paths. */
  readonly excuse: (call: string, places: readonly string[]) => void;
  /** Such a call is over: what was lost until now, it was let through to remove. */
  readonly explain: (call: string) => void;
}

/** An act that is about to happen. */
export interface Coming {
  readonly asked: string;
  /** Absolute paths of what it writes or removes, as far as its words name them. */
  readonly files: readonly string[];
  readonly mayLose: boolean;
}

/** An act that may happen now. */
export interface Admission {
  readonly call: Call;
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

/** A program whose end isn't seen has so long to remove what it was let through for. */
const UNSEEN_END_MS = 2_000;

/** How often what is asked about may change before it runs: each time is another question. */
const MAX_TRIES = 3;

const CALL_KIND = { command: "command", read: "read", write: "edit", tool: "tool" } as const;

/**
 * The one door. Every doorway asks it the same question; those that execute also tell it how the act went. A list
 * of steps without state of its own.
 */
export class Door {
  readonly #parts: DoorParts;
  readonly #answering: Answering;
  readonly #record: ActRecord;

  constructor(parts: DoorParts) {
    this.#parts = parts;
    this.#record = new ActRecord(parts.session, parts.audit);
    this.#answering = new Answering({
      ...parts,
      isOff: (judgement) => this.#isOff(judgement),
      consider: (request) => this.#consider(request),
    });
  }

  /** Decides, asks a person where the verdict says so, and records the decision before anything happens. */
  async decide(
    request: DoorRequest,
    tries = MAX_TRIES,
    sighted?: Call,
  ): Promise<Result<Admission, Problem & { readonly call: Call }>> {
    const { calls } = this.#parts;
    const considered = await this.#consider(request);
    const { judgement, asked } = considered;
    const running = runningPart(request, considered);
    const call = sighted ?? this.#sight(request, considered, running);
    if (this.#runsAsAsked(request, considered, call))
      return this.decide({ ...request, unrouted: true }, tries, call);
    this.#tell(request, considered, call);

    if (isSent(considered) && !call.own)
      this.#parts.grants.asAsked.lapse(call.id, asAskedScope(considered, call), asked);
    const change = await changeOf(request, considered);
    const scope = scopeOf(considered, { id: call.partOf ?? call.id, cwd: call.cwd }, change);
    const answer = this.#isGone(request, call)
      ? gone(judgement)
      : await this.#answering.answer(request, considered, call, scope, running);
    if ("anew" in answer) return this.decide(answer.anew, tries, call);
    const answered = answer.allowed && this.#isGone(request, call) ? gone(judgement) : answer;
    const recorded = await this.#record.act(request.doorway, considered, call, {
      phase: "decision",
      answeredBy: answered.by,
      allowed: answered.allowed,
      exit: null,
      ms: null,
    });
    const refused = (status: "rejected" | "refused" | "cancelled", problem: Problem) => {
      // A person needs no explanation of their own no; the problem is for the agent.
      const told = status === "rejected" && problem.code !== MOVED ? {} : { problem };
      calls.update(call, { status, answeredBy: answered.by, ...told });
      return fail({ ...problem, call });
    };
    if (!answered.allowed) {
      const status = answered.by === "person" ? "rejected" : answered.cancelled ? "cancelled" : "refused";
      return refused(status, answered.problem);
    }
    if (!recorded.ok && !isHarmless(judgement)) return refused("refused", recorded.error);
    // What the agent's program did for itself unasked loses nothing.
    const counts = request.own !== true || answered.by !== null;
    const files = counts ? touches(considered.basis.analysis.effects, judgement.loss) : [];
    const protects = counts && mayLose(judgement);
    if (protects || files.length > 0) {
      const coming = { asked, files, mayLose: protects };
      await this.#parts.protect(judgement.loss?.root ?? call.cwd ?? "", coming);
    }
    const looked = considered.looked.size > 0 || rehearsedSwaps(considered).length > 0;
    const waited = protects || answered.by !== null || looked;
    if (waited && !this.#isGone(request, call) && !(await this.#stillHolds(request, considered, scope))) {
      // The yes was to something else: a new question, and at some point none any more.
      return tries > 1 ? this.decide(request, tries - 1, call) : refused("refused", changedMeanwhile());
    }
    const executes = ENFORCEMENT_OF[request.doorway] === "through";
    // Before it is admitted: from then on it may run at any moment.
    await this.#willMake(call, considered, request.signal);
    if (judgement.effects.some((effect) => REMOVES.has(effect)))
      this.#parts.excuse(call.id, reaches(considered.basis.analysis.effects, call.cwd));
    // Whoever asked may have gone while it was recorded.
    if (this.#isGone(request, call)) {
      await this.ended(call);
      return refused("cancelled", gone(judgement).problem);
    }
    // Those that only answer have no part in what follows: the agent acts, and reports.
    call.inDoor = executes;
    const waits = call.status === "held" ? ({ status: "pending" } as const) : {};
    calls.update(call, { answeredBy: answered.by, ...waits });
    if (!call.own) this.#parts.onSent(call, considered);
    return ok({ call, considered });
  }

  /** True once for what a person has run as asked, at whichever doorways it is seen, and for what a line of theirs runs. */
  #runsAsAsked({ unrouted, own }: DoorRequest, considered: Considered, call: Call): boolean {
    if (unrouted === true || own === true || !isSent(considered)) return false;
    const { asAsked } = this.#parts.grants;
    call.unrouted ||=
      call.within?.unrouted === true || asAsked.spend(asAskedScope(considered, call), Date.now());
    return call.unrouted;
  }

  #willMake(call: Call, { script, basis }: Considered, signal: AbortSignal): Promise<void> {
    const { made, considering } = this.#parts;
    const making = makes(basis.analysis.effects, script?.commands ?? []);
    return made.before(call.id, making, considering(signal).git);
  }

  /** What was decided is looked at again once it took time: files and refs may have changed meanwhile. */
  async #stillHolds(request: DoorRequest, then: Considered, allowed: GrantScope): Promise<boolean> {
    const now = await this.#consider(request);
    const { verdict } = now.judgement;
    // A restore point comes before what may lose something.
    if (now.run !== then.run || (mayLose(now.judgement) && !mayLose(then.judgement))) return false;
    if (verdict === "allow" || this.#isOff(now.judgement)) return true;
    if (verdict === "deny") return false;
    const { call, cwd } = allowed;
    return covers(allowed, scopeOf(now, { id: call, cwd }, await changeOf(request, now)));
  }

  /** True where nothing is asked and nothing refused, since the person wants it so. */
  #isOff({ rule }: Decision): boolean {
    return this.#parts.isOff?.() === true && rule !== UNSWITCHED;
  }

  /** Nobody waits for the answer any more, the call was ended meanwhile, or the person stopped the turn. */
  #isGone(request: DoorRequest, call: Call): boolean {
    return request.signal.aborted || hasEnded(call) || this.#parts.stopped().aborted;
  }

  /**
   * Runs what was admitted, and records what came of it. `execute` says how it failed; it does not throw. `onEnded`: the
   * call has ended, and what it made is known; only the record is still to come.
   */
  async run(
    request: DoorRequest,
    admission: Admission,
    execute: () => Promise<Outcome>,
    onEnded?: () => void,
  ): Promise<Outcome> {
    const { calls } = this.#parts;
    const { call, considered } = admission;
    const started = Date.now();
    calls.update(call, { status: "running", startedAt: started });
    const outcome = await execute();
    const ms = Date.now() - started;
    await this.ended(call);
    // Told before it is recorded: whoever waited for the end goes on at once, and must find the call ended.
    calls.update(call, {
      status: outcome.failed ? (outcome.stopped === true ? "cancelled" : "failed") : "done",
      exit: outcome.exit,
      signal: outcome.signal ?? null,
      ms,
      ...(outcome.problem === undefined ? {} : { problem: outcome.problem }),
    });
    onEnded?.();
    await this.#record.act(request.doorway, considered, call, {
      phase: "effect",
      answeredBy: null,
      allowed: null,
      exit: outcome.exit,
      ms,
    });
    return outcome;
  }

  /**
   * What a doorway let through by what it was told beforehand: it runs by now. True where it passes now, too; otherwise what the
   * doorway was told holds no longer.
   */
  async passed(request: DoorRequest): Promise<boolean> {
    const considered = await this.#consider(request);
    const { judgement, route, script } = considered;
    const over = request.own === true ? undefined : this.#parts.calls.overJustNow();
    const call = over ?? this.#sight(request, considered, runningPart(request, considered));
    if (over === undefined) {
      this.#tell(request, considered, call);
      this.started({ call });
    }
    const unasked = { answeredBy: null, allowed: true, exit: null, ms: null } as const;
    await this.#record.act(request.doorway, considered, call, { phase: "decision", ...unasked });
    return judgement.verdict === "allow" && route === null && script?.unclear.length === 0;
  }

  /** Whether commands like these will pass, known beforehand; and the files whose change makes that untrue. */
  beforehand(): { readonly passes: (argv: readonly string[]) => Beforehand } & PolicyNow {
    const using = this.#parts.considering(new AbortController().signal);
    const { policy = NO_POLICY, policyFiles = [], around } = using;
    return { passes: (argv) => beforehand(argv, using), policy, policyFiles, roots: around.roots };
  }

  /**
   * What was admitted runs by itself from here on, as what a shim stands for does: of its end no more is known than what
   * the agent says of it.
   */
  started({ call }: Pick<Admission, "call">): void {
    const { calls } = this.#parts;
    call.inDoor = false;
    calls.update(call, { status: "running", startedAt: Date.now() });
    // By then it has done what was let through, and what goes later was not.
    void sleep(UNSEEN_END_MS, undefined, { ref: false }).then(() => this.#parts.explain(call.id));
    // The agent never says how its own programs end.
    if (call.own) calls.update(call, { status: "done" });
  }

  /** A call is over, however that is known: its grants are void, and what it made is the session's from now on. */
  ended(call: Call): Promise<void> {
    const { grants, explain, made } = this.#parts;
    grants.void(call.id);
    explain(call.id);
    return made.after(call.id);
  }

  /** What a call that is over may have written, as the rules read its command. */
  touchedBy(call: Call): Touched {
    const using = this.#parts.considering(new AbortController().signal);
    return touchedBy(call.command ?? "", judgeUnseen(actOf(call), using).judgement.effects);
  }

  /** Notes in the record what the agent did by itself, with what the rules would have said of it. */
  async recordSeen(call: Call): Promise<void> {
    const doorway = call.doorways.includes("shim") ? "shim" : "observed";
    const act = actOf(call);
    const asked = describeAct(act);
    const { judgement } = judgeUnseen(act, this.#parts.considering(new AbortController().signal));
    const what = { answeredBy: null, allowed: null, exit: call.exit ?? null, ms: null } as const;
    await this.#record.seen(doorway, { asked, run: asked, judgement }, call, { phase: "effect", ...what });
  }

  /** What would become of an act, were it asked now. Nobody is asked, and nothing is recorded. */
  wouldBecome(act: Act, signal: AbortSignal): Promise<Considered> {
    return consider(act, this.#considering({ signal }));
  }

  /** What a person changed was asked for as the agent said it. */
  async #consider(request: DoorRequest): Promise<Considered> {
    const considered = await consider(request.act, this.#considering(request));
    return { ...considered, asked: request.edited?.asked ?? considered.asked };
  }

  #considering({
    signal,
    asAsked,
    unrouted,
  }: Pick<DoorRequest, "signal" | "asAsked" | "unrouted">): Considering {
    const { considering, grants, made } = this.#parts;
    const stands = (key: string): boolean => grants.stands(key);
    const asItIs = (root: string): boolean => grants.asItIs(root);
    const using = { ...considering(signal), made, stands, asItIs };
    return asAsked === true || unrouted === true ? asItIsAsked(using) : using;
  }

  #tell(request: DoorRequest, considered: Considered, call: Call): void {
    const { judgement, asked, run, route, suggested } = considered;
    const { verdict, rule, reason, effects } = judgement;
    const told = suggested === null ? {} : { suggested };
    const edited = request.edited === undefined ? {} : { edited: true };
    const judged = { verdict, rule, reason, effects };
    this.#parts.calls.update(call, { asked, run, cwd: call.cwd ?? "", route, ...told, ...edited, ...judged });
  }

  #sight(request: DoorRequest, { key }: Considered, running: RunningPart | undefined): Call {
    const { act, doorway, more, named, alias, toolCallId } = request;
    const isFile = act.kind === "read" || act.kind === "write";
    return this.#parts.calls.sight({
      doorway,
      toolCallId,
      kind: CALL_KIND[act.kind],
      title: isFile ? act.path : describeAct(act),
      key,
      alias: isFile && named !== undefined ? describeAct({ kind: act.kind, path: named }) : alias,
      more,
      cwd: act.kind === "command" ? act.cwd : "",
      running,
      own: request.own === true,
    });
  }
}

/** The one refusal that stays while the guard is off: what is let through then must be found in the log. */
const UNSWITCHED = "interlock.tamper";

/** Effects by which files go away or get other content, also where that is harmless. */
const REMOVES: ReadonlySet<EffectKind> = new Set(["delete", "overwrite", "git.discard", "git.clean"]);

/** True for what its project sends elsewhere, or could, or refuses as another manager's. */
function isSent({ route, swaps, judgement }: Considered): boolean {
  return route !== null || swaps.length > 0 || judgement.rule === FOREIGN;
}

/** The same words in the same folder, whatever they would do: running as asked is no yes. */
function asAskedScope({ key }: Considered, { cwd }: Call): ActScope {
  return { key, cwd: cwd ?? "", effects: [], loss: null };
}

function asItIsAsked(using: Considering): Considering {
  return { ...using, route: () => null, foreign: () => null, swaps: () => [] };
}

/** What a call was, as far as it became known. */
function actOf({ command, cwd, key, title, id }: Call): Act {
  if (command !== null) return { kind: "command", line: command, argv: null, cwd: cwd ?? "/", env: {} };
  return (key === null ? null : fileAct(key)) ?? { kind: "tool", title: title ?? id };
}
