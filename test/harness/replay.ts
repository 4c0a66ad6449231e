import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Feed } from "./feed.ts";

/** A recorded JSON-RPC message. `t` counts milliseconds since the recording began. */
interface Recorded {
  readonly t: number;
  readonly dir: "client->agent" | "agent->client";
  readonly msg: Message;
}

type Id = string | number;

interface Message {
  readonly id?: Id | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface ReplayOptions {
  /** The folder that stands for the recording's `/workspace`, in every text of it. */
  readonly workspace?: string;
  /** How long the client may take for what it does next in the recording. */
  readonly patienceMs?: number;
}

/** What the client answered to a request of the agent, beside what the recorded client answered. */
export interface Reply {
  readonly method: string;
  readonly recorded: unknown;
  readonly actual: unknown;
}

/** The agent's side of a connection, with the two streams that its process would have. */
export interface Replay {
  /** What the agent writes to its stdout. */
  readonly stdout: ReadableStream<Uint8Array>;
  /** What the client writes to the agent's stdin. */
  readonly stdin: WritableStream<Uint8Array>;
  /** Resolves when the recording is over, rejects where the client doesn't do what the recording needs. */
  readonly done: Promise<void>;
  readonly replies: readonly Reply[];
  /** Requests that the recorded client never made; they were answered with an error, or `{}` where that is harmless. */
  readonly unexpected: readonly string[];
  /** Closes stdout, as an agent does that ends. */
  close(): void;
}

const TRANSCRIPTS = new URL("../golden/transcripts/", import.meta.url);
const RECORDED_WORKSPACE = "/workspace";
const PATIENCE_MS = 10_000;
const METHOD_NOT_FOUND = -32_601;

/** Not every client picks a mode or a model: these are neither waited for nor missed. */
const OPTIONAL = new Set(["session/set_mode", "session/set_config_option", "session/set_model"]);

/** The file of a recording, such as `claude.asks`. */
export function transcript(name: string): string {
  return fileURLToPath(new URL(`${name}.jsonl`, TRANSCRIPTS));
}

/**
 * Plays the agent's part of a recorded conversation: says what the agent said, in its order, and waits wherever the
 * agent had to wait for its client. Requests are known by method and order, and ids are mapped, so that the client
 * may be another than the recorded one. Its answers don't change what comes next; `replies` has them to look at.
 */
export function replay(file: string, options: ReplayOptions = {}): Replay {
  return new Player(readRecording(file, options.workspace), options.patienceMs ?? PATIENCE_MS);
}

function readRecording(file: string, workspace = RECORDED_WORKSPACE): readonly Recorded[] {
  const folder = JSON.stringify(workspace).slice(1, -1);
  return readFileSync(file, "utf8")
    .replaceAll(RECORDED_WORKSPACE, folder)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Recorded);
}

class Player implements Replay {
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stdin: WritableStream<Uint8Array>;
  readonly done: Promise<void>;
  readonly replies: Reply[] = [];
  readonly unexpected: string[] = [];

  readonly #recording: readonly Recorded[];
  readonly #feed: Feed<Message>;
  #place = 0;
  #output!: ReadableStreamDefaultController<Uint8Array>;
  /** The recorded id of a client's request, and the id it has here. */
  readonly #ids = new Map<Id, Id>();
  /** Recorded requests that were skipped: their answers are skipped too. */
  readonly #skipped = new Set<Id>();

  constructor(recording: readonly Recorded[], patienceMs: number) {
    this.#recording = recording;
    this.stdout = new ReadableStream({
      start: (controller) => {
        this.#output = controller;
      },
    });
    this.#feed = new Feed((message) => this.#isExpected(message), patienceMs);
    this.stdin = this.#feed.writable;
    this.done = this.#play();
    // Who never looks at `done` is not to be ended by it.
    this.done.catch(() => {});
  }

  close(): void {
    this.#output.close();
  }

  async #play(): Promise<void> {
    for (; this.#place < this.#recording.length; this.#place += 1) {
      const recorded = this.#recording[this.#place];
      if (recorded?.dir === "agent->client") {
        this.#say(recorded.msg);
      } else if (recorded) {
        await this.#hear(recorded.msg);
      }
    }
  }

  /** Requests keep their recorded ids: those are the agent's own. Answers take the id of the request they answer. */
  #say(message: Message): void {
    const { id } = message;
    if (message.method !== undefined || !isId(id)) {
      this.#send(message);
    } else if (!this.#skipped.has(id)) {
      this.#send({ ...message, id: this.#ids.get(id) ?? id });
    }
  }

  async #hear(recorded: Message): Promise<void> {
    const { id, method } = recorded;
    const line = `line ${this.#place + 1}`;
    if (method === undefined) {
      const asked = this.#requestOf(id);
      const actual = await this.#feed.next(
        (message) => message.method === undefined && message.id === id,
        `an answer to ${asked} (${line})`,
      );
      this.replies.push({ method: asked, recorded: outcome(recorded), actual: outcome(actual) });
      return;
    }
    const wanted = (message: Message): boolean => message.method === method;
    if (OPTIONAL.has(method) && isId(id) && !this.#feed.has(wanted)) {
      this.#skipped.add(id);
      return;
    }
    const actual = await this.#feed.next(wanted, `${method} (${line})`);
    if (isId(id) && isId(actual.id)) {
      this.#ids.set(id, actual.id);
    }
  }

  /** The method of the agent's request with that id which was sent last. */
  #requestOf(id: Message["id"]): string {
    const said = this.#recording.slice(0, this.#place).findLast(({ dir, msg }) => {
      return dir === "agent->client" && msg.id === id && msg.method !== undefined;
    });
    return said?.msg.method ?? "?";
  }

  /** Whether the recording still has a place for it. What has none is answered here, so that no client hangs. */
  #isExpected({ id, method }: Message): boolean {
    const comes = this.#recording
      .slice(this.#place)
      .some(({ dir, msg }) => dir === "client->agent" && msg.method === method);
    if (method === undefined || comes) {
      return true;
    }
    this.unexpected.push(method);
    if (isId(id)) {
      const error = { code: METHOD_NOT_FOUND, message: `${method} is not in this recording` };
      this.#send(OPTIONAL.has(method) ? { id, result: {} } : { id, error });
    }
    return false;
  }

  #send(message: Message): void {
    this.#output.enqueue(new TextEncoder().encode(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`));
  }
}

function isId(id: Message["id"]): id is Id {
  return id !== undefined && id !== null;
}

function outcome({ result, error }: Message): unknown {
  return error ? { error } : result;
}
