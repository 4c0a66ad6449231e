import type { Grants } from "../approvals/grants.ts";
import { fail, ok, type Result } from "../errors.ts";
import type { CallPatch } from "../events/event.ts";
import type { FollowUps } from "./followUps.ts";
import type { Gestures } from "./gestures.ts";
import { notReady, tooLongAgo, triedAgain } from "./problems.ts";

export interface SecondTriesParts {
  readonly grants: Grants;
  readonly gestures: Gestures;
  readonly followUps: Pick<FollowUps, "retry" | "asAsked">;
  readonly emit: (call: string, patch: CallPatch) => void;
  /** False where there is no agent, or somebody else prompts it. */
  readonly takesPrompts: () => boolean;
  readonly inTerminal: boolean;
}

/** What a person has an agent try again: it is told so, and the next try passes once. */
export class SecondTries {
  readonly #parts: SecondTriesParts;

  constructor(parts: SecondTriesParts) {
    this.#parts = parts;
  }

  /** The person allows after all what the agent had stopped waiting for. False where that can't be done any more. */
  allowed(call: string): boolean {
    const { grants, emit, followUps, takesPrompts, inTerminal } = this.#parts;
    if (!takesPrompts() || grants.permits.leave(call, Date.now()) === null) return false;
    emit(call, { problem: triedAgain(!inTerminal) });
    followUps.retry(call);
    return true;
  }

  /** The person has a routed call run as it was asked: it is judged like any other. Says what keeps it from that, where something does. */
  async asAsked(call: string): Promise<Result<void>> {
    const { grants, gestures, emit, followUps, takesPrompts } = this.#parts;
    if (!takesPrompts()) return fail(notReady());
    const permit = grants.asAsked.leave(call, Date.now());
    if (permit === null) return fail(tooLongAgo());
    const recorded = await gestures.record(`as asked ${permit.shown}`, "person", "routing.as-asked");
    if (!recorded.ok) {
      grants.asAsked.revoke(permit.id);
      return recorded;
    }
    emit(call, { again: "as-asked" });
    followUps.asAsked(permit.shown);
    return ok(undefined);
  }
}
