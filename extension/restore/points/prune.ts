import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { readJournals, isUnfinished, removeJournal } from "./journal.ts";
import type { Entry, Hash, Point, TreeState } from "./point.ts";
import { SPLIT_FROM } from "./split.ts";
import type { PointStore } from "./store.ts";

/** How many points of a folder are kept, in number, milliseconds and bytes: of their content, and of objects that only they need. */
export interface Keep {
  readonly points: number;
  readonly ageMs: number;
  readonly bytes: number;
}

const DAY_MS = 24 * 60 * 60_000;

/** Chosen: two weeks of heavy work. */
export const KEEP: Keep = { points: 500, ageMs: 14 * DAY_MS, bytes: 2 * 1024 * 1024 * 1024 };

/** What is younger may be of a point or a restore that another host is about to write. */
const YOUNG_MS = 60 * 60_000;
/** A pack of which less than this is needed is written anew. */
const WORTH_KEEPING = 0.5;
/** Small packs are put together from this number on. */
const MANY_PACKS = 64;
const SMALL_BYTES = 1024 * 1024;

/**
 * Forgets the oldest points, and what no point and no unfinished restore needs any more. The newest point stays. `since`: those from
 * before it go too, in milliseconds since the epoch.
 */
export function prune(store: PointStore, keep: Keep, now: number, since: number): Promise<void> {
  return store.locked(async () => {
    await store.refresh();
    const points = await store.points();
    const alive = points.filter(
      ({ time }, index) =>
        index === points.length - 1 ||
        (time >= Math.max(now - keep.ageMs, since) && index >= points.length - keep.points),
    );
    const needed = await neededBy(store, alive);
    const sizes = await packSizes(store);
    while (alive.length > 1 && bytesOf(store, sizes, union(needed.values())) > keep.bytes) {
      const oldest = alive.shift();
      if (oldest !== undefined) needed.delete(oldest.id);
    }
    const ids = new Set(alive.map(({ id }) => id));
    for (const { id } of points) if (!ids.has(id)) await store.removePoint(id);
    const journals = await liveJournals(store, now - keep.ageMs, ids);
    const live = new Set([...union(needed.values()), ...journals]);
    await sweep(store, live, sizes, now);
    await removeLeftovers(store, now);
  });
}

async function neededBy(
  store: PointStore,
  points: readonly Point[],
): Promise<Map<string, ReadonlySet<Hash>>> {
  const states = new Map<Hash, ReadonlySet<Hash>>();
  const blobsOf = async (hash: Hash): Promise<ReadonlySet<Hash>> => {
    const known = states.get(hash);
    if (known !== undefined) return known;
    const state = await store.readState(hash);
    const found = new Set([hash]);
    states.set(hash, found);
    if (state === null) return found;
    for (const { blob, state: kind, size } of entriesOf(state)) {
      if (blob === null) continue;
      found.add(blob);
      if (kind === "git" && size > SPLIT_FROM) for (const part of await store.partsOf(blob)) found.add(part);
    }
    for (const nested of state.nested) for (const blob of await blobsOf(nested.state)) found.add(blob);
    return found;
  };
  const needed = new Map<string, ReadonlySet<Hash>>();
  for (const { id, state } of points) needed.set(id, await blobsOf(state));
  return needed;
}

function entriesOf({ entries, git }: TreeState): readonly Entry[] {
  return git === null ? entries : [...entries, ...git.own, ...git.common];
}

/** What restores need that are unfinished, or can still be undone. */
async function liveJournals(
  store: PointStore,
  since: number,
  points: ReadonlySet<string>,
): Promise<readonly Hash[]> {
  const blobs: Hash[] = [];
  for (const journal of await readJournals(store.journals)) {
    if (!isUnfinished(journal) && (journal.time < since || !points.has(journal.before))) {
      await removeJournal(store.journals, journal.id);
      continue;
    }
    for (const { from, to } of journal.changes)
      for (const { blob } of [from, to]) if (blob !== null) blobs.push(blob, ...(await store.partsOf(blob)));
  }
  return blobs;
}

async function packSizes(store: PointStore): Promise<ReadonlyMap<string, { bytes: number; time: number }>> {
  const sizes = new Map<string, { bytes: number; time: number }>();
  for (const name of store.packs().keys()) {
    const info = await stat(store.packPath(name)).catch(() => null);
    if (info !== null) sizes.set(name, { bytes: info.size, time: info.mtimeMs });
  }
  return sizes;
}

type Sizes = Awaited<ReturnType<typeof packSizes>>;

function bytesOf(store: PointStore, sizes: Sizes, live: ReadonlySet<Hash>): number {
  let bytes = 0;
  for (const [name, hashes] of store.packs())
    bytes += (sizes.get(name)?.bytes ?? 0) * shareOf(store, hashes, live);
  return bytes;
}

/** How much of a pack is needed, from 0 to 1. */
function shareOf(store: PointStore, hashes: ReadonlySet<Hash>, live: ReadonlySet<Hash>): number {
  let [all, used] = [1, 0];
  for (const hash of hashes) {
    const size = store.sizeOf(hash) + 1;
    all += size;
    if (live.has(hash)) used += size;
  }
  return used / all;
}

/** Removes packs that nothing needs, and puts what is left of half-empty and small ones together. */
async function sweep(store: PointStore, live: ReadonlySet<Hash>, sizes: Sizes, now: number): Promise<void> {
  const old = [...store.packs()].filter(([name]) => now - (sizes.get(name)?.time ?? now) > YOUNG_MS);
  const small = old.filter(([name]) => (sizes.get(name)?.bytes ?? 0) < SMALL_BYTES).length > MANY_PACKS;
  const rewritten: string[] = [];
  const kept = new Set<Hash>();
  for (const [name, hashes] of old) {
    const used = [...hashes].filter((hash) => live.has(hash));
    const { bytes = 0 } = sizes.get(name) ?? {};
    if (shareOf(store, hashes, live) > WORTH_KEEPING && !(small && bytes < SMALL_BYTES)) continue;
    rewritten.push(name);
    for (const hash of used) kept.add(hash);
  }
  await store.rewrite(rewritten, [...kept]);
}

/** What killed hosts left. */
async function removeLeftovers(store: PointStore, now: number): Promise<void> {
  const places = [store.folder, join(store.folder, "packs"), join(store.folder, "points"), store.journals];
  for (const place of places) {
    for (const name of await readdir(place).catch(() => [])) {
      if (!/\.tmp$|^scratch-|^lock\./.test(name)) continue;
      const info = await stat(join(place, name)).catch(() => null);
      if (info !== null && now - info.mtimeMs > YOUNG_MS)
        await rm(join(place, name), { recursive: true, force: true });
    }
  }
}

function union(sets: Iterable<ReadonlySet<Hash>>): ReadonlySet<Hash> {
  const all = new Set<Hash>();
  for (const set of sets) for (const hash of set) all.add(hash);
  return all;
}
