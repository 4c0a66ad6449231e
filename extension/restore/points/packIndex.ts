import { type FileHandle, open } from "node:fs/promises";

/** gitformat-pack(5), "Version 2 pack-*.idx files": a magic number and the version, then 256 running counts, then the ids, sorted. */
const HEADER = Buffer.from("ff744f6300000002", "hex");
const COUNTS_BYTES = 256 * 4;
const IDS_AT = HEADER.length + COUNTS_BYTES;

/** The ids of a pack's objects, read by their first byte: those of millions of objects need not be in memory at once. */
export class PackIndex {
  readonly #file: FileHandle;
  readonly #counts: Buffer;
  readonly #idBytes: number;

  private constructor(file: FileHandle, counts: Buffer, idBytes: number) {
    this.#file = file;
    this.#counts = counts;
    this.#idBytes = idBytes;
  }

  /** `path` is that of `pack-ID.idx`, where ID is as long as the objects' are. Null where it is of another version, or none. */
  static async open(path: string): Promise<PackIndex | null> {
    const id = /([0-9a-f]+)\.idx$/.exec(path)?.[1] ?? "";
    const file = await open(path, "r").catch(() => null);
    if (file === null) return null;
    const start = Buffer.alloc(IDS_AT);
    const { bytesRead } = await file.read(start, 0, IDS_AT, 0);
    if (bytesRead === IDS_AT && start.subarray(0, HEADER.length).equals(HEADER))
      return new PackIndex(file, start.subarray(HEADER.length), id.length / 2);
    await file.close();
    return null;
  }

  /** In hexadecimal, sorted. */
  async idsFrom(firstByte: number): Promise<readonly string[]> {
    const from = firstByte === 0 ? 0 : this.#counts.readUInt32BE((firstByte - 1) * 4);
    const bytes = (this.#counts.readUInt32BE(firstByte * 4) - from) * this.#idBytes;
    const read = Buffer.alloc(bytes);
    const { bytesRead } = await this.#file.read(read, 0, bytes, IDS_AT + from * this.#idBytes);
    if (bytesRead < bytes) throw new Error("The index of a pack is cut off.");
    const text = read.toString("hex");
    const digits = this.#idBytes * 2;
    return Array.from({ length: text.length / digits }, (_, index) =>
      text.slice(index * digits, (index + 1) * digits),
    );
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
