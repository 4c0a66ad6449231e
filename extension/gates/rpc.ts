import type { Readable, Writable } from "node:stream";

/** A message longer than this is no answer about a file: the server is given up. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** A header has two lines. */
const MAX_HEADER_BYTES = 4_096;
const METHOD_NOT_FOUND = -32_601;

/** What a server asks of its client, by method. Undefined: the method is not known here. */
export type Answer = (method: string, params: unknown) => unknown;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Message {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** JSON-RPC 2.0 over a program's standard streams, framed as the Language Server Protocol does (3.17, "Base Protocol"). */
export class Rpc {
  readonly #out: Writable;
  readonly #answer: Answer;
  readonly #waiting = new Map<number, Waiting>();
  #buffer: Buffer = Buffer.alloc(0);
  #id = 0;
  #closed: Error | undefined;

  constructor(input: Readable, out: Writable, answer: Answer) {
    this.#out = out;
    this.#answer = answer;
    input.on("data", (chunk: Buffer) => this.#read(chunk));
    input.on("end", () => this.close("The server ended."));
    out.on("error", () => this.close("The server takes no more input."));
  }

  /** Asks; rejects when the server says no, ends, or the signal fires first: then it is told to stop. */
  request(method: string, params: unknown, signal: AbortSignal): Promise<unknown> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    if (signal.aborted) return Promise.reject(new Error("cancelled"));
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#waiting.delete(id);
        this.notify("$/cancelRequest", { id });
        reject(new Error("cancelled"));
      };
      const settled = <Value>(settle: (value: Value) => void) => {
        return (value: Value): void => {
          signal.removeEventListener("abort", cancel);
          settle(value);
        };
      };
      signal.addEventListener("abort", cancel, { once: true });
      this.#waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
      this.#write({ id, method, params });
    });
  }

  notify(method: string, params: unknown): void {
    this.#write({ method, params });
  }

  /** Nothing is asked any more; what waits is told why. */
  close(why: string): void {
    this.#closed ??= new Error(why);
    for (const { reject } of this.#waiting.values()) reject(this.#closed);
    this.#waiting.clear();
  }

  #write(message: Message): void {
    if (this.#closed !== undefined) return;
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    this.#out.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#out.write(body);
  }

  #read(chunk: Buffer): void {
    if (this.#closed !== undefined) return;
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const end = this.#buffer.indexOf("\r\n\r\n");
      if (end < 0) {
        if (this.#buffer.length > MAX_HEADER_BYTES)
          this.close("The server wrote something that is no message.");
        return;
      }
      const header = this.#buffer.subarray(0, end).toString("ascii");
      const length = Number(/content-length: *(\d+)/i.exec(header)?.[1] ?? Number.NaN);
      if (!(length <= MAX_MESSAGE_BYTES)) {
        this.close("The server wrote something that is no message.");
        return;
      }
      if (this.#buffer.length < end + 4 + length) return;
      const body = this.#buffer.subarray(end + 4, end + 4 + length).toString("utf8");
      this.#buffer = this.#buffer.subarray(end + 4 + length);
      this.#receive(body);
    }
  }

  #receive(body: string): void {
    let message: Message;
    try {
      message = JSON.parse(body) as Message;
    } catch {
      this.close("The server wrote something that is no message.");
      return;
    }
    const { id, method } = message;
    if (method !== undefined) {
      if (id !== undefined && id !== null) this.#reply(id, method, message.params);
      return;
    }
    const waiting = typeof id === "number" ? this.#waiting.get(id) : undefined;
    if (typeof id !== "number" || waiting === undefined) return;
    this.#waiting.delete(id);
    if (message.error === undefined) waiting.resolve(message.result);
    else waiting.reject(new Error(message.error.message));
  }

  #reply(id: number | string, method: string, params: unknown): void {
    const result = this.#answer(method, params);
    if (result !== undefined) this.#write({ id, result });
    else this.#write({ id, error: { code: METHOD_NOT_FOUND, message: method } });
  }
}
