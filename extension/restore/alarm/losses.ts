import type { Git } from "../../git/run.ts";
import { type BytePath, shownPath } from "../points/bytePath.ts";
import { nestedRoot } from "../points/filePlan.ts";
import { NOTHING, type TreeState } from "../points/point.ts";
import type { PointStore } from "../points/store.ts";
import { type AlarmLoss, type Evidence, lossesBetween } from "./compare.ts";
import { gatherEvidence } from "./evidence.ts";

export interface LossParts {
  readonly git: Git;
  readonly store: PointStore;
  /** The objects that were kept of a repository, by its common folder. */
  readonly vault: (commonDir: string) => string;
  /** True for what the person or a seen edit changed; paths are relative to the folder. */
  readonly explained: (path: string) => boolean;
  /** True for the top folder of a repository inside that is compared by itself. */
  readonly isApart: (root: string) => boolean;
}

interface Found {
  /** Where the repository lies below the folder that is watched, with a slash at the end; empty for that one itself. */
  readonly below: string;
  readonly evidence: Evidence;
}

/** What was lost between two states of a folder, in the submodules and embedded repositories in it as well. */
export async function lossesIn(
  parts: LossParts,
  root: string,
  before: TreeState,
  now: TreeState,
): Promise<readonly AlarmLoss[]> {
  const found = await gatherAll(parts, root, before, now, "");
  // What went from one repository into another one is still there.
  const others = found.flatMap(({ evidence }) => evidence.others);
  const carried = new Set(found.flatMap(({ evidence }) => [...evidence.carried]));
  return found.flatMap(({ below, evidence }) =>
    lossesBetween({ ...evidence, others, carried }).map((loss) => within(loss, below)),
  );
}

async function gatherAll(
  parts: LossParts,
  root: string,
  before: TreeState,
  now: TreeState,
  below: string,
): Promise<readonly Found[]> {
  const { git, store, vault, explained, isApart } = parts;
  const objects = vault(before.git?.commonDir ?? `${root}/.git`);
  const isExplained = (path: string): boolean => explained(below + path);
  const evidence = await gatherEvidence({ git, store, vault: objects, root }, before, now, isExplained);
  const found: Found[] = [{ below, evidence }];
  for (const { path, state } of before.nested) {
    const there = now.nested.find((each) => each.path === path);
    if (there?.state === state || isApart(nestedRoot(root, path))) continue;
    const was = await store.readState(state);
    if (was === null) continue;
    const { path: at, is } = await nestedNow(store, path, was, before, now);
    const inner = `${below}${shownPath(path)}/`;
    found.push(...(await gatherAll(parts, nestedRoot(root, at), was, is, inner)));
  }
  return found;
}

/** A repository inside, where it lies now: it may have been moved. */
async function nestedNow(
  store: PointStore,
  path: BytePath,
  was: TreeState,
  before: TreeState,
  now: TreeState,
): Promise<{ readonly path: BytePath; readonly is: TreeState }> {
  const known = new Set(before.nested.map((each) => each.path));
  const fresh = now.nested.filter((each) => !known.has(each.path));
  const there = now.nested.find((each) => each.path === path);
  if (there !== undefined) return { path, is: (await store.readState(there.state)) ?? NOTHING };
  for (const each of fresh) {
    const is = await store.readState(each.state);
    if (is !== null && is.git !== null && is.git.head === was.git?.head) return { path: each.path, is };
  }
  return { path, is: NOTHING };
}

function within(loss: AlarmLoss, below: string): AlarmLoss {
  if (below === "") return loss;
  const folder = below.slice(0, -1);
  return loss.what === "file" || loss.what === "staged"
    ? { ...loss, path: below + loss.path }
    : { ...loss, folder };
}
