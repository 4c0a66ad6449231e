import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";

import type { AnyMessage } from "@agentclientprotocol/sdk";

import { MAX_MESSAGE_BYTES, messageStream } from "../../extension/acp/stream.ts";

interface Heard {
  readonly stdin: PassThrough;
  readonly stdout: PassThrough;
  readonly reader: ReadableStreamDefaultReader<AnyMessage>;
  readonly writer: WritableStreamDefaultWriter<AnyMessage>;
  /** Everything, in the order in which it was handed on. */
  readonly order: string[];
  readonly junk: string[];
}

function listen(tooLarge: (isUpdate: boolean) => Error | undefined = () => undefined): Heard {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const order: string[] = [];
  const junk: string[] = [];
  const { readable, writable } = messageStream(stdin, stdout, {
    onUpdate: (params) => order.push(`update ${JSON.stringify(params)}`),
    onJunk: (line) => junk.push(line),
    onTooLarge: (isUpdate) => {
      order.push(`too large ${isUpdate ? "update" : "message"}`);
      return tooLarge(isUpdate);
    },
  });
  return { stdin, stdout, reader: readable.getReader(), writer: writable.getWriter(), order, junk };
}

/** Reads to the end as the protocol layer does: dispatching each message in microtasks. */
async function readAll({ reader, order }: Heard): Promise<void> {
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    void Promise.resolve()
      .then(() => {})
      .then(() => order.push(`message ${"id" in value ? value.id : "?"}`));
  }
}

const message = (id: number): string => `${JSON.stringify({ jsonrpc: "2.0", id, result: {} })}\n`;
const update = (n: number): string =>
  `${JSON.stringify({ jsonrpc: "2.0", method: "session/update", params: { n } })}\n`;

test("updates and messages are handed on in the order in which the agent said them", async () => {
  const heard = listen();
  heard.stdout.end(update(1) + message(2) + update(3) + update(4) + message(5) + message(6) + update(7));
  await readAll(heard);
  assert.deepEqual(heard.order, [
    'update {"n":1}',
    "message 2",
    'update {"n":3}',
    'update {"n":4}',
    "message 5",
    "message 6",
    'update {"n":7}',
  ]);
});

test("a message may come in any pieces, also inside a character", async () => {
  const heard = listen();
  const reading = readAll(heard);
  for (const byte of Buffer.from(
    `${JSON.stringify({ jsonrpc: "2.0", id: "ä€😀", result: {} })}\r\n${update(1)}`,
  )) {
    heard.stdout.write(Buffer.from([byte]));
  }
  heard.stdout.end();
  await reading;
  assert.deepEqual(heard.order, ["message ä€😀", 'update {"n":1}']);
});

test("what is no message is junk, and an empty line is nothing", async () => {
  const heard = listen();
  const lines = [
    "Welcome",
    "",
    "  ",
    "[]",
    "null",
    '"text"',
    "{",
    "{}",
    '{"id":1}',
    '{"jsonrpc":"1.0","id":1}',
    '{"jsonrpc":"2.0"}',
    '{"jsonrpc":"2.0","method":7}',
    "\u001b[2J",
  ];
  heard.stdout.end(`${lines.join("\n")}\n${message(1)}without an end`);
  await readAll(heard);
  assert.deepEqual(heard.order, ["message 1"]);
  assert.deepEqual(heard.junk, [...lines.filter((line) => line.trim() !== ""), "without an end"]);
});

test("junk is cut to a length", async () => {
  const heard = listen();
  heard.stdout.end(`${"x".repeat(10_000)}\n`);
  await readAll(heard);
  assert.deepEqual(
    heard.junk.map(({ length }) => length),
    [2_000],
  );
});

test("a line over the limit is left out whole, and told by what it was; what follows is read", async () => {
  const heard = listen();
  const reading = readAll(heard);
  const head = '{"jsonrpc":"2.0","method":"session/update","params":{"text":"';
  heard.stdout.write(head);
  const piece = Buffer.alloc(1024 * 1024, "x");
  for (let sent = 0; sent <= MAX_MESSAGE_BYTES; sent += piece.length) heard.stdout.write(piece);
  heard.stdout.end(`"}}\n${message(1)}`);
  await reading;
  assert.deepEqual(heard.order, ["too large update", "message 1"]);
});

test("a message over the limit that somebody waits for breaks the stream", async () => {
  const heard = listen((isUpdate) => (isUpdate ? undefined : new Error("too large")));
  const reading = readAll(heard);
  const piece = Buffer.alloc(1024 * 1024, "x");
  heard.stdout.write('{"jsonrpc":"2.0","id":7,"result":"');
  for (let sent = 0; sent <= MAX_MESSAGE_BYTES; sent += piece.length) heard.stdout.write(piece);
  await assert.rejects(reading, /too large/);
});

test("an agent that talks faster than it is heard has to wait", async () => {
  const heard = listen();
  let taken = 0;
  const many = message(1).repeat(1_000);
  while (taken < 1_000 && heard.stdout.write(many)) taken += 1;
  assert.ok(taken < 1_000, "the pipe is full");
  heard.stdout.end();
  await readAll(heard);
  assert.equal(heard.order.length, (taken + 1) * 1_000);
});

test("a stdout that breaks ends the stream", async () => {
  const heard = listen();
  const reading = readAll(heard);
  heard.stdout.write(message(1));
  heard.stdout.destroy(new Error("reset"));
  await reading;
});

test("a stdin that is gone rejects what is sent, and throws nothing else", async () => {
  const heard = listen();
  heard.stdin.destroy(new Error("EPIPE"));
  await assert.rejects(heard.writer.write({ jsonrpc: "2.0", method: "session/cancel" }));
});

test("what is sent is one line each", async () => {
  const heard = listen();
  await heard.writer.write({ jsonrpc: "2.0", id: 1, method: "a\nb" });
  assert.equal(String(heard.stdin.read()), '{"jsonrpc":"2.0","id":1,"method":"a\\nb"}\n');
});
