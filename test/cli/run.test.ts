import assert from "node:assert/strict";
import { test } from "node:test";

import type { SessionEvent } from "../../extension/events/event.ts";
import type { Step } from "../agents/script.ts";
import { auditLines } from "../harness/audit.ts";
import { startRun } from "./support.ts";

const run = (command: string, more: object = {}): Step => ({ terminal: { command, ...more } });

/** Durations differ from run to run. */
function untimed(text: string): string {
  return text.replace(/\d+\.\d s/g, "# s");
}

test("what is printed reads as a conversation: messages apart, commands with their output and end", async (t) => {
  const { ended, stdout, stderr, project } = await startRun(t, {
    turns: [
      [
        { thought: "not shown" },
        { say: "I'll look at the tests." },
        { say: "Then I'll write one." },
        run("echo one; echo two"),
        run("printf 'no newline'"),
        run("exit 3"),
        { writeFile: { path: "${cwd}/a.txt", content: "a\nb\n" } },
        { readFile: { path: "${cwd}/a.txt" } },
        { readFile: { path: "${cwd}/missing.txt" } },
        { toolCall: { toolCallId: "x", title: "Search the web", kind: "fetch" } },
        { toolUpdate: { toolCallId: "x", status: "completed" } },
        { say: "Done:" },
        { update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text: " all of it." } } },
      ],
    ],
  });
  assert.equal(await ended, 0);
  assert.equal(stderr(), "");
  assert.equal(
    untimed(stdout()).replaceAll(project, "~"),
    `I'll look at the tests.

Then I'll write one.

$ echo one; echo two
one
two
  done · exit 0 · # s
$ printf 'no newline'
no newline
  done · exit 0 · # s
$ exit 3
  failed · exit 3 · # s
edit ~/a.txt +2 −0
read ~/a.txt
read ~/missing.txt · failed: There is no file “~/missing.txt”.
tool Search the web · seen afterwards

Done:

 all of it.
`,
  );
});

test("an ask is refused with the reason, for the person and for the agent, and nothing runs", async (t) => {
  const { ended, stdout, agent } = await startRun(t, {
    turns: [[run("frobnicate --all"), { say: "I couldn't." }]],
  });
  assert.equal(await ended, 1);
  assert.equal(
    stdout(),
    `$ frobnicate --all
  held: What this program does is not known.
  refused: This needs a person's yes, and nobody can be asked. What this program does is not known.

I couldn't.
`,
  );
  const refusals = agent
    .log()
    .flatMap(({ got }) => (got?.error as { message?: string } | undefined)?.message ?? []);
  assert.match(refusals.join(), /^interlock: This needs a person's yes, and nobody can be asked\./);
});

test("what a rule refuses is told by the exit status, too", async (t) => {
  const { ended, stdout } = await startRun(t, {
    turns: [[run("git push --force origin main"), { say: "I couldn't." }]],
  });
  assert.equal(await ended, 1);
  assert.match(stdout(), /refused: Refused by rule git\.push\.protected/);
});

test("control characters of an agent are shown, not obeyed", async (t) => {
  const { ended, stdout } = await startRun(t, {
    turns: [[{ say: "\u001b[2Jcleared\u202e" }, run("printf '\\033]0;owned\\007'")]],
  });
  assert.equal(await ended, 0);
  assert.ok(!/[\u0000-\u0009\u000b-\u001f\u202e]/.test(stdout()), JSON.stringify(stdout()));
  assert.match(stdout(), /\\x1b\[2Jcleared/);
});

test("with --json each line is an event, numbered without a gap, and standard error is empty", async (t) => {
  const { ended, events, stderr } = await startRun(
    t,
    { turns: [[{ say: "hello" }, run("frobnicate")]] },
    { args: ["--json"] },
  );
  assert.equal(await ended, 1);
  assert.equal(stderr(), "");
  const told = events();
  assert.deepEqual(
    told.map(({ seq }) => seq),
    told.map((_, index) => index + 1),
  );
  const last = told.at(-1);
  assert.ok(last?.type === "session.state" && last.state.name === "ended");
  const order = told.map(({ type }) => type).filter((type) => type.startsWith("approval"));
  assert.deepEqual(order, ["approval.opened", "approval.settled"], "first asked, then settled");
  const settled = told.find((event): event is Extract<SessionEvent, { type: "approval.settled" }> => {
    return event.type === "approval.settled";
  });
  assert.deepEqual(settled?.settlement, { choice: "reject", by: "nobody-there" });
});

for (const [what, steps] of [
  ["refuses", [{ stop: "refusal" }]],
  ["runs out of tokens", [{ stop: "max_tokens" }]],
  ["answers with an error", [{ fail: { code: -32_603, message: "overloaded" } }]],
] as const) {
  test(`a turn in which the agent ${what} is no success`, async (t) => {
    const { ended } = await startRun(t, { turns: [[...steps]] });
    assert.equal(await ended, 1);
  });
}

test("an agent that crashes is told with its last words", async (t) => {
  const { ended, stderr } = await startRun(t, { turns: [[{ stderr: "out of memory" }, { exit: 9 }]] });
  assert.equal(await ended, 1);
  assert.equal(
    stderr(),
    "interlock: Scripted stopped (exit code 9). Restart it. What it said last is shown below.\n  out of memory\n",
  );
});

test("an agent that crashes without a word is not said to have spoken", async (t) => {
  const { ended, stderr } = await startRun(t, { turns: [[{ exit: 9 }]] });
  assert.equal(await ended, 1);
  assert.equal(stderr(), "interlock: Scripted stopped (exit code 9). Restart it. It said nothing of why.\n");
});

test("an agent that can't be started is told with what to do", async (t) => {
  const agents = JSON.stringify([{ id: "scripted", name: "Gone", command: "no-such-agent" }]);
  const { ended, stderr, stdout } = await startRun(t, {}, { agents });
  assert.equal(await ended, 1);
  assert.match(
    stderr(),
    /^interlock: Gone could not be started: “no-such-agent” was not found\. Install it, or correct its command in “.*agents\.json”\.\n$/,
  );
  assert.equal(stdout(), "");
});

test("an agent that doesn't exist is answered with those that do", async (t) => {
  const { ended, stderr } = await startRun(t, {}, { agents: "[]" });
  assert.equal(await ended, 1);
  assert.match(
    stderr(),
    /^interlock: There is no agent “scripted”\. Known agents: builtin\. Others are added in “.*agents\.json”\.\n$/,
  );
});

test("a file of agents that is no JSON is named", async (t) => {
  const { ended, stderr } = await startRun(t, {}, { agents: "{" });
  assert.equal(await ended, 1);
  assert.match(stderr(), /^interlock: “.*agents\.json” can't be read: .* It is a JSON list of agents/);
});

test("a broken entry among the agents is named, and the others work", async (t) => {
  const broken = '{"id":"Broken One","name":"","command":"x"}';
  const { ended, stderr } = await startRun(
    t,
    { turns: [[{ say: "hello" }]] },
    { agents: `[${broken}]`, args: ["--agent", "builtin"], prompt: "/run true" },
  );
  assert.equal(await ended, 0);
  assert.match(
    stderr(),
    /^interlock: Agent number 1 \(“Broken One”\) can't be used: .* Correct it in “.*agents\.json”\.\n$/,
  );
});

test("the record and the folder of a project without git are made, and say what happened", async (t) => {
  const { ended, project } = await startRun(t, { turns: [[run("true")]] });
  assert.equal(await ended, 0);
  assert.equal((await auditLines(project)).length, 2);
});
