import type { FileDiff } from "../../events/event.ts";
import { fileDiff, freshEffort } from "../fs/diffs.ts";

/** A change of a file as an agent tells it. Null old text means a new file. */
export interface ToldDiff {
  /** Absolute. */
  readonly path: string;
  readonly oldText: string | null;
  readonly newText: string;
}

interface Compared {
  readonly told: ToldDiff;
  readonly diff: FileDiff;
}

/**
 * The diffs of one call. Agents repeat them with each update, and some send them while they grow: what was compared is
 * not compared again, and all updates before the last share what comparing may take.
 */
export class CallDiffs {
  #compared: readonly Compared[] = [];
  readonly #effort = freshEffort();

  /** The diffs as they are now; null where nothing is new. `last`: the call is over. */
  take(told: readonly ToldDiff[], last: boolean): readonly FileDiff[] | null {
    const before = this.#compared;
    const isSettled = ({ diff }: Compared): boolean => !last || diff.coarse !== true;
    const repeated =
      told.length === before.length &&
      before.every((each, at) => isSettled(each) && isSame(each.told, told[at]));
    if (told.length === 0 || repeated) return null;
    const known = new Map(before.filter(isSettled).map((each) => [each.told.path, each]));
    const effort = last ? freshEffort() : this.#effort;
    this.#compared = told.map((each) => {
      const same = known.get(each.path);
      if (same !== undefined && isSame(same.told, each)) return same;
      return { told: each, diff: fileDiff(each.path, each.oldText, each.newText, effort) };
    });
    return this.#compared.map(({ diff }) => diff);
  }
}

function isSame(one: ToldDiff, other: ToldDiff | undefined): boolean {
  return one.path === other?.path && one.oldText === other.oldText && one.newText === other.newText;
}
