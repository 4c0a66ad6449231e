import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, test } from "node:test";

import { Rpc } from "../../extension/gates/rpc.ts";

const NEVER = new AbortController().signal;

/** A peer whose other side is the test. */
function peer(answer: (method: string) => unknown = () => undefined) {
  const input = new PassThrough();
  const out = new PassThrough();
  const sent: Record<string, unknown>[] = [];
  out.on("data", (chunk: Buffer) => {
    const text = chunk.toString();
    if (text.startsWith("{")) sent.push(JSON.parse(text) as Record<string, unknown>);
  });
  return { rpc: new Rpc(input, out, answer), input, sent };
}

function framed(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

describe("a server's stream", () => {
  test("may be cut anywhere, also inside a character", async () => {
    const { rpc, input } = peer();
    const answers = [rpc.request("a", 1, NEVER), rpc.request("b", 2, NEVER)];
    const bytes = Buffer.concat([
      framed({ jsonrpc: "2.0", id: 2, result: "zwei 𝒳" }),
      framed({ jsonrpc: "2.0", method: "window/logMessage", params: {} }),
      framed({ jsonrpc: "2.0", id: 1, result: null }),
    ]);
    for (const byte of bytes) input.write(Buffer.from([byte]));
    assert.deepEqual(await Promise.all(answers), [null, "zwei 𝒳"]);
  });

  test("that holds rubbish ends the conversation, and everybody is told", async () => {
    for (const rubbish of ["Content-Length: x\r\n\r\n", "Content-Length: 2\r\n\r\n{]", "hello\r\n\r\n"]) {
      const { rpc, input } = peer();
      const answer = rpc.request("a", 1, NEVER);
      input.write(rubbish);
      await assert.rejects(answer, /no message/);
      await assert.rejects(rpc.request("b", 1, NEVER), /no message/);
    }
  });

  test("that ends does so too", async () => {
    const { rpc, input } = peer();
    const answer = rpc.request("a", 1, NEVER);
    input.end();
    await assert.rejects(answer, /ended/);
  });

  test("carries errors as errors", async () => {
    const { rpc, input } = peer();
    const answer = rpc.request("a", 1, NEVER);
    input.write(framed({ id: 1, error: { code: -32_603, message: "no such file" } }));
    await assert.rejects(answer, /no such file/);
  });

  test("is told when nobody waits any more", async () => {
    const { rpc, sent } = peer();
    const controller = new AbortController();
    const answer = rpc.request("a", 1, controller.signal);
    controller.abort();
    await assert.rejects(answer, /cancelled/);
    assert.deepEqual(sent.at(-1), { jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 1 } });
  });

  test("gets an answer to what it asks, or that it is not known", async () => {
    const { input, sent } = peer((method) => (method === "known" ? [null] : undefined));
    input.write(framed({ id: 7, method: "known" }));
    input.write(framed({ id: "x", method: "unknown" }));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(sent, [
      { jsonrpc: "2.0", id: 7, result: [null] },
      { jsonrpc: "2.0", id: "x", error: { code: -32_601, message: "unknown" } },
    ]);
  });
});
