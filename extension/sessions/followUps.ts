import * as l10n from "@vscode/l10n";
import type { Approval, Settlement } from "../approvals/approval.ts";

/** A prompt that an answer of the person makes, where the answer itself could not hold it; or one of theirs that has to wait. */
export interface FollowUp {
  readonly text: string;
  readonly origin?: "reason" | "retry" | "worktree" | "answer" | undefined;
}

/** Characters of a command that are repeated to the agent that said it. */
const QUOTED = 2_000;
/** Calls that can still be tried again. */
const MAX_LAPSED = 50;

/** What is still to be said to the agent of one session when its turn is over. */
export class FollowUps {
  #waiting: readonly FollowUp[] = [];
  readonly #onDecided: () => void;
  /** What was asked by calls whose agent stopped waiting. */
  readonly #lapsed = new Map<string, string>();

  /** `onDecided`: something is to be said that no call waits for. */
  constructor(onDecided: () => void) {
    this.#onDecided = onDecided;
  }

  settled({ call, asked, run, edited, reasonGoes }: Approval, { by, reason }: Settlement): void {
    if (by === "gave-up") {
      this.#lapsed.set(call, edited === true ? (run ?? asked) : asked);
      const [oldest] = this.#lapsed.keys();
      if (this.#lapsed.size > MAX_LAPSED && oldest !== undefined) this.#lapsed.delete(oldest);
    }
    if (reason === undefined || reasonGoes === "answer") return;
    this.#add("reason", l10n.t("I rejected `{0}`: {1}", quoted(asked), reason));
  }

  /** The person sent on to a worktree what the agent asked for. */
  moved(asked: string, branch: string, folder: string, carried: number): void {
    const text = l10n.t(
      "Don't run `{0}` there. Go on at branch {1}, in the worktree {2}: begin with `cd {2}`, and leave the folder that you were in as it is.",
      quoted(asked),
      branch,
      folder,
    );
    const there = l10n.t("What was changed in this session is there already ({0} files).", carried);
    this.#add("worktree", carried === 0 ? text : `${text} ${there}`);
  }

  /** A prompt that can't be sent yet: it goes when prompts are taken again, before all else. */
  keep(followUp: FollowUp): void {
    this.#waiting = [followUp, ...this.#waiting];
  }

  retry(call: string): void {
    const asked = this.#lapsed.get(call);
    this.#lapsed.delete(call);
    if (asked === undefined) return;
    const text = l10n.t(
      "You stopped waiting before I answered. I allow `{0}` once: try it again now.",
      quoted(asked),
    );
    this.#add("retry", text);
    this.#onDecided();
  }

  /** The person has a routed command run as it was asked. */
  asAsked(asked: string): void {
    this.decided(
      l10n.t("Run `{0}` again: this once it runs as you typed it, if it is allowed.", quoted(asked)),
    );
  }

  /** What the person decided, beside an answer that a call waits for. */
  decided(text: string): void {
    this.#add("answer", text);
    this.#onDecided();
  }

  /** The agent knows it by now. */
  withdraw(text: string): void {
    this.#waiting = this.#waiting.filter((each) => each.text !== text);
  }

  /** All of it as one prompt; undefined where nothing is to be said. */
  take(): FollowUp | undefined {
    const [first] = this.#waiting;
    const text = this.#waiting.map((each) => each.text).join("\n\n");
    this.#waiting = [];
    return first === undefined ? undefined : { text, origin: first.origin };
  }

  /** The person stopped the turn, and has the word. */
  clear(): void {
    this.#waiting = [];
  }

  #add(origin: FollowUp["origin"], text: string): void {
    this.#waiting = [...this.#waiting, { origin, text }];
  }
}

function quoted(asked: string): string {
  return asked.length > QUOTED ? `${asked.slice(0, QUOTED)}…` : asked;
}
