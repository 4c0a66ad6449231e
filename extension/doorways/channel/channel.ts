import { closeSync, constants, openSync, writeSync } from "node:fs";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Processes } from "../../process/processes.ts";
import { Frame } from "./frame.ts";
import { Spool } from "./spool.ts";

/** What was asked, and how it is answered. `signal` aborts when the caller is gone: then nobody reads the answer. */
export type Answerer = (fields: readonly Buffer[], signal: AbortSignal) => Promise<string>;

/** What was said without a wish for an answer. */
export type Listener = (fields: readonly Buffer[]) => void;

/** Slots that wait for callers. A caller that finds none waits until more are made, a few milliseconds. */
const POOL = 32;
/** Callers at the same time, and slots whose caller never came. More wait. */
const MAX_SLOTS = 512;
/** Digits of a slot's name and a line end: read in one piece, so that no two callers get parts of one. */
const TICKET_BYTES = 8;
/** Bytes that a pipe takes at once, on every system that has them. An answer is shorter. */
export const MAX_ANSWER_BYTES = 16 * 1024;
/** The name of the pipe into which callers say what needs no answer. */
export const SPOOL = "spool";
const MKFIFO_TIMEOUT_MS = 10_000;

/**
 * Where programs ask the host from inside an agent's process tree: named pipes in a folder that only the person may
 * enter (docs/decisions/0006). A caller takes a ticket from one pipe, which names two more that are its own: it asks by the one
 * and reads the answer from the other, until its end. The pipe that it asks by stays open while it waits: its end means
 * that the caller is gone. Whoever reads nothing but an end knows that the host is gone. Into a pipe of its own callers say what
 * needs no answer.
 */
export class Channel {
  /** Short: names of pipes in it must stay within the system's limits. */
  readonly folder: string;
  readonly #processes: Pick<Processes, "run">;
  readonly #answer: Answerer;
  readonly #slots = new Set<Slot>();
  readonly #tickets: number;
  readonly #spool: Spool;
  #made = 0;
  #newestTaken = 0;
  #making: Promise<void> | undefined;
  #closed = false;

  /** Makes the first pipes in a folder of its own, which goes with it. Throws where the system has none. */
  static async open(
    folder: string,
    processes: Pick<Processes, "run">,
    answer: Answerer,
    heard: Listener,
  ): Promise<Channel> {
    try {
      await makePipes(processes, folder, ["tickets", SPOOL]);
      const channel = new Channel(folder, processes, answer, heard);
      await channel.#fill();
      return channel;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  private constructor(folder: string, processes: Pick<Processes, "run">, answer: Answerer, heard: Listener) {
    this.folder = folder;
    this.#processes = processes;
    this.#answer = answer;
    // For reading, too: it must never lack a reader, nor a writer.
    this.#tickets = openSync(join(folder, "tickets"), constants.O_RDWR | constants.O_NONBLOCK);
    this.#spool = new Spool(join(folder, SPOOL), heard);
  }

  /** Callers that wait read an end, and know that nobody answers any more. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#making?.catch(() => {});
    for (const slot of this.#slots) slot.close();
    closeSync(this.#tickets);
    this.#spool.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Slots that a caller may still come to: of those far older than the newest that was taken, the ticket is lost. */
  #waiting(): number {
    return [...this.#slots].filter(({ taken, ticket }) => !taken && ticket > this.#newestTaken - POOL).length;
  }

  /** Makes slots until enough wait for callers. */
  async #fill(): Promise<void> {
    while (!this.#closed) {
      const count = Math.min(POOL - this.#waiting(), MAX_SLOTS - this.#slots.size);
      if (count < POOL / 2) return;
      const names = Array.from({ length: count }, () => String(++this.#made).padStart(TICKET_BYTES - 1, "0"));
      await makePipes(
        this.#processes,
        this.folder,
        names.flatMap((name) => [`q${name}`, `r${name}`]),
      );
      for (const name of names) this.#offer(name);
    }
  }

  #offer(name: string): void {
    if (this.#closed) return;
    const slot = new Slot(this.folder, name, {
      onTaken: () => {
        this.#newestTaken = Math.max(this.#newestTaken, slot.ticket);
        this.#refill();
      },
      onAsked: this.#answer,
      onEnd: () => {
        this.#slots.delete(slot);
        this.#refill();
      },
    });
    this.#slots.add(slot);
    writeSync(this.#tickets, `${name}\n`);
  }

  #refill(): void {
    this.#making ??= this.#fill()
      .catch(() => {
        // No more pipes can be made: callers wait for those that there are, and the next end tries again.
      })
      .finally(() => {
        this.#making = undefined;
      });
  }
}

interface SlotEvents {
  readonly onTaken: () => void;
  readonly onAsked: Answerer;
  readonly onEnd: () => void;
}

/** The two pipes of one caller, used once. */
class Slot {
  readonly ticket: number;
  taken = false;
  readonly #files: readonly string[];
  readonly #events: SlotEvents;
  readonly #socket: Socket;
  readonly #frame = new Frame();
  readonly #gone = new AbortController();
  /** Keeps the pipe from having an end before the caller comes. */
  #placeholder: number | undefined;
  #reply: number | undefined;
  #asked = false;

  constructor(folder: string, name: string, events: SlotEvents) {
    this.ticket = Number(name);
    this.#events = events;
    const [question, reply] = [join(folder, `q${name}`), join(folder, `r${name}`)];
    this.#files = [question, reply];
    const fd = openSync(question, constants.O_RDONLY | constants.O_NONBLOCK);
    this.#placeholder = openSync(question, constants.O_WRONLY | constants.O_NONBLOCK);
    this.#reply = openSync(reply, constants.O_RDWR | constants.O_NONBLOCK);
    this.#socket = new Socket({ fd, readable: true, writable: false });
    this.#socket.unref();
    this.#socket.on("data", (chunk) => this.#read(chunk));
    this.#socket.on("error", () => {
      // `close` follows.
    });
    this.#socket.on("close", () => this.#end());
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (!this.taken) {
      this.taken = true;
      this.#placeholder = closed(this.#placeholder);
      this.#events.onTaken();
    }
    if (this.#asked) return;
    const fields = this.#frame.push(chunk);
    if (fields === null) return;
    this.#asked = true;
    if (fields === "broken") this.#reply = closed(this.#reply);
    else void this.#answer(fields);
  }

  async #answer(fields: readonly Buffer[]): Promise<void> {
    const answer = await this.#events.onAsked(fields, this.#gone.signal).catch(() => "");
    const fits = answer !== "" && Buffer.byteLength(answer) <= MAX_ANSWER_BYTES;
    if (this.#reply !== undefined && fits) writeSync(this.#reply, answer);
    // Its end: the caller reads until then. An answer that could not be given is none, which never means yes.
    this.#reply = closed(this.#reply);
  }

  #end(): void {
    this.#gone.abort();
    this.#placeholder = closed(this.#placeholder);
    this.#reply = closed(this.#reply);
    for (const file of this.#files) void rm(file, { force: true });
    this.#events.onEnd();
  }
}

function closed(fd: number | undefined): undefined {
  if (fd !== undefined) closeSync(fd);
  return undefined;
}

async function makePipes(
  processes: Pick<Processes, "run">,
  folder: string,
  names: readonly string[],
): Promise<void> {
  const result = await processes.run({
    command: "mkfifo",
    args: ["-m", "600", ...names],
    cwd: folder,
    timeoutMs: MKFIFO_TIMEOUT_MS,
    maxBytes: 1_000,
  });
  if (result.code !== 0) throw new Error(`mkfifo: ${result.failure ?? result.stderr.trim()}`);
}
