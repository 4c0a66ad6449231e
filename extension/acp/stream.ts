import type { AnyMessage, Stream } from "@agentclientprotocol/sdk";
import type { Readable, Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { readLines } from "../process/lines.ts";

/** One message may be this large: agents send whole files and images. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

export interface StreamParts {
  /** The parameters of a `session/update`, as they came, in its place among the other messages. */
  readonly onUpdate: (params: unknown) => void;
  /** A line of stdout that is no message: some programs greet, warn or print progress there. */
  readonly onJunk: (line: string) => void;
  /** A message over the limit. The error ends the connection; without one it goes on. */
  readonly onTooLarge: (isUpdate: boolean) => Error | undefined;
}

/**
 * Joins an agent's stdio to the protocol. What isn't a message never reaches the protocol layer, which would answer
 * it with an error that some agents choke on. Nor do updates: that layer drops what its version has no name for, and
 * keeps no order between them and requests. Everything is handed on in the order in which the agent said it.
 */
export function messageStream(stdin: Writable, stdout: Readable, parts: StreamParts): Stream {
  // It may break before anybody reads.
  stdout.on("error", () => {});
  const lines = readLines(stdout, MAX_MESSAGE_BYTES);
  const readable = new ReadableStream<AnyMessage>(
    {
      async pull(controller) {
        // What was handed on before has begun by then: the protocol layer dispatches in microtasks alone.
        await nextTurn();
        for (;;) {
          const { value: line, done } = await lines.next();
          if (done === true) return controller.close();
          if (line.type === "cut") {
            const error = parts.onTooLarge(isUpdateHead(line.head));
            if (error === undefined) continue;
            stdout.destroy();
            return controller.error(error);
          }
          const message = parseMessage(line.text);
          if (message === null) {
            if (line.text !== "") parts.onJunk(line.text.slice(0, 2_000));
          } else if ("method" in message && message.method === "session/update" && !("id" in message)) {
            parts.onUpdate(message.params);
          } else return controller.enqueue(message);
        }
      },
      cancel() {
        stdout.destroy();
      },
    },
    { highWaterMark: 1 },
  );
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
    const message = JSON.parse(text) as Record<string, unknown>;
    const isMessage =
      message["jsonrpc"] === "2.0" && (typeof message["method"] === "string" || "id" in message);
    return isMessage ? (message as AnyMessage) : null;
  } catch {
    return null;
  }
}

/** A notification that only tells; by what a message says of itself before its content. */
function isUpdateHead(head: string): boolean {
  return /"method"\s*:\s*"session\/update"/.test(head);
}
