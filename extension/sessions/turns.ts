import type { Calls } from "../door/calls.ts";
import type { Problem } from "../errors.ts";
import type { StopReason as Ending } from "../events/event.ts";
import { askAgent } from "./askAgent.ts";
import type { Budget } from "./budget.ts";
import type { Doorways } from "./doorways.ts";
import type { FollowUp, FollowUps } from "./followUps.ts";
import type { Messages } from "./messages.ts";
import type { Protection } from "./protection.ts";
import type { Questions } from "./questions.ts";
import type { SessionLink } from "./sessionLink.ts";
import type { EventStream } from "./stream.ts";

/** What a turn works with, once the session is built. */
export interface TurnsParts {
  /** The agent's name: what a turn is called that nobody's prompt began. */
  readonly agent: string;
  readonly stream: EventStream;
  readonly messages: Pick<Messages, "startTurn">;
  readonly calls: Pick<Calls, "endTurn">;
  readonly protection: Pick<Protection, "beforeTurn" | "afterTurn">;
  readonly questions: Pick<Questions, "settle">;
  readonly doorways: Pick<Doorways, "answered"> & {
    readonly commands: Pick<Doorways["commands"], "endTurn">;
  };
  readonly budget: Pick<Budget, "turnEnded">;
  readonly followUps: Pick<FollowUps, "clear">;
  /** What an agent that ended has left is being ended. */
  readonly leaving: () => Promise<void> | undefined;
  readonly onBegun: () => void;
  readonly onEnded: () => void;
}

/** The turns of one session, one at a time. */
export class Turns {
  #count = 0;
  #running: Promise<void> | undefined;
  #stop = new AbortController();

  /** Counts from 1; 0 before the first. */
  get count(): number {
    return this.#count;
  }

  /** Resolves when the turn that goes on has ended. */
  get running(): Promise<void> | undefined {
    return this.#running;
  }

  /** Aborts when the person stops the turn. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Resolves when the turn has ended, and says how. */
  async run(parts: TurnsParts, link: SessionLink, text: string, origin: FollowUp["origin"]): Promise<Ending> {
    const { stream, messages, onBegun } = parts;
    const turn = ++this.#count;
    const started = Date.now();
    messages.startTurn();
    stream.emit({ type: "turn.started", turn, prompt: text, ...(origin ? { origin } : {}) });
    let stop: Ending = "failed";
    const running = this.#go(parts, link, text).then((answered) => {
      stop = answered;
      if (this.#stop.signal.aborted) parts.followUps.clear();
      this.#stop = new AbortController();
      this.#running = undefined;
      stream.emit({ type: "turn.ended", turn, stop, ms: Date.now() - started });
      parts.onEnded();
    });
    this.#running = running;
    onBegun();
    await running;
    return stop;
  }

  async #go(parts: TurnsParts, link: SessionLink, text: string): Promise<Ending> {
    const { agent, stream, calls, protection, questions, doorways, budget, leaving } = parts;
    const turn = this.#count;
    const failed = (problem: Problem): void => stream.notice("error", problem);
    await protection.beforeTurn(text === "" ? agent : text);
    const answered = this.#stop.signal.aborted ? "cancelled" : await askAgent(link, text, failed);
    // Nobody waits any more for what was not answered.
    questions.settle(this.#stop.signal.aborted ? "cancelled" : "gave-up");
    if (this.#stop.signal.aborted) await doorways.commands.endTurn(turn);
    if (link.isClosed) await link.ended;
    await (leaving() ?? doorways.answered());
    // Of what was under way when the person stopped it, too.
    if (this.#stop.signal.aborted) await doorways.commands.endTurn(turn);
    calls.endTurn();
    protection.afterTurn();
    budget.turnEnded();
    return answered;
  }
}
