import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ANTHROPIC } from "./anthropic.ts";
import { CHAT } from "./chat.ts";
import type { Api, Request } from "./conversation.ts";
import { GEMINI } from "./gemini.ts";
import { RESPONSES } from "./responses.ts";
import { answerOf, type Script } from "./script.ts";

const APIS: readonly Api[] = [ANTHROPIC, RESPONSES, CHAT, GEMINI];

/** Bytes of a request that are read; agents send their whole conversation each time. */
const MAX_BODY = 32 * 1024 * 1024;
/** Requests that are kept. */
const MAX_SEEN = 500;

/**
 * A model without a model: it listens on loopback, speaks the four APIs that agents know, and does what a script says. For verifying
 * agents and for tests; it needs no key and no network.
 */
export class ScriptedModel {
  readonly #script: Script;
  readonly #server: Server;
  readonly #seen: Request[] = [];

  private constructor(script: Script) {
    this.#script = script;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** Listens on a free port of 127.0.0.1. */
  static async start(script: Script): Promise<ScriptedModel> {
    const model = new ScriptedModel(script);
    await new Promise<void>((resolve, reject) => {
      model.#server.once("error", reject);
      model.#server.listen(0, "127.0.0.1", resolve);
    });
    return model;
  }

  /** `http://127.0.0.1:PORT`: an API's own path comes behind it. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What agents asked, the newest last. */
  get seen(): readonly Request[] {
    return this.#seen;
  }

  /** Whether a text reached the model, from the agent's instructions or anything said. */
  wasTold(text: string): boolean {
    return this.#seen.some(
      ({ instructions, said }) =>
        instructions.includes(text) || said.some((each) => each.by !== "model" && each.text.includes(text)),
    );
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { pathname } = new URL(request.url ?? "/", this.url);
      const body: unknown = request.method === "POST" ? JSON.parse(await bodyOf(request)) : null;
      for (const api of APIS) {
        const asked = api.request(pathname, body);
        if (asked === null) continue;
        this.#seen.push(asked);
        if (this.#seen.length > MAX_SEEN) this.#seen.shift();
        const answer = answerOf(this.#script, asked);
        if (asked.stream) stream(response, api.stream(answer, asked.model));
        else send(response, 200, api.whole(answer, asked.model));
        return;
      }
      send(response, 404, { error: { message: `There is nothing at ${pathname}.` } });
    } catch (error) {
      send(response, 400, { error: { message: String(error) } });
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY) throw new Error(`The request is larger than ${MAX_BODY} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

function stream(response: ServerResponse, events: ReturnType<Api["stream"]>): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  for (const { name, data } of events) {
    if (name !== null) response.write(`event: ${name}\n`);
    response.write(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
  }
  response.end();
}
