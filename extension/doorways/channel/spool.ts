import { closeSync, constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { readFrame } from "./frame.ts";

/** Bytes that a system's pipe takes from one of several writers without a break, at the least (POSIX, `_POSIX_PIPE_BUF`). */
export const MAX_SPOOLED_BYTES = 512;

/**
 * A pipe into which callers say something without waiting for an answer, each in one piece. Writing to it works where nobody
 * reads any more, too: then it is lost.
 */
export class Spool {
  readonly #socket: Socket;
  /** Keeps the pipe from having an end between two callers. */
  readonly #placeholder: number;
  readonly #heard: (fields: readonly Buffer[]) => void;
  #bytes = Buffer.alloc(0);

  constructor(pipe: string, heard: (fields: readonly Buffer[]) => void) {
    const fd = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    this.#placeholder = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    this.#heard = heard;
    this.#socket = new Socket({ fd, readable: true, writable: false });
    this.#socket.unref();
    this.#socket.on("data", (chunk) => this.#read(chunk));
    this.#socket.on("error", () => {
      // Nothing more is heard.
    });
  }

  close(): void {
    this.#socket.destroy();
    closeSync(this.#placeholder);
  }

  #read(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (;;) {
      const frame = readFrame(this.#bytes);
      if (frame === null && this.#bytes.length <= MAX_SPOOLED_BYTES) return;
      // Who writes something else here can't be told from those behind it.
      if (frame === null || frame === "broken") {
        this.#bytes = Buffer.alloc(0);
        return;
      }
      this.#bytes = this.#bytes.subarray(frame.end);
      this.#heard(frame.fields);
    }
  }
}
