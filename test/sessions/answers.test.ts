import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import type { Approval, Choice } from "../../extension/approvals/approval.ts";
import type { Step } from "../agents/script.ts";
import { openSession, type TestSession } from "./support/session.ts";

const terminal = (command: string): Step => ({ terminal: { command } });
const permission = (command: string, toolCallId = "a"): Step => ({
  requestPermission: { toolCall: { toolCallId, kind: "execute", rawInput: { command } } },
});

/** Answers the questions in their order, and keeps them. */
async function answered(
  t: TestContext,
  turns: Step[][],
  answers: readonly { readonly choice: Choice; readonly reason?: string }[],
): Promise<{ readonly opened: TestSession; readonly asked: readonly Approval[] }> {
  const opened = await openSession(t, { turns });
  const asked: Approval[] = [];
  opened.approvals.onChange(({ type, approval }) => {
    if (type !== "opened") return;
    const answer = answers[asked.push(approval) - 1];
    if (answer !== undefined) opened.approvals.settle(approval.id, answer.choice, "person", answer.reason);
  });
  await opened.session.prompt("go");
  return { opened, asked };
}

const prompts = (opened: TestSession) =>
  opened.of("turn.started").map(({ prompt, origin }) => [origin ?? "typed", prompt]);

test("a yes for the session covers the same program and subcommand with other arguments, and no other", async (t) => {
  const commands = [
    "frobnicate tidy a.txt",
    "frobnicate tidy b.txt",
    "frobnicate wipe b.txt",
    "frobnicate tidy --all",
  ];
  const { opened, asked } = await answered(
    t,
    [commands.map(terminal)],
    [{ choice: "allow-session" }, { choice: "reject" }, { choice: "reject" }],
  );
  assert.deepEqual(
    asked.map((approval) => approval.asked),
    ["frobnicate tidy a.txt", "frobnicate wipe b.txt", "frobnicate tidy --all"],
  );
  assert.equal(asked[0]?.covers, "frobnicate tidy …");
  assert.deepEqual(
    opened.rows().map(({ answeredBy }) => answeredBy),
    ["person", "grant", "person", "person"],
  );
});

test("a yes for the session to what starts another program covers that program alone", async (t) => {
  const commands = ["frobnicate exec one a", "frobnicate exec one b", "frobnicate exec two a"];
  const { asked } = await answered(
    t,
    [commands.map(terminal)],
    [{ choice: "allow-session" }, { choice: "reject" }],
  );
  assert.deepEqual(
    asked.map((approval) => approval.asked),
    ["frobnicate exec one a", "frobnicate exec two a"],
  );
  assert.equal(asked[0]?.covers, "frobnicate exec one …");
});

test("code that was not looked into is the same kind only where it is the same text", async (t) => {
  const steps = ['eval "$X"', 'eval "$X"', 'eval "$Y"'].map(terminal);
  const { asked } = await answered(t, [steps], [{ choice: "allow-session" }, { choice: "reject" }]);
  assert.deepEqual(
    asked.map((approval) => approval.asked),
    ['eval "$X"', 'eval "$Y"'],
  );
});

test("a yes for the session is not offered for what would lose work, nor for what can't be taken back", async (t) => {
  const steps = [terminal("rm -rf /etc/interlock-test"), terminal("npm publish")];
  const { asked } = await answered(t, [steps], [{ choice: "reject" }, { choice: "reject" }]);
  assert.deepEqual(
    asked.map(({ choices, covers }) => [choices.includes("allow-session"), covers]),
    [
      [false, undefined],
      [false, undefined],
    ],
  );
});

test("a question names the rule, and the words of the command that it is about", async (t) => {
  const commands = ["ls; frobnicate 'x y' && ls", "frobnicate 'x y'", "cat a.txt .env"];
  const { asked } = await answered(
    t,
    [commands.map(terminal)],
    commands.map(() => ({ choice: "reject" })),
  );
  assert.deepEqual(
    asked.map(({ rule, words }) => [rule, words]),
    [
      ["unclear.program", "frobnicate x y"],
      ["unclear.program", undefined],
      ["secret.read", ".env"],
    ],
  );
});

test("files are of one kind by their folder", async (t) => {
  const opened = await openSession(t, {
    turns: [
      ["a.txt", "b.txt", "deep/c.txt"].map((name) => ({
        writeFile: { path: `\${cwd}/../outside/${name}`, content: "x" },
      })),
    ],
  });
  const asked: Approval[] = [];
  opened.approvals.onChange(({ type, approval }) => {
    if (type === "settled") return;
    asked.push(approval);
    opened.approvals.settle(approval.id, asked.length === 1 ? "allow-session" : "reject", "person");
  });
  await opened.session.prompt("go");
  assert.equal(asked.length, 2);
  assert.equal(asked[0]?.covers, `write ${join(opened.base, "outside")}/…`);
  assert.equal(existsSync(join(opened.base, "outside", "b.txt")), true);
  assert.equal(existsSync(join(opened.base, "outside", "deep")), false);
});

test("a write that is asked shows what it would change, before it does", async (t) => {
  const { opened, asked } = await answered(
    t,
    [[{ writeFile: { path: "${cwd}/../outside/a.txt", content: "one\ntwo\n" } }]],
    [{ choice: "reject" }],
  );
  assert.deepEqual([asked[0]?.act, asked[0]?.file], ["write", join(opened.base, "outside", "a.txt")]);
  const [diff] = opened.row().diffs ?? [];
  assert.deepEqual([diff?.added, diff?.oldText, diff?.newText], [2, null, "one\ntwo\n"]);
  assert.equal(opened.row().status, "rejected");
});

test("a reason is in the answer where that can hold one", async (t) => {
  const { opened, asked } = await answered(
    t,
    [[terminal("frobnicate")]],
    [{ choice: "reject", reason: "Use make instead." }],
  );
  assert.equal(asked[0]?.reasonGoes, "answer");
  assert.match(JSON.stringify(opened.answers()), /rejected this, and says: “Use make instead\.”/);
  assert.deepEqual(prompts(opened), [["typed", "go"]]);
});

test("a reason goes as the next prompt, seen as such, where an answer can't hold one", async (t) => {
  const { opened, asked } = await answered(
    t,
    [[permission("frobnicate")], [{ say: "All right." }]],
    [{ choice: "reject", reason: "Use make instead." }],
  );
  assert.equal(asked[0]?.reasonGoes, "prompt");
  await opened.until("turn.ended", ({ turn }) => turn === 2);
  assert.deepEqual(prompts(opened), [
    ["typed", "go"],
    ["reason", "I rejected `frobnicate`: Use make instead."],
  ]);
});

test("rejecting can stop the turn as well, which sends no reason afterwards", async (t) => {
  const turn = [permission("frobnicate a", "a"), permission("frobnicate b", "b"), { hang: true } as const];
  const { opened } = await answered(
    t,
    [turn, [{ say: "never" }]],
    [{ choice: "reject", reason: "Not this one." }, { choice: "reject-stop" }],
  );
  await opened.until("session.state", ({ state }) => state.name === "ready" && opened.session.turn === 1);
  assert.equal((await opened.until("turn.ended")).stop, "cancelled");
  assert.equal(opened.rows().at(-1)?.status, "rejected");
  assert.deepEqual(prompts(opened), [["typed", "go"]]);
});

test("what the agent stopped waiting for did not run, and it can be told to try again, once", async (t) => {
  const line = "touch ${cwd}/../outside/made";
  const opened = await openSession(t, {
    turns: [[permission(line)], [terminal(line), terminal(line)]],
  });
  void opened.session.prompt("go");
  const { approval } = await opened.until("approval.opened");
  opened.approvals.giveUp(opened.session.id, approval.call);
  const { settlement } = await opened.until("approval.settled");
  assert.equal(settlement.by, "gave-up");
  await opened.until("turn.ended");
  const { status, problem } = opened.row();
  assert.deepEqual([status, problem?.code], ["cancelled", "gave-up"]);
  opened.approvals.onChange(({ type, approval }) => {
    if (type === "opened") opened.approvals.settle(approval.id, "reject", "person");
  });
  assert.equal(opened.session.again.allowed(approval.call), true);
  assert.equal(opened.session.again.allowed(approval.call), false);
  await opened.until("turn.ended", ({ turn }) => turn === 2);
  assert.equal(prompts(opened)[1]?.[0], "retry");
  assert.deepEqual(
    opened.rows().map(({ answeredBy }) => answeredBy),
    ["nobody", "grant", "person"],
  );
});

test("a twenty-first question is refused with the reason, and nobody is asked", async (t) => {
  const opened = await openSession(t, { turns: [[terminal("frobnicate")]] });
  const waiting = new AbortController().signal;
  const base = {
    session: opened.session.id,
    call: "x",
    kind: "unclear",
    act: "command",
    asked: "x",
  } as const;
  const more = {
    cwd: "/",
    rule: "unclear",
    reason: "",
    openedAt: 0,
    choices: ["reject"],
    reasonGoes: "answer",
  } as const;
  for (let n = 0; n < 20; n += 1) void opened.approvals.open({ ...base, ...more }, waiting);
  await opened.session.prompt("go");
  assert.equal(opened.row().status, "refused");
  assert.equal(opened.row().problem?.code, "too-many-questions");
  assert.match(JSON.stringify(opened.answers()), /20 of your questions wait already/);
});
