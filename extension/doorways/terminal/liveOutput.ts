import * as l10n from "@vscode/l10n";
import { once } from "node:events";
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { dirname } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { messageOf } from "../../errors.ts";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "../../state/directory.ts";

/** Output arrives in many small pieces: it is told on in one piece this often. */
const FLUSH_MS = 40;
/** Bytes of one command that are shown as they come. Beyond it the whole output goes to a file. */
const LIVE_BYTES = 256 * 1024;
/** Beyond `LIVE_BYTES` only the newest of what came is shown, this much, this often. */
const SAMPLE_BYTES = 2 * 1024;
const SAMPLE_MS = 500;
/** Bytes of the file, at most. Chosen: a day of a chatty server; a runaway loop must not fill the disk. */
const FILE_BYTES = 256 * 1024 * 1024;

/** Tells a command's output on while it runs: complete while it is short, samples and a file when it is long. */
export class LiveOutput {
  readonly #tell: (text: string) => void;
  readonly #path: string;
  readonly #decoder = new StringDecoder("utf8");
  #text = "";
  #total = 0;
  #written = 0;
  #head: Buffer[] = [];
  #file: WriteStream | undefined;
  /** Why the file lacks something. */
  #failure: unknown;
  #timer: NodeJS.Timeout | undefined;

  /** `path`: the file for output beyond `LIVE_BYTES`. */
  constructor(path: string, tell: (text: string) => void) {
    this.#path = path;
    this.#tell = tell;
  }

  /** False when the file can't keep up: then more is welcome once it `drained`. */
  push(chunk: Buffer): boolean {
    this.#total += chunk.length;
    let keepsUp = true;
    if (this.#total <= LIVE_BYTES) this.#head.push(chunk);
    else keepsUp = this.#spill(chunk);
    this.#text += this.#decoder.write(chunk);
    if (this.#total > LIVE_BYTES && this.#text.length > SAMPLE_BYTES) {
      this.#text = `…${this.#text.slice(-SAMPLE_BYTES)}`;
    }
    this.#timer ??= setTimeout(() => this.#flush(), this.#total > LIVE_BYTES ? SAMPLE_MS : FLUSH_MS);
    return keepsUp;
  }

  async drained(): Promise<void> {
    const file = this.#file;
    if (file === undefined || !file.writableNeedDrain || file.destroyed) return;
    // An error ends the waiting too.
    await once(file, "drain").catch(() => {});
  }

  /** The command ended: tells the rest, and where the whole is. */
  async end(): Promise<void> {
    this.#text += this.#decoder.end();
    this.#flush();
    this.#head = [];
    const file = this.#file;
    if (file === undefined) return;
    await new Promise<void>((resolve) => {
      file.once("close", resolve);
      file.end();
      if (file.closed) resolve();
    });
    this.#tell(`\n${this.#whereabouts()}\n`);
  }

  #whereabouts(): string {
    if (this.#failure !== undefined) {
      return l10n.t(
        "interlock: {0} bytes in all; what is not shown is lost: {1}",
        this.#total,
        messageOf(this.#failure),
      );
    }
    return this.#written < this.#total
      ? l10n.t(
          "interlock: {0} bytes in all; the first {1} are in {2}",
          this.#total,
          this.#written,
          this.#path,
        )
      : l10n.t("interlock: {0} bytes in all; the whole output is in {1}", this.#total, this.#path);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text === "") return;
    this.#tell(this.#text);
    this.#text = "";
  }

  #spill(chunk: Buffer): boolean {
    if (this.#file === undefined) {
      this.#file = this.#create();
      for (const piece of this.#head) this.#write(this.#file, piece);
      this.#head = [];
    }
    return this.#write(this.#file, chunk);
  }

  /** A full disk costs the file, not the command. */
  #create(): WriteStream {
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: PRIVATE_FOLDER });
    } catch {
      // Opening the file says the same.
    }
    const file = createWriteStream(this.#path, { flags: "w", mode: PRIVATE_FILE });
    file.on("error", (error) => (this.#failure = error));
    return file;
  }

  #write(file: WriteStream, chunk: Buffer): boolean {
    const piece = chunk.subarray(0, Math.max(0, FILE_BYTES - this.#written));
    if (piece.length === 0 || this.#failure !== undefined) return true;
    this.#written += piece.length;
    return file.write(piece);
  }
}
