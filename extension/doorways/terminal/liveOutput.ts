import * as l10n from "@vscode/l10n";
import { createWriteStream, type WriteStream } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { PRIVATE_FILE } from "../../state/directory.ts";

/** Output arrives in many small pieces: it is told on in one piece this often. */
const FLUSH_MS = 40;
/** Bytes of one command that are shown as they come. Beyond it the whole output goes to a file. */
const LIVE_BYTES = 256 * 1024;
/** Beyond `LIVE_BYTES` only the newest of what came is shown, this much, this often. */
const SAMPLE_BYTES = 2 * 1024;
const SAMPLE_MS = 500;
/** Bytes of the file, at most. */
const FILE_BYTES = 64 * 1024 * 1024;

/** Tells a command's output on while it runs: complete while it is short, samples and a file when it is long. */
export class LiveOutput {
  readonly #tell: (text: string) => void;
  readonly #path: string;
  readonly #decoder = new StringDecoder("utf8");
  #text = "";
  #total = 0;
  #head: Buffer[] = [];
  #file: WriteStream | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `path`: the file for output beyond `LIVE_BYTES`. */
  constructor(path: string, tell: (text: string) => void) {
    this.#path = path;
    this.#tell = tell;
  }

  push(chunk: Buffer): void {
    const before = this.#total;
    this.#total += chunk.length;
    if (this.#total <= LIVE_BYTES) this.#head.push(chunk);
    else if (before < FILE_BYTES) this.#spill(chunk);
    this.#text += this.#decoder.write(chunk);
    if (this.#total > LIVE_BYTES && this.#text.length > SAMPLE_BYTES) {
      this.#text = `…${this.#text.slice(-SAMPLE_BYTES)}`;
    }
    this.#timer ??= setTimeout(() => this.#flush(), this.#total > LIVE_BYTES ? SAMPLE_MS : FLUSH_MS);
  }

  /** The command ended: tells the rest, and where the whole is. */
  async end(): Promise<void> {
    this.#text += this.#decoder.end();
    this.#flush();
    const file = this.#file;
    if (file === undefined) return;
    await new Promise<void>((resolve) => {
      file.once("error", () => resolve());
      file.end(resolve);
    });
    const cut = this.#total > FILE_BYTES;
    this.#tell(
      cut
        ? l10n.t(
            "\ninterlock: {0} bytes in all; the first {1} are in {2}\n",
            this.#total,
            FILE_BYTES,
            this.#path,
          )
        : l10n.t("\ninterlock: {0} bytes in all; the whole output is in {1}\n", this.#total, this.#path),
    );
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text === "") return;
    this.#tell(this.#text);
    this.#text = "";
  }

  #spill(chunk: Buffer): void {
    if (this.#file === undefined) {
      this.#file = createWriteStream(this.#path, { flags: "w", mode: PRIVATE_FILE });
      // A full disk costs the file, not the command.
      this.#file.on("error", () => {});
      for (const piece of this.#head) this.#file.write(piece);
      this.#head = [];
    }
    this.#file.write(chunk);
  }
}
