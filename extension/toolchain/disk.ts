import { readFileSync, readdirSync, statSync } from "node:fs";

/** Manifests and locks larger than this are not read: the largest lock of a real monorepo known to us has 6 MB. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** Parsed files that are kept. */
const MAX_KEPT = 400;
/**
 * A file that was changed in the instant in which it was read may change again without a new time stamp: file systems
 * count in ticks of up to 10 ms. What is younger than this when it is read is read again next time.
 */
const RACY_MS = 50;

/** What tells that a file or folder is still the one that was read. */
interface Stamp {
  readonly mtimeMs: number;
  readonly size: number;
  readonly ino: number;
}

interface Witness {
  readonly path: string;
  /** Null: there was nothing. */
  readonly stamp: Stamp | null;
}

interface Kept {
  readonly stamp: Stamp;
  readonly readAt: number;
  readonly value: unknown;
}

/** A value together with everything on the disk that it was made from. */
export interface Snapshot<Value> {
  readonly value: Value;
  readonly witnesses: readonly Witness[];
  readonly racy: boolean;
}

/** Reads what evidence is made of, and remembers parsed files as long as their stamps hold. */
export class Disk {
  readonly #kept = new Map<string, Kept>();
  /** A number for each parser: their names don't survive a minifier. */
  readonly #parsers = new Map<unknown, number>();

  /** Makes a value and notes what was looked at on the way. */
  observe<Value>(make: (reader: Reader) => Value): Snapshot<Value> {
    const witnesses = new Map<string, Stamp | null>();
    let racy = false;
    const stampOf = (path: string): Stamp | null => {
      const seen = witnesses.get(path);
      if (seen !== undefined) return seen;
      const stamp = readStamp(path);
      if (stamp !== null && Date.now() - stamp.mtimeMs < RACY_MS) racy = true;
      witnesses.set(path, stamp);
      return stamp;
    };
    const reader: Reader = {
      exists: (path) => stampOf(path) !== null,
      names: (folder) =>
        this.#keep(`names ${folder}`, stampOf(folder), () => new Set(readdirSync(folder))) ?? null,
      parsed: (path, parse) =>
        this.#keep(`${this.#numberOf(parse)} ${path}`, stampOf(path), (stamp) =>
          stamp.size > MAX_FILE_BYTES ? null : parse(readFileSync(path, "utf8"), path),
        ),
    };
    const value = make(reader);
    return {
      value,
      witnesses: [...witnesses].map(([path, stamp]) => ({ path, stamp })),
      racy,
    };
  }

  /** True while nothing that was looked at has changed. */
  holds(snapshot: Snapshot<unknown>): boolean {
    return !snapshot.racy && snapshot.witnesses.every(({ path, stamp }) => same(readStamp(path), stamp));
  }

  #numberOf(parse: unknown): number {
    const number = this.#parsers.get(parse) ?? this.#parsers.size;
    this.#parsers.set(parse, number);
    return number;
  }

  #keep<Value>(key: string, stamp: Stamp | null, read: (stamp: Stamp) => Value): Value | null {
    if (stamp === null) return null;
    const kept = this.#kept.get(key);
    if (kept && same(kept.stamp, stamp) && kept.readAt - stamp.mtimeMs >= RACY_MS) {
      return kept.value as Value;
    }
    let value: Value;
    try {
      value = read(stamp);
    } catch {
      // Gone, or not ours to read, since it was looked at: as if it were not there.
      return null;
    }
    this.#kept.delete(key);
    this.#kept.set(key, { stamp, readAt: Date.now(), value });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return value;
  }
}

/** What evidence may be made from. Nothing here throws: what can't be read is not there. */
export interface Reader {
  exists(path: string): boolean;
  /** The names in a folder; null where it is none. */
  names(folder: string): ReadonlySet<string> | null;
  /** A file, parsed; null where there is none. The result is kept for this very function. */
  parsed<Value>(path: string, parse: (text: string, path: string) => Value): Value | null;
}

function readStamp(path: string): Stamp | null {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? null : { mtimeMs: stats.mtimeMs, size: stats.size, ino: stats.ino };
  } catch {
    // ENOTDIR, EACCES, ELOOP: nothing that can be used.
    return null;
  }
}

function same(a: Stamp | null, b: Stamp | null): boolean {
  if (a === null || b === null) return a === b;
  return a.mtimeMs === b.mtimeMs && a.size === b.size && a.ino === b.ino;
}
