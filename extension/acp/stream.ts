import type { AnyMessage, Stream } from "@agentclientprotocol/sdk";
import type { Readable, Writable } from "node:stream";

/** One message may be this large: agents send whole files and images. Anything larger is dropped. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

export interface StreamNotes {
  /** A line of stdout that is no message: some programs greet, warn or print progress there. */
  readonly onJunk: (line: string) => void;
}

/**
 * Joins an agent's stdio to the protocol. What isn't a JSON object never reaches the protocol layer, which would
 * answer it with an error that some agents choke on.
 */
export function messageStream(stdin: Writable, stdout: Readable, notes: StreamNotes): Stream {
  let pending: Buffer[] = [];
  let size = 0;
  let skipping = false;
  const readable = new ReadableStream<AnyMessage>({
    start(controller) {
      const finish = (line: Buffer): void => {
        const text = line.toString("utf8").trim();
        if (text === "") return;
        const message = parseMessage(text);
        if (message === null) notes.onJunk(text.slice(0, 2_000));
        else controller.enqueue(message);
      };
      stdout.on("data", (chunk: Buffer) => {
        let start = 0;
        for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
          pending.push(chunk.subarray(start, end));
          start = end + 1;
          const line = Buffer.concat(pending);
          pending = [];
          size = 0;
          if (skipping) skipping = false;
          else finish(line);
        }
        const rest = chunk.subarray(start);
        if (rest.length === 0 || skipping) return;
        pending.push(rest);
        size += rest.length;
        if (size <= MAX_MESSAGE_BYTES) return;
        notes.onJunk(`(a line of over ${MAX_MESSAGE_BYTES} bytes was dropped)`);
        pending = [];
        size = 0;
        skipping = true;
      });
      const close = (): void => {
        try {
          controller.close();
        } catch {
          // Both `end` and `error` may come.
        }
      };
      stdout.on("end", close);
      stdout.on("error", close);
      stdout.on("close", close);
    },
    cancel() {
      stdout.destroy();
    },
  });
  const writable = new WritableStream<AnyMessage>({
    write(message) {
      return new Promise((resolve, reject) => {
        stdin.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
      });
    },
    close() {
      stdin.end();
    },
    abort() {
      stdin.destroy();
    },
  });
  // A broken pipe also arrives as the write's own error.
  stdin.on("error", () => {});
  return { readable, writable };
}

function parseMessage(text: string): AnyMessage | null {
  if (!text.startsWith("{")) return null;
  try {
    const message = JSON.parse(text) as unknown;
    const isMessage = typeof message === "object" && message !== null && "jsonrpc" in message;
    return isMessage ? (message as AnyMessage) : null;
  } catch {
    return null;
  }
}
