import type { Doorway } from "../audit/record.ts";
import type { ShellPart } from "../shell/parts.ts";
import { Kinds } from "./kinds.ts";
import { Permits } from "./permits.ts";
import { type ActScope, covers, doesNoMore } from "./scope.ts";

/** What a person's yes to one call covers. */
export interface GrantScope extends ActScope {
  readonly call: string;
  /** The commands that a line runs: each may be seen again by itself. */
  readonly parts: readonly ShellPart[];
}

interface Grant extends GrantScope {
  /** Doorways that presented it already: a second sighting there is a second act. */
  readonly presented: Set<Doorway>;
  /** Parts that ran. */
  readonly spent: Set<ShellPart>;
}

/** What still holds of what a person allowed to one session. */
export interface Given {
  readonly id: string;
  /**
   * `kind`: acts of a kind; `branch`: what is done to a branch each time; `permit`: one act, one time; `as-asked`: one act, one
   * time, without its route; `environment`: that of a project is used as it is.
   */
  readonly what: "kind" | "branch" | "permit" | "as-asked" | "environment";
  /** What it covers, as a person reads it: a command, or what is done to a branch. */
  readonly covers: string;
  /** Where it holds; null for anywhere in the project. */
  readonly cwd: string | null;
  /** When it ends by itself, in milliseconds since the epoch; null: with the session. */
  readonly until: number | null;
}

/** Questions that nobody waits for any more, and can still be allowed. */
const MAX_LAPSED = 50;
/** Routed calls that can still be run as they were asked: what a person scrolls back to. */
const MAX_ROUTED = 1_000;

const BRANCH = "branch-";
const ENVIRONMENT = "environment-";

/**
 * What a person allowed to one session; it ends with it. The same act may pass several doorways: those that only answer may
 * each present the grant once, the one that executes spends it. It is void when the call ends.
 */
export class Grants {
  readonly kinds = new Kinds();
  readonly permits = new Permits("permit", MAX_LAPSED);
  /** For what is to run as it was asked, wherever its project would send it: no yes to what it does. */
  readonly asAsked = new Permits("as-asked", MAX_ROUTED);
  /** A question may name several files: the yes to each is a grant of its own. */
  readonly #byCall = new Map<string, readonly Grant[]>();
  readonly #standing = new Set<string>();
  readonly #asItIs = new Set<string>();

  /** `more`: to one more act of the same question. Else a yes takes the place of the call's earlier one. */
  issue(scope: GrantScope, { doorway, more = false }: { doorway: Doorway; more?: boolean }): void {
    const others = more ? this.#grantsOf(scope.call).filter(({ key }) => key !== scope.key) : [];
    const grant: Grant = { ...scope, presented: new Set([doorway]), spent: new Set() };
    this.#byCall.set(scope.call, [...others, grant]);
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

  /**
   * True when a grant for a whole line covers one of its commands, which is spent by it. One whose words come at run time
   * may run any number of times, and does no more than the person was shown either way.
   */
  presentPart(line: string, act: ActScope, is: (part: ShellPart) => boolean): boolean {
    for (const grant of this.#grantsOf(line)) {
      const part = grant.parts.find((each) => !grant.spent.has(each) && is(each));
      if (part === undefined || !doesNoMore(act, grant)) continue;
      if (!part.open) grant.spent.add(part);
      return true;
    }
    return false;
  }

  /** A yes that holds for the rest of the session, such as to the first push of a branch. */
  stand(key: string): void {
    this.#standing.add(key);
  }

  stands(key: string): boolean {
    return this.#standing.has(key);
  }

  /** The environment of the project with this root is used as it is, whatever its lock says. */
  useAsItIs(root: string): void {
    this.#asItIs.add(root);
  }

  asItIs(root: string): boolean {
    return this.#asItIs.has(root);
  }

  /** What holds at this moment, in the order in which it was given. */
  given(now: number): readonly Given[] {
    return [
      ...this.kinds.allowed.map(({ id, covers, scope: { cwd } }): Given => {
        return { id, what: "kind", covers, cwd, until: null };
      }),
      ...[...this.#standing].map((key): Given => {
        return { id: `${BRANCH}${key}`, what: "branch", covers: key, cwd: null, until: null };
      }),
      ...[...this.#asItIs].map((root): Given => {
        return { id: `${ENVIRONMENT}${root}`, what: "environment", covers: root, cwd: null, until: null };
      }),
      ...this.permits.current(now).map(({ id, shown, cwd, until }): Given => {
        return { id, what: "permit", covers: shown, cwd, until };
      }),
      ...this.asAsked.current(now).map(({ id, shown, cwd, until }): Given => {
        return { id, what: "as-asked", covers: shown, cwd, until };
      }),
    ];
  }

  /** From now on it is asked again. An id that is unknown changes nothing. */
  revoke(id: string): void {
    this.kinds.revoke(id);
    this.permits.revoke(id);
    this.asAsked.revoke(id);
    if (id.startsWith(BRANCH)) this.#standing.delete(id.slice(BRANCH.length));
    if (id.startsWith(ENVIRONMENT)) this.#asItIs.delete(id.slice(ENVIRONMENT.length));
  }

  void(call: string): void {
    this.#byCall.delete(call);
  }

  #grantsOf(call: string): readonly Grant[] {
    return this.#byCall.get(call) ?? [];
  }
}
