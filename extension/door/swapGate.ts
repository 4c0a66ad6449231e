import type { Problem } from "../errors.ts";
import type { FileDiff } from "../events/event.ts";
import type { DoorRequest } from "./act.ts";
import type { Call } from "./calls.ts";
import type { OfferedSwap } from "../toolchain/routeScript.ts";
import type { Considered } from "./considered.ts";

/**
 * What a person says of another program that could answer. `anew`: it is to be considered again, since what is accepted has changed;
 * `as-asked`: this time it runs as it was typed; `gone`: nobody waits for the answer any more.
 */
export type SwapAnswer =
  | "anew"
  | "as-asked"
  | "gone"
  | { readonly by: "person" | "nobody"; readonly problem: Problem };

/** Has a person asked, once for a project, whether another program may answer for one that it doesn't have. */
export interface SwapGate {
  /** Waits for the answer; null where nothing is to be asked. */
  answerFor(
    considered: Considered,
    call: Call,
    request: Pick<DoorRequest, "signal" | "carriesReason">,
  ): Promise<SwapAnswer | null>;
  /** What the programs that answer would write; empty where they only look, or that can't be told beforehand. */
  writesOf(considered: Considered, call: Call): Promise<readonly FileDiff[]>;
}

/** What is run in a copy first, to show what it would write: that takes seconds, in which what was judged may change. */
export function rehearsedSwaps({ swaps }: Considered): readonly OfferedSwap[] {
  return swaps.filter(({ accepted, writes }) => accepted && writes !== null);
}
