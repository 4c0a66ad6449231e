import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import type { Hash } from "./point.ts";

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

const MAGIC = Buffer.from("ILPACK1\n");
/** Small blobs are compressed together: fewer calls, and likeness between files counts. */
const CHUNK_BYTES = 256 * 1024;
/** Offset, stored length (0: not compressed), raw length; each a 64-bit number. */
const CHUNK_ROW = 24;
/** Hash; chunk, as 32 bits; offset in the chunk and size, as 64 bits. */
const BLOB_ROW = 32 + 4 + 16;
const TRAILER = 8 + MAGIC.length;

export interface Blob {
  readonly hash: Hash;
  readonly data: Buffer;
}

/** Where a blob lies in its pack. */
export interface Place {
  readonly at: number;
  /** Compressed bytes of its chunk; 0 where the chunk is stored as it is. */
  readonly stored: number;
  readonly raw: number;
  readonly offset: number;
  readonly size: number;
}

interface Chunk {
  at: number;
  stored: number;
  raw: number;
}

export function hashOf(data: Buffer): Hash {
  return createHash("sha256").update(data).digest("hex");
}

/** A pack of blobs as the bytes of its file. */
export async function encodePack(blobs: readonly Blob[]): Promise<Buffer> {
  const groups: Blob[][] = [];
  let room = 0;
  for (const blob of blobs) {
    if (room < blob.data.length || groups.length === 0) {
      groups.push([]);
      room = CHUNK_BYTES;
    }
    groups.at(-1)?.push(blob);
    room -= blob.data.length;
  }
  const bodies = await Promise.all(groups.map((group) => encodeChunk(group)));
  let at = MAGIC.length;
  const chunks = bodies.map(({ body, raw }): Chunk => {
    const chunk = { at, stored: body.length === raw ? 0 : body.length, raw };
    at += body.length;
    return chunk;
  });
  const rows = groups.flatMap((group, chunk) => blobRows(group, chunk));
  return Buffer.concat([MAGIC, ...bodies.map(({ body }) => body), table(chunks, rows)]);
}

async function encodeChunk(group: readonly Blob[]): Promise<{ readonly body: Buffer; readonly raw: number }> {
  const raw = Buffer.concat(group.map((blob) => blob.data));
  const packed = await deflate(raw, { level: 1 });
  return { body: packed.length < raw.length ? packed : raw, raw: raw.length };
}

function blobRows(group: readonly Blob[], chunk: number): Buffer[] {
  let offset = 0;
  return group.map(({ hash, data }) => {
    const row = blobRow(hash, chunk, offset, data.length);
    offset += data.length;
    return row;
  });
}

function blobRow(hash: Hash, chunk: number, offset: number, size: number): Buffer {
  const row = Buffer.alloc(BLOB_ROW);
  row.write(hash, "hex");
  row.writeUInt32LE(chunk, 32);
  row.writeDoubleLE(offset, 36);
  row.writeDoubleLE(size, 44);
  return row;
}

function table(chunks: readonly Chunk[], rows: readonly Buffer[]): Buffer {
  const parts = chunks.map(({ at, stored, raw }) => {
    const row = Buffer.alloc(CHUNK_ROW);
    row.writeDoubleLE(at, 0);
    row.writeDoubleLE(stored, 8);
    row.writeDoubleLE(raw, 16);
    return row;
  });
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(chunks.length, 0);
  trailer.writeUInt32LE(rows.length, 4);
  return Buffer.concat([...parts, ...rows, trailer, MAGIC]);
}

/** Copies one large file into a pack of its own, and says what it holds. It may grow no larger than `limit` bytes. */
export async function copyIntoPack(
  from: FileHandle,
  to: FileHandle,
  limit: number,
): Promise<{ readonly hash: Hash; readonly size: number } | null> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  let size = 0;
  await to.write(MAGIC);
  for (;;) {
    const { bytesRead } = await from.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) break;
    size += bytesRead;
    if (size > limit) return null;
    const part = buffer.subarray(0, bytesRead);
    hash.update(part);
    await to.writeFile(part);
  }
  const digest = hash.digest("hex");
  const chunk = { at: MAGIC.length, stored: 0, raw: size };
  await to.writeFile(table([chunk], [blobRow(digest, 0, 0, size)]));
  return { hash: digest, size };
}

/** The blobs of a pack. Null for what is no whole pack. */
export async function readPackTable(path: string): Promise<ReadonlyMap<Hash, Place> | null> {
  const file = await open(path, "r").catch(() => null);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const trailer = await readAt(file, size - TRAILER, TRAILER);
    if (trailer === null || !trailer.subarray(8).equals(MAGIC)) return null;
    const [chunkCount, blobCount] = [trailer.readUInt32LE(0), trailer.readUInt32LE(4)];
    const length = chunkCount * CHUNK_ROW + blobCount * BLOB_ROW;
    const rows = await readAt(file, size - TRAILER - length, length);
    return rows === null ? null : places(rows, chunkCount, blobCount);
  } finally {
    await file.close();
  }
}

function places(rows: Buffer, chunkCount: number, blobCount: number): ReadonlyMap<Hash, Place> | null {
  const found = new Map<Hash, Place>();
  const blobs = chunkCount * CHUNK_ROW;
  for (let index = 0; index < blobCount; index++) {
    const row = rows.subarray(blobs + index * BLOB_ROW, blobs + (index + 1) * BLOB_ROW);
    const chunk = row.readUInt32LE(32) * CHUNK_ROW;
    if (chunk >= blobs) return null;
    found.set(row.toString("hex", 0, 32), {
      at: rows.readDoubleLE(chunk),
      stored: rows.readDoubleLE(chunk + 8),
      raw: rows.readDoubleLE(chunk + 16),
      offset: row.readDoubleLE(36),
      size: row.readDoubleLE(44),
    });
  }
  return found;
}

/** One blob of a pack, without a look at whether it is the right one. */
export async function readFromPack(path: string, place: Place): Promise<Buffer | null> {
  const file = await open(path, "r").catch(() => null);
  if (file === null) return null;
  try {
    if (place.stored === 0) return await readAt(file, place.at + place.offset, place.size);
    const packed = await readAt(file, place.at, place.stored);
    if (packed === null) return null;
    const raw = await inflate(packed).catch(() => null);
    return raw === null ? null : Buffer.from(raw.subarray(place.offset, place.offset + place.size));
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer | null> {
  if (at < 0 || length < 0) return null;
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, at);
  return bytesRead === length ? buffer : null;
}
