import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { PRIVATE_FILE, privateFolder, writeAtomically } from "../../state/directory.ts";
import { withLock } from "../../state/lock.ts";
import {
  type Blob,
  copyIntoPack,
  encodePack,
  hashOf,
  type Place,
  readFromPack,
  readPackTable,
} from "./pack.ts";
import { readParts } from "./split.ts";
import { type Hash, type Point, readPoint, readState, type TreeState } from "./point.ts";

const PACK = ".pack";
/** A list of parts is short: 64 MiB of content in parts of 8 KiB. */
const MAX_LIST = 1024 * 1024;

interface Located extends Place {
  readonly pack: string;
}

/** The points of one folder on the disk: `points/ID.json` and the packs with their content. */
export class PointStore {
  readonly folder: string;
  readonly root: string;
  readonly #packs: string;
  readonly #points: string;
  readonly #known = new Map<string, ReadonlySet<Hash>>();
  readonly #blobs = new Map<Hash, Located>();

  /** `stateDirectory` is shared by all hosts; `root` is the folder that the points are of. */
  constructor(stateDirectory: string, root: string) {
    this.root = root;
    this.folder = join(stateDirectory, "restore", keyOf(root));
    this.#packs = join(this.folder, "packs");
    this.#points = join(this.folder, "points");
  }

  get journals(): string {
    return join(this.folder, "journals");
  }

  async open(): Promise<void> {
    await Promise.all([this.#packs, this.#points, this.journals].map((each) => privateFolder(each)));
    await this.refresh();
  }

  /** Learns of packs that came and went since: other hosts write and prune too. */
  async refresh(): Promise<void> {
    const names = new Set((await readdir(this.#packs)).filter((name) => name.endsWith(PACK)));
    for (const [pack, hashes] of this.#known) {
      if (names.has(pack)) continue;
      this.#known.delete(pack);
      for (const hash of hashes) if (this.#blobs.get(hash)?.pack === pack) this.#blobs.delete(hash);
      // A blob can lie in two packs: those that are left are learned anew.
      for (const [other, there] of this.#known)
        if (hashes.size > 0 && shares(hashes, there)) this.#known.delete(other);
    }
    await Promise.all([...names].filter((name) => !this.#known.has(name)).map((name) => this.#learn(name)));
  }

  async #learn(pack: string): Promise<void> {
    const places = await readPackTable(join(this.#packs, pack));
    if (places === null) return;
    this.#known.set(pack, new Set(places.keys()));
    for (const [hash, place] of places) this.#blobs.set(hash, { ...place, pack });
  }

  has(hash: Hash): boolean {
    return this.#blobs.has(hash);
  }

  /** Bytes of a blob; 0 where it isn't here. */
  sizeOf(hash: Hash): number {
    return this.#blobs.get(hash)?.size ?? 0;
  }

  /** The content of a blob, checked. Null where it is gone or damaged. */
  async read(hash: Hash): Promise<Buffer | null> {
    if (!this.has(hash)) await this.refresh();
    const found = await this.#readHere(hash);
    if (found !== null) return found;
    // Another host may have put packs together since.
    await this.refresh();
    return this.#readHere(hash);
  }

  async #readHere(hash: Hash): Promise<Buffer | null> {
    const data = await this.#readRaw(hash);
    if (data === null || hashOf(data) === hash) return data;
    const parts = readParts(data);
    if (parts === null) return null;
    const read = await Promise.all(parts.map((part) => this.#readRaw(part)));
    if (read.some((part) => part === null)) return null;
    const whole = Buffer.concat(read.filter((part) => part !== null));
    return hashOf(whole) === hash ? whole : null;
  }

  /** What is stored under a hash: content, or the list of its parts. */
  async #readRaw(hash: Hash): Promise<Buffer | null> {
    const place = this.#blobs.get(hash);
    return place === undefined ? null : readFromPack(join(this.#packs, place.pack), place);
  }

  /** The parts that content was split into; none where it wasn't. */
  async partsOf(hash: Hash): Promise<readonly Hash[]> {
    const data = this.sizeOf(hash) > MAX_LIST ? null : await this.#readRaw(hash);
    return data === null || hashOf(data) === hash ? [] : (readParts(data) ?? []);
  }

  async readState(hash: Hash): Promise<TreeState | null> {
    const data = await this.read(hash);
    return data === null ? null : readState(data.toString("utf8"));
  }

  /** Writes blobs that aren't here yet. They belong to nothing until a point names them. */
  async write(blobs: readonly Blob[]): Promise<void> {
    const fresh = blobs.filter((blob) => !this.has(blob.hash));
    if (fresh.length === 0) return;
    const name = `${randomUUID()}${PACK}`;
    await writeAtomically(join(this.#packs, name), await encodePack(fresh), { mode: PRIVATE_FILE });
    await this.#learn(name);
  }

  /** Replaces packs by one with what is still needed of them. Under the lock. */
  async rewrite(packs: readonly string[], needed: readonly Hash[]): Promise<void> {
    const elsewhere = new Set<Hash>();
    for (const [name, hashes] of this.#known)
      if (!packs.includes(name)) for (const hash of hashes) elsewhere.add(hash);
    const moved: Blob[] = [];
    for (const hash of needed.filter((each) => !elsewhere.has(each))) {
      const data = await this.#readRaw(hash);
      // What is damaged already can't be saved.
      if (data !== null) moved.push({ hash, data });
    }
    if (moved.length > 0) {
      const name = `${randomUUID()}${PACK}`;
      await writeAtomically(join(this.#packs, name), await encodePack(moved), {
        mode: PRIVATE_FILE,
        sync: true,
      });
    }
    for (const name of packs) await rm(join(this.#packs, name), { force: true });
    await this.refresh();
  }

  /** Copies a large file in. Null where it can't be read, or is larger than `limit` bytes. */
  async writeLarge(
    path: string | Buffer,
    limit: number,
  ): Promise<{ readonly hash: Hash; readonly size: number } | null> {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const from = await open(path, flags).catch(() => null);
    if (from === null) return null;
    const name = `${randomUUID()}${PACK}`;
    const temporary = join(this.#packs, `.${name}.tmp`);
    try {
      const to = await open(temporary, "wx", PRIVATE_FILE);
      const copied = await copyAndClose(from, to, limit);
      if (copied === null || this.has(copied.hash)) {
        await rm(temporary, { force: true });
        return copied;
      }
      await rename(temporary, join(this.#packs, name));
      await this.#learn(name);
      return copied;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      await from.close();
    }
  }

  /**
   * Adds a point. False where some of what it names was pruned meanwhile by another host: then it must be captured
   * anew.
   */
  addPoint(point: Point, blobs: ReadonlySet<Hash>): Promise<boolean> {
    return this.locked(async () => {
      const packs = new Set(await readdir(this.#packs));
      for (const hash of [point.state, ...blobs]) {
        const place = this.#blobs.get(hash);
        if (place === undefined || !packs.has(place.pack)) return false;
      }
      const text = `${JSON.stringify(point)}\n`;
      await writeAtomically(join(this.#points, `${point.id}.json`), text, { mode: PRIVATE_FILE });
      return true;
    });
  }

  /** All points, the oldest first. What can't be read is passed over. */
  async points(): Promise<readonly Point[]> {
    const names = await pointFiles(this.#points);
    const read = names.map(async (name) =>
      readPoint(await readFile(join(this.#points, name), "utf8").catch(() => "")),
    );
    return (await Promise.all(read)).filter((point) => point !== null);
  }

  async removePoint(id: string): Promise<void> {
    await rm(join(this.#points, `${id}.json`), { force: true });
  }

  /** Packs by name, with what they hold. */
  packs(): ReadonlyMap<string, ReadonlySet<Hash>> {
    return this.#known;
  }

  packPath(name: string): string {
    return join(this.#packs, name);
  }

  locked<Value>(work: () => Promise<Value>): Promise<Value> {
    return withLock(join(this.folder, "lock"), work);
  }
}

async function copyAndClose(
  from: FileHandle,
  to: FileHandle,
  limit: number,
): ReturnType<typeof copyIntoPack> {
  try {
    return await copyIntoPack(from, to, limit);
  } finally {
    await to.close();
  }
}

/**
 * When the oldest point of some folders was kept, or the earliest of their newest ones, which always stay. The folders are named by
 * their places in the state directory; now where they have none.
 */
export async function earliestPoint(
  stateDirectory: string,
  keys: readonly string[],
  which: "oldest" | "newest",
): Promise<number> {
  let earliest = Date.now();
  for (const key of keys) {
    const folder = join(stateDirectory, "restore", key, "points");
    const name = (await pointFiles(folder)).at(which === "oldest" ? 0 : -1);
    const info = name === undefined ? null : await stat(join(folder, name)).catch(() => null);
    earliest = Math.min(earliest, info?.mtimeMs ?? earliest);
  }
  return earliest;
}

/** The oldest first. */
export async function pointFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^[\w-]+\.json$/.test(name)).sort();
}

function shares(one: ReadonlySet<Hash>, other: ReadonlySet<Hash>): boolean {
  for (const hash of one) if (other.has(hash)) return true;
  return false;
}

/** Whether points of a folder were ever kept. */
export async function hasPoints(stateDirectory: string, root: string): Promise<boolean> {
  const folder = join(stateDirectory, "restore", keyOf(root), "points");
  return (await readdir(folder).catch(() => [])).length > 0;
}

/** The name of a folder's place in the state directory. */
export function keyOf(root: string): string {
  return createHash("sha256").update(root).digest("hex").slice(0, 24);
}
