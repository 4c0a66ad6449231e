import { constants, type BigIntStats } from "node:fs";
import { lstat, open, readlink } from "node:fs/promises";
import { type BytePath, onDisk } from "./bytePath.ts";
import { hashOf } from "./pack.ts";
import type { Entry, EntryState, Hash, NotCovered, Uncovered } from "./point.ts";
import { listOfParts, SPLIT_FROM, splitContent } from "./split.ts";
import type { PointStore } from "./store.ts";
import { inParallel } from "./parallel.ts";

/** Files that are read at the same time. */
const PARALLEL = 16;
/** Content is gathered up to this and then written; larger files are copied by themselves. */
const BATCH_BYTES = 8 * 1024 * 1024;
const LARGE_BYTES = 2 * 1024 * 1024;
const MAX_SPLIT = 64 * 1024 * 1024;
/** A file that changed so shortly before it was read may change again without a new time (git calls it racy). */
const RACY_MS = 50;

/** What a file was when it was read: unchanged times and sizes mean unchanged content. */
interface Remembered {
  readonly size: bigint;
  readonly mtime: bigint;
  readonly ctime: bigint;
  readonly ino: bigint;
  readonly blob: Hash;
  readonly parts: readonly Hash[];
}

/** What is remembered of the files of a folder, from one point to the next. */
export type StatCache = Map<string, Remembered>;

interface Wanted {
  readonly path: BytePath;
  readonly state: EntryState;
}

interface Read {
  readonly hash: Hash;
  readonly size: number;
  readonly parts: readonly Hash[];
}

export interface Captured {
  readonly entries: readonly Entry[];
  readonly notCovered: readonly NotCovered[];
}

export interface Bounds {
  readonly fileBytes: number;
  readonly ignoredBytes: number;
  readonly ignoredTotalBytes: number;
  readonly totalBytes: number;
  readonly files: number;
}

type Found = Wanted & { readonly info: BigIntStats | null; readonly failed: boolean };

/** Reads the named files of a folder as raw bytes into a store; what it knows already is not read again. */
export class Capture {
  readonly #store: PointStore;
  readonly #used: Set<Hash>;
  #batch: { readonly hash: Hash; readonly data: Buffer }[] = [];
  #batched = 0;
  readonly #inBatch = new Set<Hash>();

  /** `used` gathers every blob that was named. */
  constructor(store: PointStore, used: Set<Hash>) {
    this.#store = store;
    this.#used = used;
  }

  async files(root: string, wanted: readonly Wanted[], cache: StatCache, bounds: Bounds): Promise<Captured> {
    const notCovered: NotCovered[] = [];
    const leave = ({ path }: Wanted, size: number, why: Uncovered): null => {
      notCovered.push({ path, size, why });
      return null;
    };
    const found = await inParallel(wanted.slice(0, bounds.files), PARALLEL, (each) => find(root, each));
    for (const each of wanted.slice(bounds.files)) leave(each, 0, "count");
    // Where not everything fits, many small files are worth more than one large one.
    const sizes = found.map(({ info }) => Number(info?.size ?? 0));
    const order = found.map((_, index) => index).sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0));
    // Those that git ignores have a room of their own: a folder full of them leaves work that git knows its place.
    const room = { ignored: bounds.ignoredTotalBytes, other: bounds.totalBytes };
    const fits = new Set(
      order.filter((index) => {
        const whose = found[index]?.state === "ignored" ? "ignored" : "other";
        return (room[whose] -= sizes[index] ?? 0) >= 0;
      }),
    );
    const entries = await inParallel(found, PARALLEL, (each, index): Promise<Entry | null> | Entry | null => {
      const { info, path, state } = each;
      const size = sizes[index] ?? 0;
      if (each.failed) return leave(each, 0, "unreadable");
      if (info === null || info.isDirectory())
        return { path, state, kind: "gone", mode: 0, size: 0, blob: null };
      if (info.isSymbolicLink()) return this.#link(root, each);
      if (!info.isFile()) return leave(each, size, "special");
      if (size > (state === "ignored" ? bounds.ignoredBytes : bounds.fileBytes))
        return leave(each, size, "size");
      if (!fits.has(index)) return leave(each, size, "total");
      return this.#file(root, each, info, cache).then((entry) => entry ?? leave(each, size, "unreadable"));
    });
    return { entries: entries.filter((entry) => entry !== null), notCovered };
  }

  /** Keeps content that lies in no file. */
  async keep(data: Buffer): Promise<Hash> {
    const hash = hashOf(data);
    await this.#add(hash, data);
    return hash;
  }

  /** Writes what was gathered. */
  async flush(): Promise<void> {
    const blobs = this.#batch;
    this.#batch = [];
    this.#batched = 0;
    this.#inBatch.clear();
    await this.#store.write(blobs);
  }

  async #link(root: string, { path, state }: Wanted): Promise<Entry | null> {
    const target = await readlink(onDisk(root, path), { encoding: "buffer" }).catch(() => null);
    if (target === null) return { path, state, kind: "gone", mode: 0, size: 0, blob: null };
    return { path, state, kind: "link", mode: 0o777, size: target.length, blob: await this.keep(target) };
  }

  async #file(
    root: string,
    { path, state }: Wanted,
    info: BigIntStats,
    cache: StatCache,
  ): Promise<Entry | null> {
    const mode = Number(info.mode) & 0o7777;
    const known = cache.get(path);
    if (known !== undefined && isSame(known, info) && this.#has(known.blob)) {
      for (const hash of [known.blob, ...known.parts]) this.#used.add(hash);
      return { path, state, kind: "file", mode, size: Number(info.size), blob: known.blob };
    }
    const read = await this.#read(onDisk(root, path), Number(info.size), state);
    if (read === null) return null;
    const racy = Date.now() - Number(info.mtimeMs) < RACY_MS;
    if (racy || read.size !== Number(info.size)) cache.delete(path);
    else {
      const { size, mtimeNs: mtime, ctimeNs: ctime, ino } = info;
      cache.set(path, { size, mtime, ctime, ino, blob: read.hash, parts: read.parts });
    }
    return { path, state, kind: "file", mode, size: read.size, blob: read.hash };
  }

  async #read(path: string | Buffer, size: number, state: EntryState): Promise<Read | null> {
    const split = state === "git" && size > SPLIT_FROM && size < MAX_SPLIT;
    if (size > LARGE_BYTES && !split) {
      // It may have grown since its size was asked.
      const copied = await this.#store.writeLarge(path, size * 2);
      if (copied === null) return null;
      this.#used.add(copied.hash);
      return { ...copied, parts: [] };
    }
    const data = await readWhole(path, size, split ? MAX_SPLIT : LARGE_BYTES * 2);
    if (data === null) return null;
    const hash = hashOf(data);
    const parts = split ? await this.#addParts(hash, data) : [];
    if (!split) await this.#add(hash, data);
    return { hash, size: data.length, parts };
  }

  async #addParts(whole: Hash, data: Buffer): Promise<readonly Hash[]> {
    const parts: Hash[] = [];
    for (const part of splitContent(data)) parts.push(await this.keep(part));
    await this.#add(whole, listOfParts(parts));
    return parts;
  }

  #has(hash: Hash): boolean {
    return this.#inBatch.has(hash) || this.#store.has(hash);
  }

  async #add(hash: Hash, data: Buffer): Promise<void> {
    this.#used.add(hash);
    if (this.#has(hash)) return;
    this.#inBatch.add(hash);
    this.#batch.push({ hash, data });
    this.#batched += data.length;
    if (this.#batched > BATCH_BYTES) await this.flush();
  }
}

async function find(root: string, wanted: Wanted): Promise<Found> {
  try {
    return { ...wanted, info: await lstat(onDisk(root, wanted.path), { bigint: true }), failed: false };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { ...wanted, info: null, failed: code !== "ENOENT" && code !== "ENOTDIR" };
  }
}

/** A file that was swapped for a link or a pipe since it was looked at is not followed, and not waited for. */
async function readWhole(path: string | Buffer, size: number, limit: number): Promise<Buffer | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(() => null);
  if (file === null) return null;
  try {
    // One byte more: a file that has grown since is read to its end.
    let buffer = Buffer.allocUnsafe(size + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      length += bytesRead;
      // A file gives less than there is room for only at its end.
      if (length < buffer.length || length > limit) break;
      buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
    }
    return length > limit ? null : Buffer.from(buffer.subarray(0, length));
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

function isSame(known: Remembered, info: BigIntStats): boolean {
  return (
    known.size === info.size &&
    known.mtime === info.mtimeNs &&
    known.ctime === info.ctimeNs &&
    known.ino === info.ino
  );
}
