import type { Readable, Writable } from "node:stream";
import * as z from "zod/mini";
import { messageOf } from "../../errors.ts";
import { type Line, readLines } from "../../process/lines.ts";

/** One message may be this large: a command with a heredoc, and room. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** Requests of one client that wait at the same time. Chosen: more than any agent has calls open. */
const MAX_REQUESTS = 64;

export const PARSE_ERROR = -32_700;
export const INVALID_REQUEST = -32_600;
export const METHOD_NOT_FOUND = -32_601;
export const INVALID_PARAMS = -32_602;
const INTERNAL_ERROR = -32_603;

const Id = z.union([z.string(), z.number()]);
type Id = z.infer<typeof Id>;
const Message = z.looseObject({
  jsonrpc: z.literal("2.0"),
  id: z.optional(Id),
  method: z.string(),
  params: z.optional(z.record(z.string(), z.unknown())),
});
/** What answers a request of ours would look like: none was sent. */
const Response = z.looseObject({ jsonrpc: z.literal("2.0"), id: Id, method: z.optional(z.never()) });
const Cancelled = z.object({ requestId: Id });

/** An error as JSON-RPC knows it. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface RpcRequest {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Aborts when the client cancels the request, or is gone. */
  readonly signal: AbortSignal;
}

/** The server's end of a JSON-RPC connection, one message a line: each request has one answer, but none once it is cancelled. */
export class Rpc {
  readonly #output: Writable;
  readonly #handle: (request: RpcRequest) => Promise<unknown>;
  readonly #open = new Map<Id, AbortController>();

  constructor(output: Writable, handle: (request: RpcRequest) => Promise<unknown>) {
    this.#output = output;
    this.#handle = handle;
  }

  /** Resolves when the client is gone; what it asked for is given up by then. */
  async serve(lines: AsyncIterable<Line>): Promise<void> {
    for await (const line of lines) {
      if (line.type === "cut") this.#fail(null, INVALID_REQUEST, "the message is too large");
      else if (line.text !== "") this.#take(line.text);
    }
    for (const open of this.#open.values()) open.abort();
  }

  notify(method: string, params: object): void {
    this.#send({ method, params });
  }

  #take(text: string): void {
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch {
      return this.#fail(null, PARSE_ERROR, "this is no JSON");
    }
    const read = Message.safeParse(data);
    if (!read.success) {
      if (Response.safeParse(data).success) return;
      const id = z.looseObject({ id: Id }).safeParse(data);
      return this.#fail(
        id.success ? id.data.id : null,
        INVALID_REQUEST,
        "this is no request of JSON-RPC 2.0",
      );
    }
    const { id, method, params = {} } = read.data;
    if (id === undefined) this.#notified(method, params);
    else void this.#answer(id, method, params);
  }

  #notified(method: string, params: Readonly<Record<string, unknown>>): void {
    if (method !== "notifications/cancelled") return;
    const cancelled = Cancelled.safeParse(params);
    if (cancelled.success) this.#open.get(cancelled.data.requestId)?.abort();
  }

  async #answer(id: Id, method: string, params: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.#open.has(id)) return this.#fail(id, INVALID_REQUEST, "a request of this id waits already");
    if (this.#open.size >= MAX_REQUESTS) return this.#fail(id, INVALID_REQUEST, "too many requests wait");
    const open = new AbortController();
    this.#open.set(id, open);
    try {
      const result = await this.#handle({ method, params, signal: open.signal });
      if (!open.signal.aborted) this.#send({ id, result });
    } catch (error) {
      if (!open.signal.aborted)
        this.#fail(id, error instanceof RpcError ? error.code : INTERNAL_ERROR, messageOf(error));
    } finally {
      this.#open.delete(id);
    }
  }

  #fail(id: Id | null, code: number, message: string): void {
    this.#send({ id, error: { code, message } });
  }

  #send(message: object): void {
    if (this.#output.writable) this.#output.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }
}

/** The lines that come by a stream, each a message. */
export function messageLines(input: Readable): AsyncGenerator<Line, undefined> {
  return readLines(input, MAX_MESSAGE_BYTES);
}
