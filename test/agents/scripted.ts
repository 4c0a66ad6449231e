/**
 * An agent that does what a script says, for tests of hosts:
 *
 *     node test/agents/scripted.ts SCRIPT.json [LOG.jsonl]
 *
 * What a script can say stands in script.ts. Everything that the host sends, and a few other things, are appended to
 * the log (log.ts). Tests get the command line and the log from start.ts.
 */
import { readFileSync } from "node:fs";

import * as z from "zod/mini";

import { record } from "./log.ts";
import { type Hook, hookOf } from "./hook.ts";
import { Peer, type Answer } from "./peer.ts";
import { perform, type Ending, type Habits, type Stage } from "./perform.ts";
import { Script, type Step } from "./script.ts";

const [, , file = ""] = process.argv;
const script = z.parse(Script, JSON.parse(readFileSync(file, "utf8")));
const peer = new Peer();
const habits: Habits = { ignoreCancel: false, ignoreStdinClose: false, calls: 0 };
const folders = new Map<string, string>();
const turns = new Map<string, AbortController>();
let prompts = 0;
let hooks: Hook | undefined;

function stage(sessionId: string, signal = new AbortController().signal): Stage {
  return { peer, sessionId, cwd: folders.get(sessionId) ?? process.cwd(), signal, habits, hooks };
}

async function handle(method: string, params: Record<string, unknown>): Promise<Answer> {
  const sessionId = String(params["sessionId"]);
  const instead = script.answers?.[method] as Answer | undefined;
  switch (method) {
    case "initialize":
      return answer(await perform(stage(""), script.onInitialize ?? []), instead ?? { result: hello() });
    case "session/new":
      hooks = hookOf(params, process.env);
      return openSession(String(params["cwd"]), instead);
    case "session/prompt":
      return instead ?? prompt(sessionId);
    case "session/cancel":
      if (!habits.ignoreCancel) {
        turns.get(sessionId)?.abort();
      }
      return { result: null };
    default:
      return instead ?? { error: { code: -32_601, message: `no such method: ${method}` } };
  }
}

function hello(): object {
  return {
    protocolVersion: 1,
    agentInfo: { name: "scripted", title: "Scripted", version: "0.0.0" },
    agentCapabilities: {},
    authMethods: [],
    ...script.hello,
  };
}

async function openSession(cwd: string, instead: Answer | undefined): Promise<Answer> {
  const sessionId = `scripted-${process.pid}-${folders.size + 1}`;
  folders.set(sessionId, cwd);
  const ending = await perform(stage(sessionId), script.onSession ?? []);
  // After the answer, which is sent as soon as this function has returned.
  setImmediate(() => void perform(stage(sessionId), script.afterSession ?? []));
  return answer(ending, instead ?? { result: { sessionId, ...script.session } });
}

async function prompt(sessionId: string): Promise<Answer> {
  const turn = new AbortController();
  turns.set(sessionId, turn);
  const steps: readonly Step[] = script.turns?.[prompts] ?? script.turns?.at(-1) ?? [];
  prompts += 1;
  const ending = await perform(stage(sessionId, turn.signal), steps);
  return answer(ending, { result: { stopReason: ending && "stop" in ending ? ending.stop : "end_turn" } });
}

function answer(ending: Ending, usual: Answer): Answer {
  return ending && "error" in ending ? ending : usual;
}

record({ started: { pid: process.pid, cwd: process.cwd(), env: process.env as Record<string, string> } });
peer.listen(handle, () => {
  record({ event: "stdin closed" });
  if (!habits.ignoreStdinClose) {
    process.exit(0);
  }
});
