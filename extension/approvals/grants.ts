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
  /** By session and call: each session counts its calls from one. */
  readonly #byCall = new Map<string, Grant>();
  /** By session. */
  readonly #standing = new Map<string, Set<string>>();

  issue(scope: GrantScope, doorway: Doorway): void {
    this.#byCall.set(nameOf(scope.session, scope.call), { ...scope, presented: new Set([doorway]) });
  }

  /** True when a grant covers the act: the person was asked already. */
  present(scope: GrantScope, doorway: Doorway, executes: boolean): boolean {
    const name = nameOf(scope.session, scope.call);
    const grant = this.#byCall.get(name);
    const covers =
      grant !== undefined &&
      grant.key === scope.key &&
      grant.cwd === scope.cwd &&
      scope.effects.every((effect) => grant.effects.includes(effect)) &&
      !grant.presented.has(doorway);
    if (!covers) return false;
    grant.presented.add(doorway);
    if (executes) this.#byCall.delete(name);
    return true;
  }

  /** A yes that holds for the rest of the session, such as to the first push of a branch. */
  stand(session: string, key: string): void {
    const keys = this.#standing.get(session) ?? new Set();
    this.#standing.set(session, keys.add(key));
  }

  stands(session: string, key: string): boolean {
    return this.#standing.get(session)?.has(key) ?? false;
  }

  void(session: string, call: string): void {
    this.#byCall.delete(nameOf(session, call));
  }

  /** What a person allowed for the session ends with it. */
  endSession(session: string): void {
    for (const [name, grant] of this.#byCall) if (grant.session === session) this.#byCall.delete(name);
    this.#standing.delete(session);
    this.kinds.endSession(session);
    this.permits.endSession(session);
  }
}

function nameOf(session: string, call: string): string {
  return `${session} ${call}`;
}
