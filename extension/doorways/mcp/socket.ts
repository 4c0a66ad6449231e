import { randomUUID, timingSafeEqual } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import * as z from "zod/mini";
import type { Line } from "../../process/lines.ts";
import { messageLines } from "./rpc.ts";

/** What a relay says first has come by then, on the busiest machine. */
const HELLO_TIMEOUT_MS = 10_000;
/** An agent starts one relay, and another one when it reconnects. */
const MAX_CONNECTIONS = 8;

const Hello = z.object({ version: z.literal(1), token: z.string() });

/** Serves one relay until its connection ends. */
export type Serve = (lines: AsyncIterable<Line>, socket: Socket) => Promise<void>;

/** Where the relays of one session's agent connect to their host. Whoever doesn't know the token is told so, and no more. */
export class RelaySocket {
  /** What a relay is started with. */
  readonly address: string;
  readonly token: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** Listens in a folder that only the person may enter. Throws where the system can't. */
  static async open(folder: string, serve: Serve): Promise<RelaySocket> {
    const address =
      process.platform === "win32" ? `\\\\.\\pipe\\interlock-${randomUUID()}` : join(folder, "mcp");
    const socket = new RelaySocket(address, serve);
    await new Promise<void>((resolve, reject) => {
      socket.#server.once("error", reject);
      socket.#server.listen(address, resolve);
    });
    return socket;
  }

  private constructor(address: string, serve: Serve) {
    this.address = address;
    this.token = randomUUID();
    this.#server = createServer((socket) => void this.#welcome(socket, serve));
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.unref();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #welcome(socket: Socket, serve: Serve): Promise<void> {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {
      // `close` follows.
    });
    const late = setTimeout(() => socket.destroy(), HELLO_TIMEOUT_MS);
    const lines = messageLines(socket);
    const { value: first } = await lines.next();
    clearTimeout(late);
    if (first === undefined) return void socket.destroy();
    if (!this.#knows(first)) {
      const refused = "This server belongs to another session of Interlock, so nothing was run.";
      return void socket.end(`${JSON.stringify({ refused })}\n`);
    }
    socket.write(`${JSON.stringify({ version: 1 })}\n`);
    await serve(lines, socket);
    socket.destroy();
  }

  #knows(first: Line): boolean {
    if (first.type === "cut") return false;
    try {
      const hello = Hello.safeParse(JSON.parse(first.text));
      return hello.success && isSame(hello.data.token, this.token);
    } catch {
      return false;
    }
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
