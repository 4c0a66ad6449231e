import type { Problem } from "../errors.ts";
import type { FileDiff } from "../events/event.ts";
import type { Locks, LocksOfLine } from "../toolchain/locks.ts";
import type { Call } from "./calls.ts";
import type { Considered } from "./considered.ts";

/** Keeps what would run by a lock from running by one that is stale or missing. */
export interface LockGate {
  /** Why an act can't run yet, and whose turn it is; null where it can. Who can decide it is asked beside. */
  problemOf(considered: Considered, call: Call): Promise<Problem | null>;
  /** What a change of dependencies would make of manifests and lock; empty where that can't be told beforehand. */
  changesOf(considered: Considered): Promise<readonly FileDiff[]>;
}

/** The locks that what was considered goes by; null where none matters. What changes dependencies writes the lock itself, and is asked about by that. */
export async function locksOf(
  { basis, judgement }: Considered,
  locks: Pick<Locks, "lookAt"> | null,
): Promise<LocksOfLine | null> {
  const script = basis.scripts.at(-1);
  if (script === undefined || judgement.effects.includes("deps.change")) return null;
  return (await locks?.lookAt(script)) ?? null;
}
