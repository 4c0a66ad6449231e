import { createInterface } from "node:readline";

import { record } from "./log.ts";

interface Message {
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export type Answer = { readonly result: unknown } | { readonly error: NonNullable<Message["error"]> };

/** Answers a request, or hears a notification. */
export type Handler = (method: string, params: Record<string, unknown>) => Promise<Answer>;

/**
 * JSON-RPC over stdin and stdout, by hand: the SDK would not let an agent misbehave. Every message that comes in is
 * recorded.
 */
export class Peer {
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #requests = 0;

  listen(handle: Handler, closed: () => void): void {
    createInterface({ input: process.stdin })
      .on("line", (line) => {
        record({ got: JSON.parse(line) });
        void this.#receive(JSON.parse(line), handle);
      })
      .on("close", closed);
  }

  async request(method: string, params: unknown): Promise<Answer> {
    this.#requests += 1;
    const id = this.#requests;
    const answer = new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
    });
    this.#send({ id, method, params });
    return answer;
  }

  notify(method: string, params: unknown): void {
    this.#send({ method, params });
  }

  async #receive(message: Message, handle: Handler): Promise<void> {
    const { id, method, params = {} } = message;
    if (method === undefined) {
      const answer = message.error ? { error: message.error } : { result: message.result };
      this.#waiting.get(Number(id))?.(answer);
      return;
    }
    const answer = await handle(method, params);
    if (id !== undefined) {
      this.#send({ id, ...answer });
    }
  }

  #send(message: object): void {
    process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }
}
