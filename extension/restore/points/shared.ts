import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { PackIndex } from "./packIndex.ts";

/** A pack that the repository has no more, and which of its objects nothing else holds that stays as long. */
export interface GonePack {
  /** Without the ending. */
  readonly name: string;
  readonly when: number;
  readonly lacked: readonly string[];
  /** Some of its objects lie elsewhere. */
  readonly shares: boolean;
}

/** What is held though the repository gave it up, told apart by object and not by file: a repack only moves them. */
export interface Shared {
  /** The newest first: an older one may share what a newer one holds. */
  readonly packs: readonly GonePack[];
  /** Files of single objects that lie elsewhere too. */
  readonly loose: readonly string[];
}

interface Holder {
  readonly name: string;
  readonly when: number;
  readonly index: PackIndex;
  readonly lacked: string[];
  shares: boolean;
}

/**
 * `objects`: where they are held; `gone`: files there that the repository has no more, and when that was seen first. Throws where an
 * index can't be read: then it isn't known.
 */
export async function findShared(objects: string, gone: ReadonlyMap<string, number>): Promise<Shared> {
  const opened: PackIndex[] = [];
  const held: PackIndex[] = [];
  const packs: Holder[] = [];
  try {
    for (const file of await readdir(join(objects, "pack")).catch(() => [])) {
      if (!file.endsWith(".idx")) continue;
      const name = `pack/${file.slice(0, -".idx".length)}`;
      const when = gone.get(`${name}.pack`);
      const index = await PackIndex.open(join(objects, `${name}.idx`));
      if (index !== null) opened.push(index);
      if (when === undefined) held.push(...(index === null ? [] : [index]));
      else if (index === null) throw new Error("The index of a pack can't be read.");
      else packs.push({ name, when, index, lacked: [], shares: false });
    }
    packs.sort((one, other) => other.when - one.when || (one.name < other.name ? -1 : 1));
    const loose: string[] = [];
    for (let first = 0; first < 256; first++)
      loose.push(...(await sortOut(objects, gone, { held, packs }, first)));
    return { packs, loose };
  } finally {
    await Promise.all(opened.map((index) => index.close()));
  }
}

/** The objects whose ids begin with one byte. Returns the files of those that are shared. */
async function sortOut(
  objects: string,
  gone: ReadonlyMap<string, number>,
  { held, packs }: { readonly held: readonly PackIndex[]; readonly packs: readonly Holder[] },
  first: number,
): Promise<readonly string[]> {
  const folder = first.toString(16).padStart(2, "0");
  const seen = new Set<string>();
  for (const index of held) for (const id of await index.idsFrom(first)) seen.add(id);
  const files = (await readdir(join(objects, folder)).catch(() => [])).map((name) => `${folder}/${name}`);
  const given: (readonly [path: string, when: number])[] = [];
  for (const path of files) {
    const when = gone.get(path);
    if (when === undefined) seen.add(path.replace("/", ""));
    else given.push([path, when]);
  }
  given.sort(([, one], [, other]) => other - one);
  const shared: string[] = [];
  const passLoose = (until: number): void => {
    while ((given[0]?.[1] ?? -1) > until) {
      const [path = ""] = given.shift() ?? [];
      const id = path.replace("/", "");
      if (seen.has(id)) shared.push(path);
      seen.add(id);
    }
  };
  // What is given up later stays longer, and so holds for what goes before it.
  for (const pack of packs) {
    passLoose(pack.when);
    for (const id of await pack.index.idsFrom(first)) {
      if (seen.has(id)) pack.shares = true;
      else pack.lacked.push(id);
      seen.add(id);
    }
  }
  passLoose(-1);
  return shared;
}
