import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test, type TestContext } from "node:test";

import type { Step } from "../agents/script.ts";
import { eventually, markedProcesses } from "../harness/processes.ts";
import { openSession, type TestSession } from "./support/session.ts";

const MARK = "LEFT_MARK";

/** Everything that an agent can leave: each line runs processes that wear the mark. */
function leaving(mark: string): Step[] {
  const marked = (line: string): string => `export ${MARK}=${mark}; ${line}`;
  const own = (line: string): Step => ({ shell: { line: marked(line), wait: false } });
  const through = (line: string): Step => ({
    request: { method: "terminal/create", params: { command: "sh", args: ["-c", marked(line)] } },
  });
  return [
    own("exec sleep 1001"),
    own("trap '' TERM HUP; while :; do sleep 1; done"),
    own("exec setsid sleep 1002"),
    own("(setsid sleep 1003 >/dev/null 2>&1 &)"),
    through("exec sleep 1004"),
    through("trap '' TERM HUP; while :; do sleep 1; done"),
    through("exec setsid sleep 1005"),
    through("setsid sleep 1006 >/dev/null 2>&1 & echo over"),
  ];
}

/** Of each line one at least. */
const PROCESSES = 8;

interface Busy {
  readonly opened: TestSession;
  readonly prompt: Promise<unknown>;
  readonly left: () => Promise<number[]>;
}

async function busy(t: TestContext, before: Step[] = []): Promise<Busy> {
  const mark = randomUUID();
  const left = (): Promise<number[]> => markedProcesses(MARK, mark);
  const opened = await openSession(t, { turns: [[...before, ...leaving(mark), { hang: true }]] });
  t.after(async () => {
    for (const pid of await left()) process.kill(pid, "SIGKILL");
  });
  const prompt = opened.session.prompt("go");
  await opened.until("output", ({ text }) => text.includes("over"));
  await eventually("all run", async () => (await left()).length >= PROCESSES);
  return { opened, prompt, left };
}

function agentPid({ agent }: TestSession): number {
  return agent.log().findLast(({ started }) => started)?.started?.pid ?? -1;
}

test("closing the session leaves no process, whether it left its group, ignores SIGTERM or outlived its command", async (t) => {
  const { opened, prompt, left } = await busy(t);
  await opened.session.close();
  await prompt;
  assert.deepEqual(await left(), []);
});

test("closing leaves none of an agent that ignores its closed stdin and SIGTERM", async (t) => {
  const { opened, prompt, left } = await busy(t, [{ ignoreStdinClose: true }, { ignoreTerm: true }]);
  await opened.session.close();
  await prompt;
  assert.deepEqual(await left(), []);
});

test("killing the agent leaves no process", async (t) => {
  const { opened, prompt, left } = await busy(t);
  process.kill(agentPid(opened), "SIGKILL");
  await prompt;
  await eventually("the session knows", () => opened.session.state.name === "crashed");
  assert.deepEqual(await left(), []);
});

test("stopping a turn leaves nothing of its commands, also of those that are over", async (t) => {
  const mark = randomUUID();
  const left = (): Promise<number[]> => markedProcesses(MARK, mark);
  const line = `export ${MARK}=${mark}; sleep 1007 & echo over`;
  const create = { method: "terminal/create", params: { command: "sh", args: ["-c", line] } };
  const opened = await openSession(t, { turns: [[{ request: create }, { hang: true }]] });
  const prompt = opened.session.prompt("go");
  await opened.untilRow(({ status }) => status === "done");
  assert.equal((await left()).length, 1);
  await opened.session.cancel(500);
  await prompt;
  assert.deepEqual(await left(), []);
});
