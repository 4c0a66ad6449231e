import type { Problem } from "../../errors.ts";
import type { Git } from "../../git/run.ts";
import type { LiveSession } from "../../state/liveSessions.ts";
import { clashes } from "./clashes.ts";
import { sameFile, sameFolder, wouldConflict } from "./texts.ts";

/** In one folder, what was changed longer ago than this was seen and built upon since. */
const RECENT_MS = 30 * 60_000;

type Seen = Pick<LiveSession, "session" | "name" | "touched">;

export interface Told {
  readonly level: "info" | "warning";
  readonly problem: Problem;
}

/** What one session is told of the others of its repository: each file of each other once, and once more where it comes to a conflict. */
export class Overlaps {
  readonly #git: Git;
  readonly #told = new Set<string>();
  /** What of two trees was looked at last: the same is not looked at again. */
  readonly #looked = new Map<string, string>();

  constructor(git: Git) {
    this.#git = git;
  }

  async with(own: Seen, other: Seen): Promise<readonly Told[]> {
    const told: Told[] = [];
    for (const { here, there, paths, stamp } of pairsOf(own, other)) {
      const pair = JSON.stringify([other.session, here, there]);
      if (this.#looked.get(pair) === stamp) continue;
      this.#looked.set(pair, stamp);
      if (here === there) {
        const fresh = this.#fresh("folder", other, here, there, paths);
        if (fresh.length > 0) told.push({ level: "warning", problem: sameFolder(other.name, fresh) });
        continue;
      }
      const clashing = (await clashes(this.#git, here, there, paths)) ?? [];
      const conflicts = this.#fresh("conflict", other, here, there, clashing);
      if (conflicts.length > 0)
        told.push({ level: "warning", problem: wouldConflict(other.name, conflicts) });
      const merging = paths.filter((path) => !clashing.includes(path));
      const both = this.#fresh("file", other, here, there, merging);
      if (both.length > 0) told.push({ level: "info", problem: sameFile(other.name, both) });
    }
    return told;
  }

  /** Those that were not told yet. */
  #fresh(
    what: string,
    { session }: Seen,
    here: string,
    there: string,
    paths: readonly string[],
  ): readonly string[] {
    const keyOf = (path: string): string => JSON.stringify([what, session, here, there, path]);
    const fresh = paths.filter((path) => !this.#told.has(keyOf(path)));
    for (const path of fresh) this.#told.add(keyOf(path));
    return fresh;
  }
}

interface Pair {
  readonly here: string;
  readonly there: string;
  readonly paths: readonly string[];
  /** Another one when any of them was changed again. */
  readonly stamp: string;
}

/** Files that both changed, by the trees in which they did. */
function pairsOf(own: Seen, other: Seen): readonly Pair[] {
  const theirs = grouped(other.touched, ({ path }) => path);
  const both = own.touched.flatMap(({ tree: here, path, at }) =>
    (theirs.get(path) ?? [])
      .filter((each) => here !== each.tree || Math.abs(at - each.at) <= RECENT_MS)
      .map((each) => ({ here, there: each.tree, path, stamp: `${path} ${at} ${each.at}` })),
  );
  const pairs = grouped(both, ({ here, there }) => JSON.stringify([here, there]));
  return [...pairs.values()].flatMap((files) => {
    const [first] = files;
    if (first === undefined) return [];
    const stamp = files.map((file) => file.stamp).join("\n");
    return [{ here: first.here, there: first.there, paths: files.map(({ path }) => path), stamp }];
  });
}

function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
