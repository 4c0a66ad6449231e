import * as l10n from "@vscode/l10n";
import type { AgentLink } from "../acp/connection.ts";
import type { AgentEnd } from "../acp/process.ts";
import type { During } from "../doorways/mcp/mcp.ts";
import { InterlockError, type Problem } from "../errors.ts";
import type { SessionLink } from "./sessionLink.ts";

/** Calls that follow each other so closely are one turn: between them a model thinks. Chosen: most think less long. */
const IDLE_MS = 10_000;

interface Turn {
  open: number;
  idle: NodeJS.Timeout | undefined;
  readonly stop: AbortController;
  readonly answer: (reason: "end_turn" | "cancelled") => void;
}

/**
 * Stands for an agent that the editor prompts: of its turns only the calls are seen, so they make one. It begins with a call that runs
 * something, as any turn does with its restore point, and ends when none has come for a while.
 */
export class EditorLink implements SessionLink {
  readonly ended: Promise<AgentEnd>;
  readonly #begin: () => Promise<unknown>;
  readonly #idleMs: number;
  readonly #waiting: (() => void)[] = [];
  #end: (end: AgentEnd) => void = () => {};
  #turn: Turn | undefined;
  /** The session's turn as a whole: what comes before the prompt, and after the answer to it. */
  #running: Promise<unknown> | undefined;
  /** Its prompt is still to come. */
  #begins = false;
  #isClosed = false;

  /** `begin`: runs a turn of the session, which prompts this. */
  constructor(begin: () => Promise<unknown>, idleMs: number = IDLE_MS) {
    this.#begin = begin;
    this.#idleMs = idleMs;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Has a call in a turn, which begins with it where none goes on. Throws an `InterlockError` where none can begin. */
  readonly during: During = async (call) => {
    const turn = await this.#join();
    try {
      return await call(turn.stop.signal);
    } finally {
      turn.open -= 1;
      this.#whenIdle(turn);
    }
  };

  prompt(): ReturnType<AgentLink["prompt"]> {
    return new Promise((resolve) => {
      const answer: Turn["answer"] = (stopReason) => resolve({ stopReason });
      this.#begins = false;
      this.#turn = { open: 0, idle: undefined, stop: new AbortController(), answer };
      this.#whenIdle(this.#turn);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  async cancel(turn: Promise<unknown>): Promise<boolean> {
    this.#turn?.stop.abort();
    this.#over("cancelled");
    await turn;
    return true;
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#turn?.stop.abort();
    this.#over("cancelled");
    this.#end({ problem: closed(), stderr: [] });
    return Promise.resolve();
  }

  async #join(): Promise<Turn> {
    while (this.#turn === undefined) {
      if (this.#isClosed) throw new InterlockError(closed());
      const begun = new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#running ??= this.#run();
      const begins = this.#begins;
      await Promise.race([begun, this.#running]);
      // What came while a turn ended has the next; what had one begin, and stopped, has none.
      if (begins && this.#turn === undefined) throw new InterlockError(stopped());
    }
    clearTimeout(this.#turn.idle);
    this.#turn.open += 1;
    return this.#turn;
  }

  async #run(): Promise<void> {
    this.#begins = true;
    try {
      await this.#begin();
    } finally {
      this.#begins = false;
      this.#running = undefined;
    }
  }

  #whenIdle(turn: Turn): void {
    if (turn !== this.#turn || turn.open > 0) return;
    turn.idle = setTimeout(() => this.#over("end_turn"), this.#idleMs);
    turn.idle.unref();
  }

  #over(reason: "end_turn" | "cancelled"): void {
    clearTimeout(this.#turn?.idle);
    this.#turn?.answer(reason);
    this.#turn = undefined;
  }
}

/** Why a session of the editor's agent takes no prompt. */
export function promptedElsewhere(): Problem {
  return {
    code: "session.of-editor",
    message: l10n.t("This agent is prompted in the editor's chat."),
    next: l10n.t("What it runs by Interlock's tools is shown here."),
  };
}

function stopped(): Problem {
  return {
    code: "turn.stopped",
    message: l10n.t("The person stopped this before it ran."),
    next: l10n.t("Ask them what to do instead."),
  };
}

function closed(): Problem {
  return {
    code: "session.closed",
    message: l10n.t("The session was closed."),
    next: l10n.t("The next call opens another one."),
  };
}
