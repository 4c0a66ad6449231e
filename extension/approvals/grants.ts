import type { Doorway } from "../audit/record.ts";
import { Kinds } from "./kinds.ts";
import { Permits } from "./permits.ts";
import { type ActScope, covers } from "./scope.ts";

/** What a person's yes to one call covers. */
export interface GrantScope extends ActScope {
  readonly call: string;
}

interface Grant extends GrantScope {
  /** Doorways that presented it already: a second sighting there is a second act. */
  readonly presented: Set<Doorway>;
}

/**
 * What a person allowed to one session; it ends with it. The same act may pass several doorways: those that only answer may
 * each present the grant once, the one that executes spends it. It is void when the call ends.
 */
export class Grants {
  readonly kinds = new Kinds();
  readonly permits = new Permits();
  /** A question may name several files: the yes to each is a grant of its own. */
  readonly #byCall = new Map<string, readonly Grant[]>();
  readonly #standing = new Set<string>();

  /** `more`: to one more act of the same question. Else a yes takes the place of the call's earlier one. */
  issue(scope: GrantScope, { doorway, more = false }: { doorway: Doorway; more?: boolean }): void {
    const others = more ? this.#grantsOf(scope.call).filter(({ key }) => key !== scope.key) : [];
    this.#byCall.set(scope.call, [...others, { ...scope, presented: new Set([doorway]) }]);
  }

  /** True when a grant covers the act: the person was asked already. */
  present(scope: GrantScope, doorway: Doorway, executes: boolean): boolean {
    const grants = this.#grantsOf(scope.call);
    const grant = grants.find((each) => covers(each, scope) && !each.presented.has(doorway));
    if (grant === undefined) return false;
    grant.presented.add(doorway);
    if (executes)
      this.#byCall.set(
        scope.call,
        grants.filter((each) => each !== grant),
      );
    return true;
  }

  /** A yes that holds for the rest of the session, such as to the first push of a branch. */
  stand(key: string): void {
    this.#standing.add(key);
  }

  stands(key: string): boolean {
    return this.#standing.has(key);
  }

  void(call: string): void {
    this.#byCall.delete(call);
  }

  #grantsOf(call: string): readonly Grant[] {
    return this.#byCall.get(call) ?? [];
  }
}
