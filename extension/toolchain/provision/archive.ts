import { Readable } from "node:stream";
import { createGunzip, createInflateRaw } from "node:zlib";

/** What an archive holds under a name, as a stream; null where it holds nothing under it. The other entries are passed over. */
export async function entryIn(archive: Buffer, name: string): Promise<Readable | null> {
  return archive.readUInt32LE(0) === ZIP_ENTRY ? inZip(archive, name) : inTarball(archive, name);
}

/** Signatures of a ZIP's parts (PKWARE's APPNOTE, 4.3). */
const ZIP_ENTRY = 0x04034b50;
const ZIP_LISTED = 0x02014b50;
const ZIP_END = 0x06054b50;
/** The bytes of each part before the names that follow it. */
const ENTRY_BYTES = 30;
const LISTED_BYTES = 46;
const END_BYTES = 22;
const STORED = 0;
const DEFLATED = 8;

/** By the list at the archive's end, which is what counts in a ZIP. */
function inZip(archive: Buffer, name: string): Readable | null {
  const end = archive.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"), archive.length - END_BYTES);
  if (end === -1 || archive.readUInt32LE(end) !== ZIP_END) return null;
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (archive.readUInt32LE(at) !== ZIP_LISTED) return null;
    const [names, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const start = at + LISTED_BYTES;
    if (archive.toString("utf8", start, start + (names ?? 0)) === name) return zipped(archive, at);
    at = start + (names ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return null;
}

function zipped(archive: Buffer, listed: number): Readable | null {
  const method = archive.readUInt16LE(listed + 10);
  const size = archive.readUInt32LE(listed + 20);
  const entry = archive.readUInt32LE(listed + 42);
  // The entry's own fields before its data can be longer than those of the list.
  const start = entry + ENTRY_BYTES + archive.readUInt16LE(entry + 26) + archive.readUInt16LE(entry + 28);
  const data = Readable.from([archive.subarray(start, start + size)]);
  if (method === STORED) return data;
  return method === DEFLATED ? data.pipe(createInflateRaw()) : null;
}

/** A tar's blocks, and where a header has the name, the size in octal, and the kind of entry (POSIX `pax`, "ustar"). */
const BLOCK = 512;
const NAME = [0, 100] as const;
const SIZE = [124, 136] as const;
const KIND = 156;
const FILE_KINDS = new Set(["0", "\0"]);

async function inTarball(archive: Buffer, name: string): Promise<Readable | null> {
  const blocks = blocksOf(Readable.from([archive]).pipe(createGunzip()));
  for (let header = await blocks.take(BLOCK); header !== null; header = await blocks.take(BLOCK)) {
    const size = Number.parseInt(header.toString("latin1", ...SIZE), 8) || 0;
    const kind = header.toString("latin1", KIND, KIND + 1);
    const named = header.toString("utf8", ...NAME).replace(/\0.*$/s, "");
    if (named === name && FILE_KINDS.has(kind)) return Readable.from(blocks.stream(size));
    await blocks.pass(Math.ceil(size / BLOCK) * BLOCK);
  }
  return null;
}

/** Reads a stream by numbers of bytes. */
function blocksOf(source: Readable) {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  async function* stream(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0;) {
      if (rest.length === 0) {
        const { value, done } = await chunks.next();
        if (done === true) throw new Error("The archive ends too early.");
        rest = value;
      }
      const part = rest.subarray(0, left);
      rest = rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }
  return {
    stream,
    /** Null where there are no more. */
    async take(bytes: number): Promise<Buffer | null> {
      const parts: Buffer[] = [];
      try {
        for await (const part of stream(bytes)) parts.push(part);
      } catch {
        return null;
      }
      return Buffer.concat(parts);
    },
    async pass(bytes: number): Promise<void> {
      for await (const _ of stream(bytes));
    },
  };
}
