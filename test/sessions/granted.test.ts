import assert from "node:assert/strict";
import { test } from "node:test";

import type { Step } from "../agents/script.ts";
import { openSession } from "./support/session.ts";

const terminal = (command: string): Step => ({ terminal: { command } });
const permission = (command: string): Step => ({
  requestPermission: { toolCall: { toolCallId: "a", kind: "execute", rawInput: { command } } },
});

test("what was allowed for the session is listed; revoked, it is asked again at once, and that is recorded", async (t) => {
  const line = "frobnicate tidy a";
  const opened = await openSession(
    t,
    { turns: [[terminal(line), terminal(line)], [terminal(line)]] },
    { answer: "allow-session" },
  );
  const { granted } = opened.session;
  assert.deepEqual(granted.list(), []);
  await opened.session.prompt("go");
  const [kind, ...more] = granted.list();
  assert.deepEqual(
    [kind?.what, kind?.covers, kind?.cwd, kind?.until, more],
    ["kind", "frobnicate tidy …", opened.project, null, []],
  );
  assert.equal(opened.of("approval.opened").length, 1);
  assert.ok((await granted.revoke(kind?.id ?? "")).ok);
  assert.deepEqual([granted.list(), opened.notices()], [[], ["grant.revoked"]]);
  await opened.session.prompt("again");
  assert.equal(opened.of("approval.opened").length, 2);
  const record = (await opened.records()).find(({ rule }) => rule === "grant.revoked");
  assert.deepEqual(
    [record?.asked, record?.answeredBy, record?.phase],
    ["revoke frobnicate tidy …", "person", "decision"],
  );
});

test("a permit for a second try is listed with its time, and can be taken back before it is used", async (t) => {
  const line = "touch ${cwd}/../outside/made";
  const opened = await openSession(t, { turns: [[permission(line)], [terminal(line)]] });
  void opened.session.prompt("go");
  const { approval } = await opened.until("approval.opened");
  opened.approvals.giveUp(opened.session.id, approval.call);
  await opened.until("turn.ended");
  const asked: string[] = [];
  opened.approvals.onChange(({ type, approval }) => {
    if (type !== "opened") return;
    asked.push(approval.asked);
    opened.approvals.settle(approval.id, "reject", "person");
  });
  opened.session.again.allowed(approval.call);
  const [permit] = opened.session.granted.list();
  assert.equal(permit?.what, "permit");
  assert.ok((permit?.until ?? 0) > Date.now());
  await opened.session.granted.revoke(permit?.id ?? "");
  await opened.until("turn.ended", ({ turn }) => turn === 2);
  assert.equal(asked.length, 1);
});

test("an id that is unknown, or was revoked before, changes nothing and records nothing", async (t) => {
  const opened = await openSession(t);
  assert.ok((await opened.session.granted.revoke("kind-9")).ok);
  assert.deepEqual([opened.notices(), await opened.records()], [[], []]);
});
