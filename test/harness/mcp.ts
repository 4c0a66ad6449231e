import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import type { Owner } from "./temp.ts";

/** A failing test says so in seconds; nothing here is waited for that long when all is well. */
const PATIENCE_MS = 20_000;

/** A server as it is handed to an agent. */
export interface HandedServer {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

export interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface CallResult {
  readonly text: string;
  readonly data: Record<string, unknown>;
  readonly isError: boolean;
}

/** A server's program as an agent starts it, and an agent's half of the protocol. */
export class McpClient {
  readonly child: ChildProcessWithoutNullStreams;
  /** Everything that came, in order. */
  readonly heard: Message[] = [];
  readonly #listeners = new Set<() => void>();
  #ids = 0;

  constructor(t: Owner, { command, args, env }: HandedServer, instead: Record<string, string> = {}) {
    const variables = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    this.child = spawn(command, [...args], { env: { PATH: process.env["PATH"], ...variables, ...instead } });
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      this.heard.push(JSON.parse(line) as Message);
      for (const listener of this.#listeners) listener();
    });
    t.after(() => void this.child.kill("SIGKILL"));
  }

  write(text: string): void {
    this.child.stdin.write(`${text}\n`);
  }

  notify(method: string, params: object = {}): void {
    this.write(JSON.stringify({ jsonrpc: "2.0", method, params }));
  }

  /** Sends a request and says its id; the answer is waited for by `answer`. */
  send(method: string, params: object = {}): number {
    const id = ++this.#ids;
    this.write(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return id;
  }

  answer(id: unknown): Promise<Message> {
    return this.until((message) => message.method === undefined && message.id === id);
  }

  request(method: string, params: object = {}): Promise<Message> {
    return this.answer(this.send(method, params));
  }

  async until(wanted: (message: Message) => boolean): Promise<Message> {
    const found = (): Message | undefined => this.heard.find((message) => wanted(message));
    await new Promise<void>((resolve, reject) => {
      const heard = (): string => this.heard.map((each) => JSON.stringify(each).slice(0, 300)).join("\n");
      const late = setTimeout(() => reject(new Error(`no such message in:\n${heard()}`)), PATIENCE_MS);
      const look = (): void => {
        if (found() === undefined) return;
        clearTimeout(late);
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      look();
    });
    return found() as Message;
  }

  async initialize(): Promise<Message> {
    const answer = await this.request("initialize", {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "tester", version: "1.0" },
    });
    this.notify("notifications/initialized");
    return answer;
  }

  async call(name: string, args: object = {}, meta?: object): Promise<CallResult> {
    const params = { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) };
    return resultOf(await this.request("tools/call", params));
  }

  /** The agent goes away in order: the server's input ends. */
  async end(): Promise<void> {
    this.child.stdin.end();
    if (this.child.exitCode === null) await once(this.child, "exit");
  }
}

export function resultOf({ result, error }: Message): CallResult {
  if (result === undefined) throw new Error(`no result: ${JSON.stringify(error)}`);
  const [first] = result["content"] as { text: string }[];
  return {
    text: first?.text ?? "",
    data: result["structuredContent"] as Record<string, unknown>,
    isError: result["isError"] === true,
  };
}
