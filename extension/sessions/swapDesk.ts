import { basename } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Approval, Settlement } from "../approvals/approval.ts";
import type { Grants } from "../approvals/grants.ts";
import type { DoorRequest } from "../door/act.ts";
import { type Call, hasEnded } from "../door/calls.ts";
import type { Considered } from "../door/considered.ts";
import { tooManyQuestions } from "../door/rejection.ts";
import { rehearsedSwaps, type SwapAnswer, type SwapGate } from "../door/swapGate.ts";
import { fileDiff } from "../doorways/fs/diffs.ts";
import { messageOf, type Problem } from "../errors.ts";
import type { FileDiff } from "../events/event.ts";
import { compare } from "../toolchain/comparison.ts";
import type { OfferedSwap } from "../toolchain/routeScript.ts";
import { inProject } from "../toolchain/swapConsents.ts";
import { wouldWrite } from "../toolchain/swapWrites.ts";
import type { FollowUps } from "./followUps.ts";
import type { Gestures } from "./gestures.ts";
import type { Ground, SessionHost } from "./host.ts";
import { answeredLate, nobodyToAsk, notKept, rejectedSwap, swapSentence } from "./swapTexts.ts";

export interface SwapDeskParts {
  readonly session: string;
  readonly host: Pick<SessionHost, "swaps" | "toolchain" | "processes" | "approvals">;
  readonly ground: () => Ground;
  readonly grants: Pick<Grants, "asAsked">;
  readonly gestures: Pick<Gestures, "record">;
  readonly followUps: Pick<FollowUps, "decided" | "asAsked">;
  readonly why: () => string | undefined;
  /** Aborts when the person stops the turn. */
  readonly stopped: () => AbortSignal;
  /** What the other program would write, shown with the call that asked. */
  readonly show: (call: string, diffs: readonly FileDiff[]) => void;
  readonly onProblem: (problem: Problem) => void;
}

/** A command that waits for the answer, or whose agent stopped waiting. */
interface Waiting {
  readonly call: Call;
  readonly asked: string;
  left: boolean;
}

/** What is asked about a project at this moment. */
interface Question {
  readonly swap: OfferedSwap;
  readonly waiting: Set<Waiting>;
  /** Set once the person is asked. */
  approval: string | undefined;
  readonly answer: Promise<SwapAnswer>;
}

/** The question belongs to the project: the store withdraws it when the session ends, and the desk when its turn is stopped. */
const HELD = new AbortController().signal;
/** Files that a card names one by one; all of them stand in the row. */
const MAX_NAMED = 5;
/** Commands whose agent stopped waiting, and that it is told of. */
const MAX_LEFT = 20;

/**
 * Asks, for one session, whether another program may answer for one that a project doesn't have: once for each such program in a
 * project, and one at a time. All commands that need the answer wait for it at the door, by whichever doorway they came.
 */
export class SwapDesk implements SwapGate {
  readonly #parts: SwapDeskParts;
  /** By the project's folder. */
  readonly #open = new Map<string, Question>();
  readonly #writes = new WeakMap<Call, Promise<readonly FileDiff[]>>();
  #nobodyThere = false;

  constructor(parts: SwapDeskParts) {
    this.#parts = parts;
  }

  async answerFor(
    considered: Considered,
    call: Call,
    request: Pick<DoorRequest, "signal" | "carriesReason">,
  ): Promise<SwapAnswer | null> {
    const offered = considered.swaps.find(({ accepted }) => !accepted);
    if (offered === undefined) return null;
    if (this.#nobodyThere) return { by: "nobody", problem: nobodyToAsk(offered) };
    const swap = inProject(offered, this.#parts.ground());
    const question = this.#open.get(swap.root) ?? this.#ask(offered, considered, call, request);
    const answer = await this.#wait(question, { call, asked: considered.asked, left: false }, request.signal);
    // About another program of the project: what was said may mean this one, too.
    return answer === "gone" || question.swap.rule === swap.rule ? answer : "anew";
  }

  /** Each call is looked at once, however many doorways see it. */
  writesOf(considered: Considered, call: Call): Promise<readonly FileDiff[]> {
    const writing = rehearsedSwaps(considered);
    if (writing.length === 0) return Promise.resolve([]);
    const known = this.#writes.get(call) ?? Promise.all(writing.map((swap) => this.#diffs(swap))).then(flat);
    this.#writes.set(call, known);
    return known;
  }

  async #diffs(swap: OfferedSwap): Promise<readonly FileDiff[]> {
    const { toolchain, processes } = this.#parts.host;
    const files = await wouldWrite(swap, toolchain, processes);
    return files.map(({ path, oldText, newText }) => fileDiff(path, oldText, newText));
  }

  /** Waits for the answer, for the agent that stops waiting, or for the person who stops the turn. */
  #wait(question: Question, waiting: Waiting, channel: AbortSignal): Promise<SwapAnswer> {
    const stopped = this.#parts.stopped();
    for (const other of question.waiting) {
      // The same again: what it was to be told of the first try, it is answered now.
      if (other.left && other.asked === waiting.asked) question.waiting.delete(other);
    }
    question.waiting.add(waiting);
    return new Promise((resolve, reject) => {
      const over = new AbortController();
      const settle = (answer: SwapAnswer): void => {
        over.abort();
        resolve(answer);
      };
      const leave = (): void => {
        waiting.left = true;
        if (stopped.aborted) this.#drop(question, waiting);
        settle("gone");
      };
      if (channel.aborted || stopped.aborted) return leave();
      channel.addEventListener("abort", leave, { once: true, signal: over.signal });
      stopped.addEventListener("abort", leave, { once: true, signal: over.signal });
      question.answer.then(settle, (error: unknown) => {
        over.abort();
        reject(error);
      });
    });
  }

  /** The person stopped the turn: what nobody wants to know any more is not asked. */
  #drop(question: Question, waiting: Waiting): void {
    question.waiting.delete(waiting);
    const { approval } = question;
    if (question.waiting.size > 0 || approval === undefined) return;
    this.#parts.host.approvals.settle(approval, "reject", "cancelled");
  }

  #ask(
    swap: OfferedSwap,
    considered: Considered,
    call: Call,
    request: Pick<DoorRequest, "carriesReason">,
  ): Question {
    const { root } = inProject(swap, this.#parts.ground());
    const question: Question = {
      swap,
      waiting: new Set(),
      approval: undefined,
      // After the first command is among those that wait.
      answer: setImmediate().then(() => this.#settled(question, considered, call, request)),
    };
    this.#open.set(root, question);
    const close = (): void => void this.#open.delete(root);
    void question.answer.then(close, close);
    return question;
  }

  async #settled(
    question: Question,
    { asked, judgement }: Considered,
    call: Call,
    request: Pick<DoorRequest, "carriesReason">,
  ): Promise<SwapAnswer> {
    const { swap, waiting } = question;
    const { host, session, show } = this.#parts;
    const { toolchain, processes, approvals } = host;
    const [findings, diffs] = approvals.attended
      ? await Promise.all([
          // Without it a person can still decide.
          compare(swap, judgement.verdict === "allow", toolchain, processes).catch(() => undefined),
          this.#diffs(swap),
        ])
      : [undefined, []];
    if (diffs.length > 0) show(call.id, diffs);
    // Whoever stopped the turn meanwhile is not asked.
    if (waiting.size === 0) return "gone";
    const why = this.#parts.why();
    const about: Omit<Approval, "id"> = {
      session,
      call: call.id,
      kind: "swap",
      act: "command",
      asked,
      run: swap.runs,
      cwd: swap.folder,
      rule: swap.rule,
      reason: swapSentence(swap),
      swap: { tool: swap.tool, by: swap.by, ...(findings === undefined ? {} : { findings }) },
      ...(diffs.length === 0 ? {} : { diffs: diffs.slice(0, MAX_NAMED).map(({ path }) => basename(path)) }),
      ...(why === undefined ? {} : { why }),
      openedAt: Date.now(),
      choices: ["use-swap", "as-asked", "never-swap", "reject"],
      reasonGoes: request.carriesReason === true ? "answer" : "prompt",
    };
    const isSaid = (): boolean => {
      const { root, rule } = inProject(swap, this.#parts.ground());
      const { accepted, never } = host.swaps.of(root);
      return never || accepted.some((each) => each.rule === rule);
    };
    const settled = approvals.open(about, HELD, undefined, async () => (isSaid() ? "allow" : null));
    const mine = approvals.pending(session).find((each) => each.kind === "swap" && each.call === call.id);
    question.approval = mine?.id;
    return this.#answered(question, await settled);
  }

  async #answered(question: Question, { choice, by, reason }: Settlement): Promise<SwapAnswer> {
    const { swap } = question;
    if (by === "rule") return "anew";
    if (by === "nobody-there") {
      this.#nobodyThere = true;
      return { by: "nobody", problem: nobodyToAsk(swap) };
    }
    if (by === "too-many") return { by: "nobody", problem: tooManyQuestions() };
    if (by !== "person") return "gone";
    if (choice === "reject") return { by: "person", problem: rejectedSwap(swap, reason) };
    const problem = await this.#keep(swap, choice);
    if (problem !== null) {
      this.#parts.onProblem(problem);
      return { by: "nobody", problem };
    }
    this.#tell(question, choice);
    return choice === "as-asked" ? "as-asked" : "anew";
  }

  /** The record first: what can't be recorded isn't kept. */
  async #keep(swap: OfferedSwap, choice: Settlement["choice"]): Promise<Problem | null> {
    const { host, gestures, ground } = this.#parts;
    const { root, rule, tool, by } = inProject(swap, ground());
    const [words, what] =
      choice === "as-asked"
        ? [`as asked ${swap.asked}`, "routing.as-asked"]
        : choice === "use-swap"
          ? [`${by} for ${tool} in ${root}`, "swap.accepted"]
          : [`no swaps in ${root}`, "swap.never"];
    const recorded = await gestures.record(words, "person", what);
    if (!recorded.ok) return recorded.error;
    try {
      if (choice === "use-swap") await host.swaps.accept({ root, rule, tool, by });
      if (choice === "never-swap") await host.swaps.never(root);
    } catch (error) {
      return notKept(messageOf(error));
    }
    // Other sessions of the project may have asked the same.
    if (choice !== "as-asked") await host.approvals.recheck();
    return null;
  }

  /** To agents that stopped waiting, or said that their call is over, the answer is a prompt. */
  #tell({ swap, waiting }: Question, choice: Settlement["choice"]): void {
    const { followUps, grants } = this.#parts;
    const late = [...waiting].filter(({ left, call }) => left || hasEnded(call)).slice(-MAX_LEFT);
    for (const { call, asked } of late) {
      if (choice === "use-swap" || choice === "never-swap") {
        followUps.decided(answeredLate(swap, asked, choice));
      } else if (grants.asAsked.leave(call.id, Date.now()) !== null) followUps.asAsked(asked);
    }
  }
}

function flat(lists: readonly (readonly FileDiff[])[]): readonly FileDiff[] {
  return lists.flat();
}
