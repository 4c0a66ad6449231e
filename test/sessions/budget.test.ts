import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

import { SpendLedger } from "../../extension/audit/spend.ts";
import type { Step } from "../agents/script.ts";
import { tempDir } from "../harness/temp.ts";
import { openSession, type Options, type TestSession } from "./support/session.ts";

const cost = (amount: number, currency = "USD"): Step => ({
  update: { sessionUpdate: "usage_update", used: 10, size: 100, cost: { amount, currency } },
});

async function costing(t: TestContext, turns: Step[][], spend: Options["spend"], more: Options = {}) {
  return openSession(t, { turns }, { ...(spend === undefined ? {} : { spend }), ...more });
}

/** Prompts that the agent got. */
function prompts({ agent }: TestSession): string[] {
  return agent.log().flatMap(({ got }) => {
    if (got?.method !== "session/prompt") return [];
    const { prompt } = got.params as { prompt: { text: string }[] };
    return [prompt.map(({ text }) => text).join("")];
  });
}

test("at the limit of a session the next prompt waits, and goes when the person says so", async (t) => {
  const opened = await costing(t, [[cost(0.75)], [cost(1.25)], [{ say: "on" }]], { perRun: 1, perDay: null });
  const { session } = opened;
  await session.prompt("one");
  assert.equal(session.budget.check(), null);
  // Past the limit in the middle: the turn goes on to its end.
  assert.equal(await session.prompt("two"), "end_turn");
  const { problem } = await opened.until("session.held");
  assert.equal(problem?.message, "This session has cost $1.25; the policy's limit is $1.00 a session.");
  await assert.rejects(session.prompt("three"), /has cost \$1\.25/);
  assert.deepEqual(prompts(opened), ["one", "two"]);
  const gone = await session.budget.goOn();
  assert.ok(gone.ok);
  await opened.until("turn.ended", ({ turn }) => turn === 3);
  assert.deepEqual(prompts(opened), ["one", "two", "three"]);
  assert.equal(opened.of("session.held").at(-1)?.problem, null);
  await session.prompt("four");
  const record = (await opened.records()).find(({ rule }) => rule === "spend.limit");
  assert.deepEqual(
    [record?.asked, record?.answeredBy, record?.allowed],
    ["spend past the limit", "person", true],
  );
});

test("what agents count is cumulative, and begins anew with a new process", async (t) => {
  const opened = await costing(t, [[cost(0.4), cost(0.4), cost(0.5)], [{ exit: 1 }]], {
    perRun: 10,
    perDay: null,
  });
  const { session, state } = opened;
  const ledger = new SpendLedger(state);
  await session.prompt("one");
  await session.budget.kept();
  assert.equal(ledger.today()?.toFixed(2), "0.50");
  await session.prompt("two");
  await opened.until("session.state", ({ state: { name } }) => name === "crashed");
  await session.restart();
  await session.prompt("three");
  await session.budget.kept();
  assert.equal(ledger.today()?.toFixed(2), "1.00");
});

test("a limit a day is for all hosts together, and is kept where only the person can read it", async (t) => {
  const opened = await costing(t, [[cost(0.5)]], { perRun: null, perDay: 3 });
  const { session, state } = opened;
  await session.prompt("one");
  // Another window, and a run on the command line.
  const others = [new SpendLedger(state), new SpendLedger(state)];
  await Promise.all(
    others.flatMap((ledger) => [1, 2, 3].map(() => ledger.add({ session: "s", agent: "a", usd: 0.5 }))),
  );
  await assert.rejects(
    session.prompt("two"),
    /Your agents have cost \$3\.50 today; the policy's limit is \$3\.00/,
  );
  const [name = "", ...more] = readdirSync(join(state, "spend"));
  assert.deepEqual(more, []);
  assert.match(name, /^\d{4}-\d\d-\d\d\.jsonl$/);
  const path = join(state, "spend", name);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const lines = readFileSync(path, "utf8").trim().split("\n");
  assert.equal(lines.length, 7);
  assert.equal((JSON.parse(lines[0] ?? "") as { v: number }).v, 1);
});

test("the day ends at the person's midnight; lines that can't be read count for nothing", async (t) => {
  const state = join(await tempDir(t), "state");
  let now = new Date(2026, 4, 3, 23, 59);
  const ledger = new SpendLedger(state, () => now);
  assert.equal(ledger.today(), 0);
  await ledger.add({ session: "s", agent: "a", usd: 2 });
  await writeFile(join(state, "spend", "2026-05-03.jsonl"), '{"v":9,"usd":5}\n{"v":1,"us', { flag: "a" });
  assert.equal(ledger.today(), 2);
  now = new Date(2026, 4, 4, 0, 1);
  assert.equal(ledger.today(), 0);
});

test("a turn that reaches twice the limit is stopped; not after the person said to go on", async (t) => {
  const runaway: Step[] = [cost(1), cost(2.5), { sleep: 30_000 }, { say: "never said" }];
  const opened = await costing(t, [runaway, [cost(9)]], { perRun: 1, perDay: null });
  const { session } = opened;
  assert.equal(await session.prompt("go"), "cancelled");
  assert.ok(opened.notices().includes("spend.stopped"));
  assert.equal(opened.said(), "");
  await session.budget.goOn();
  assert.equal(await session.prompt("again"), "end_turn");
});

test("unknown cost is said to be unknown where there is a limit, once; it isn't zero", async (t) => {
  const opened = await costing(t, [[{ say: "hi" }]], { perRun: null, perDay: 3 });
  await opened.session.prompt("one");
  await opened.session.prompt("two");
  const notices = opened.of("notice").filter(({ problem }) => problem.code === "spend.unknown");
  assert.deepEqual(
    notices.map(({ problem }) => problem.message),
    ["Scripted hasn't said what it costs: that is unknown, and the limit of $3.00 a day can't be kept."],
  );
  const euros = await costing(t, [[cost(50, "EUR")]], { perRun: 1, perDay: null });
  await euros.session.prompt("one");
  await euros.session.prompt("two");
  assert.match(
    euros.of("notice").find(({ problem }) => problem.code === "spend.unknown")?.problem.message ?? "",
    /says what it costs in EUR: the limit of \$1\.00 a session, in US dollars, can't be kept/,
  );
  const free = await costing(t, [[{ say: "hi" }]], { perRun: null, perDay: null });
  await free.session.prompt("one");
  assert.equal(free.notices().includes("spend.unknown"), false);
});

test("where a day's sum can't be kept, a limit a day holds what comes next", async (t) => {
  const base = await tempDir(t);
  await mkdir(join(base, "state"));
  await writeFile(join(base, "state", "spend"), "no folder");
  const opened = await costing(t, [[cost(0.1)]], { perRun: null, perDay: 3 }, { base });
  await opened.session.prompt("one");
  await opened.session.budget.kept();
  await assert.rejects(opened.session.prompt("two"), /can't be read or kept/);
  await opened.session.budget.goOn();
  await opened.until("turn.ended", ({ turn }) => turn === 2);
});

test("what can't be recorded is not gone past", async (t) => {
  const opened = await costing(t, [[cost(2)]], { perRun: 1, perDay: null });
  await opened.session.prompt("one");
  await rm(join(opened.project, "agent-audit"), { recursive: true });
  assert.equal((await opened.session.budget.goOn()).ok, false);
  await assert.rejects(opened.session.prompt("two"), /has cost/);
});
