import { NO_POLICY, type PolicyInForce } from "./decide.ts";
import type { PolicyState } from "./source.ts";

/** What counts where a session works in several trees of a project: the strictest of all that they say. */
export function inForceAmong(states: readonly PolicyState[]): PolicyInForce {
  const [first, ...others] = states;
  if (first === undefined) return NO_POLICY;
  if (others.length === 0) return first.inForce;
  const all = states.map(({ inForce }) => inForce);
  return {
    sides: all.flatMap(({ sides }) => sides),
    unreadable: all.find(({ unreadable }) => unreadable !== null)?.unreadable ?? null,
  };
}

export function spendLimitsOf(states: readonly PolicyState[]): {
  readonly perRun: number | null;
  readonly perDay: number | null;
} {
  return {
    perRun: least(states.map(({ settings }) => settings.spendPerRun)),
    perDay: least(states.map(({ settings }) => settings.spendPerDay)),
  };
}

function least(limits: readonly (number | null)[]): number | null {
  const set = limits.filter((limit) => limit !== null);
  return set.length === 0 ? null : Math.min(...set);
}

/** The environments that a policy names, with their hosts, in the order of their names. */
export function environmentsOf({
  user,
  accepted,
  project,
}: PolicyState): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { file } of [user, accepted, project]) {
    for (const [name, hosts] of Object.entries(file?.environments ?? {})) {
      if (hosts.length > 0) found.set(name, [...new Set([...(found.get(name) ?? []), ...hosts])]);
    }
  }
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}
