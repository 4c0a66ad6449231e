import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Readable, Writable } from "node:stream";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";

import { ndJsonStream } from "@agentclientprotocol/sdk";

import { folderWith } from "./support/files.ts";
import { TestHost } from "./support/host.ts";

const MAIN = fileURLToPath(new URL("../../extension/builtin/main.ts", import.meta.url));

function start(t: TestContext): ChildProcess & { stdin: Writable; stdout: Readable } {
  const child = spawn(process.execPath, [MAIN], { stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  return child;
}

test("the real process works over stdio, and ends when its host closes stdin", async (t) => {
  const child = start(t);
  const stream = ndJsonStream(Writable.toWeb(child.stdin), Readable.toWeb(child.stdout));
  const host = await TestHost.open(stream, { cwd: folderWith(t, {}) });
  assert.equal(await host.prompt("/run echo hello"), "end_turn");
  assert.match(host.told, /says: `echo hello` succeeded\.$/);
  const exited = once(child, "exit");
  child.stdin.end();
  assert.deepEqual(await exited, [0, null]);
});

test("a host that stops reading doesn't make it crash", async (t) => {
  const child = start(t);
  const exited = once(child, "exit");
  child.stdout.destroy();
  child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":1}}\n');
  assert.deepEqual(await exited, [0, null]);
});

test("rubbish on stdin is answered with an error, and what follows still works", async (t) => {
  const child = start(t);
  child.stdin.write("rubbish\n");
  const stream = ndJsonStream(Writable.toWeb(child.stdin), Readable.toWeb(child.stdout));
  const host = await TestHost.open(stream, { cwd: "/" });
  assert.equal(await host.prompt("/run true"), "end_turn");
  host.close();
});
