import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";

import type { Script } from "./script.ts";
import { scriptedAgent } from "./start.ts";

interface Update {
  readonly sessionUpdate: string;
  readonly status?: string;
  readonly content?: { readonly text?: string };
}
/** As much of the messages as these tests look at. */
interface Message {
  readonly id?: number | undefined;
  readonly method?: string;
  readonly params?: {
    readonly update?: Update;
    readonly command?: string;
    readonly cwd?: string;
    readonly toolCall?: unknown;
    readonly [name: string]: unknown;
  };
  readonly result?: { readonly sessionId?: string; readonly [name: string]: unknown };
  readonly error?: { readonly code: number; readonly message: string };
}

/** Starts the agent and opens a session, by hand: what it says has to be seen as it is. */
async function start(t: TestContext, script: Script) {
  const folder = mkdtempSync(join(tmpdir(), "interlock-scripted-"));
  const agent = scriptedAgent(folder, script);
  const child = spawn(agent.command, agent.args, { stdio: ["pipe", "pipe", "pipe"] });
  t.after(async () => {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });
  const lines: string[] = [];
  const messages = (): Message[] =>
    lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Message);
  const output = createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const send = (message: Message): void => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  };
  const until = async (wanted: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const match = messages().find(wanted);
      if (match) {
        return match;
      }
      await once(output, "line");
    }
  };
  const exited = once(child, "exit");
  send({ id: 1, method: "initialize", params: { protocolVersion: 1 } });
  send({ id: 2, method: "session/new", params: { cwd: folder, mcpServers: [] } });
  const opened = await until((message) => message.id === 2 && !message.method);
  const sessionId = opened.result?.sessionId;
  return {
    agent,
    child,
    exited,
    folder,
    lines,
    send,
    sessionId,
    until,
    prompt: () => send({ id: 3, method: "session/prompt", params: { sessionId, prompt: [] } }),
    answer: () => until((message) => message.id === 3 && !message.method),
    asked: (method: string) => until((message) => message.method === method),
    messages,
    updates: () => messages().flatMap((message) => message.params?.update ?? []),
  };
}

test("a turn says what the script says, with its folder and rounds filled in", async (t) => {
  const agent = await start(t, {
    onSession: [{ update: { sessionUpdate: "available_commands_update", availableCommands: [] } }],
    turns: [
      [
        { junk: "not JSON" },
        { repeat: { times: 2, steps: [{ say: "${n} in ${cwd}" }] } },
        { stop: "refusal" },
      ],
    ],
  });
  const order = agent.messages().map(({ id, method }) => method ?? id);
  assert.ok(order.indexOf("session/update") < order.indexOf(2), "before the session's answer");
  agent.prompt();
  assert.deepEqual((await agent.answer()).result, { stopReason: "refusal" });
  assert.ok(agent.lines.includes("not JSON"));
  const said = agent.updates().slice(1);
  assert.deepEqual(
    said.map(({ content }) => content?.text),
    [`1 in ${agent.folder}`, `2 in ${agent.folder}`],
  );
});

test("what was permitted decides how it goes on, and the log has the answer", async (t) => {
  const agent = await start(t, {
    turns: [
      [
        {
          requestPermission: {
            toolCall: { toolCallId: "a" },
            options: "twoOfAKind",
            ifAllowed: [{ say: "allowed" }],
            ifNot: [{ say: "refused" }],
          },
        },
      ],
    ],
  });
  agent.prompt();
  const asked = await agent.asked("session/request_permission");
  assert.deepEqual(asked.params?.toolCall, { toolCallId: "a" });
  agent.send({ id: asked.id, result: { outcome: { outcome: "selected", optionId: "anywhere" } } });
  await agent.answer();
  assert.equal(agent.updates()[0]?.content?.text, "allowed");
  assert.deepEqual(agent.agent.log().at(-1)?.got?.result, {
    outcome: { outcome: "selected", optionId: "anywhere" },
  });
});

test("a terminal goes through all its requests, and a refused one is a failed call", async (t) => {
  const agent = await start(t, {
    turns: [[{ terminal: { command: "ls", args: ["-l"] } }, { terminal: { command: "rm" } }]],
  });
  agent.prompt();
  const created = await agent.asked("terminal/create");
  assert.equal(created.params?.cwd, agent.folder);
  agent.send({ id: created.id, result: { terminalId: "t" } });
  agent.send({ id: (await agent.asked("terminal/wait_for_exit")).id, result: { exitCode: 0 } });
  agent.send({ id: (await agent.asked("terminal/output")).id, result: { output: "", truncated: false } });
  agent.send({ id: (await agent.asked("terminal/release")).id, result: {} });
  const refused = await agent.until(({ params }) => params?.command === "rm");
  agent.send({ id: refused.id, error: { code: -32_000, message: "no" } });
  await agent.answer();
  assert.deepEqual(
    agent.updates().map(({ status }) => status),
    ["pending", "in_progress", "completed", "pending", "failed"],
  );
});

test("cancelling ends what hangs, unless the script ignores it", async (t) => {
  const obedient = await start(t, { turns: [[{ hang: true }]] });
  obedient.prompt();
  obedient.send({ method: "session/cancel", params: { sessionId: obedient.sessionId } });
  assert.deepEqual((await obedient.answer()).result, { stopReason: "cancelled" });

  const stubborn = await start(t, { turns: [[{ ignoreCancel: true }, { say: "ready" }, { sleep: 100 }]] });
  stubborn.prompt();
  await stubborn.asked("session/update");
  stubborn.send({ method: "session/cancel", params: { sessionId: stubborn.sessionId } });
  assert.deepEqual((await stubborn.answer()).result, { stopReason: "end_turn" });
});

test("it crashes, fails, or outlives its stdin, as the script says", async (t) => {
  const crashing = await start(t, { turns: [[{ stderr: "panic" }, { exit: 101 }]] });
  crashing.prompt();
  assert.deepEqual(await crashing.exited, [101, null]);

  const failing = await start(t, { turns: [[{ fail: { code: -32_000, message: "sign in" } }]] });
  failing.prompt();
  assert.deepEqual((await failing.answer()).error, { code: -32_000, message: "sign in" });
  failing.child.stdin.end();
  assert.deepEqual(await failing.exited, [0, null]);

  const staying = await start(t, { onInitialize: [{ ignoreStdinClose: true }, { ignoreTerm: true }] });
  staying.child.stdin.end();
  staying.child.kill("SIGTERM");
  while (
    !["SIGTERM", "stdin closed"].every((event) => staying.agent.log().some((line) => line.event === event))
  ) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal(staying.child.exitCode, null);
});

test("its own shell leaves the exit code and the output in the log", async (t) => {
  const agent = await start(t, { turns: [[{ shell: { line: "echo hello; exit 3" } }]] });
  agent.prompt();
  await agent.answer();
  const { pid, ...shell } = agent.agent.log().at(-1)?.shell ?? {};
  assert.deepEqual(shell, { line: "echo hello; exit 3", code: 3, output: "hello\n" });
  assert.equal(typeof pid, "number");
});

test("a script with a mistake in it is refused before anything is said", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "interlock-scripted-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const { command, args } = scriptedAgent(folder, { turns: [[{ sya: "Hello" } as never]] });
  const child = spawn(command, args, { stdio: "ignore" });
  assert.deepEqual(await once(child, "exit"), [1, null]);
});
