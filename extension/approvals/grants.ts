import type { Doorway } from "../audit/record.ts";
import { Kinds } from "./kinds.ts";
import { Permits } from "./permits.ts";

/** What a person's yes covers: this call, this command in this folder, these effects. */
export interface GrantScope {
  readonly session: string;
  readonly call: string;
  /** The command in canonical form (`callKey`). */
  readonly key: string;
  readonly cwd: string;
  /** Kinds of effect. */
  readonly effects: readonly string[];
}

interface Grant extends GrantScope {
  /** Doorways that presented it already: a second sighting there is a second act. */
  readonly presented: Set<Doorway>;
}

/**
 * The one-time permits that approvals issue. The same act may pass several doorways: those that only answer may
 * each present the grant once, the one that executes spends it. It is void when the call ends.
 */
export class Grants {
  readonly kinds = new Kinds();
  readonly permits = new Permits();
  readonly #byCall = new Map<string, Grant>();
  readonly #standing = new Set<string>();

  issue(scope: GrantScope, doorway: Doorway): void {
    this.#byCall.set(scope.call, { ...scope, presented: new Set([doorway]) });
  }

  /** True when a grant covers the act: the person was asked already. */
  present(scope: GrantScope, doorway: Doorway, executes: boolean): boolean {
    const grant = this.#byCall.get(scope.call);
    const covers =
      grant !== undefined &&
      grant.session === scope.session &&
      grant.key === scope.key &&
      grant.cwd === scope.cwd &&
      scope.effects.every((effect) => grant.effects.includes(effect)) &&
      !grant.presented.has(doorway);
    if (!covers) return false;
    grant.presented.add(doorway);
    if (executes) this.#byCall.delete(scope.call);
    return true;
  }

  /** A yes that holds for the rest of the session, such as to the first push of a branch. */
  stand(session: string, key: string): void {
    this.#standing.add(`${session} ${key}`);
  }

  stands(session: string, key: string): boolean {
    return this.#standing.has(`${session} ${key}`);
  }

  void(call: string): void {
    this.#byCall.delete(call);
  }

  /** What a person allowed for the session ends with it. */
  endSession(session: string): void {
    this.kinds.endSession(session);
    this.permits.endSession(session);
  }
}
