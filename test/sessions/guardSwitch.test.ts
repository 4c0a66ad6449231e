import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { AUDIT_FOLDER } from "../../extension/audit/log.ts";
import { RestorePoints } from "../../extension/restore/points/restorePoints.ts";
import type { Step } from "../agents/script.ts";
import { request } from "../doorways/support.ts";
import { testGit } from "../git/support.ts";
import { commitSome, must, put } from "../restore/points/support.ts";
import { openSession, type TestSession } from "./support/session.ts";

const run = (command: string, id: string): Step[] => [
  request("terminal/create", { command }),
  request("terminal/wait_for_exit", { terminalId: id }),
];

async function changedProject(t: TestContext, ...turns: Step[][]): Promise<TestSession> {
  const opened = await openSession(t, { turns });
  commitSome(opened.project);
  put(opened.project, { "a.txt": "mine\n" });
  return opened;
}

test("with the guard off nothing is asked, all of it is recorded, and what is lost comes back", async (t) => {
  const opened = await changedProject(t, run("git reset -q --hard", "t1"));
  const { session, project } = opened;
  const switched = await session.guard.turn(true);
  assert.ok(switched.ok);
  await session.prompt("go");
  assert.deepEqual(opened.of("approval.opened"), []);
  assert.notEqual(readFileSync(join(project, "a.txt"), "utf8"), "mine\n");
  const records = await opened.records();
  assert.deepEqual(
    records.map(({ asked, rule, verdict, answeredBy, allowed }) => [
      asked,
      rule,
      verdict,
      answeredBy,
      allowed,
    ]),
    [
      ["guard off", "guard.off", "ask", "person", true],
      ["git reset -q --hard", "git.reset.discard", "ask", "grant", true],
      ["git reset -q --hard", "git.reset.discard", "ask", null, null],
    ],
  );
  assert.deepEqual(opened.notices(), ["guard.off"]);
  await session.close();
  const points = new RestorePoints(testGit(process.env), opened.state);
  const point = (await points.list(project)).find(({ reason }) => reason === "command");
  must(await points.apply(project, point?.id ?? ""));
  assert.equal(readFileSync(join(project, "a.txt"), "utf8"), "mine\n");
});

test("off lifts refusals too, but for what would change the record or the policy itself", async (t) => {
  const opened = await changedProject(
    t,
    run("git push -q --force . main:main", "t1"),
    run(`rm -rf ${AUDIT_FOLDER}`, "t2"),
  );
  execFileSync("git", ["branch", "-q", "-M", "main"], { cwd: opened.project });
  await opened.session.guard.turn(true);
  await opened.session.prompt("go");
  await opened.session.prompt("go");
  const [push, remove] = opened.rows();
  assert.equal(push?.rule, "git.push.protected");
  assert.notEqual(push?.status, "refused");
  assert.equal(remove?.status, "refused");
  assert.equal(existsSync(join(opened.project, AUDIT_FOLDER)), true);
});

test("on again it asks, and a new agent begins guarded", async (t) => {
  const opened = await changedProject(t, run("git reset -q --hard", "t1"), [{ exit: 1 }]);
  const { session, project } = opened;
  await session.guard.turn(true);
  await session.guard.turn(false);
  const prompted = session.prompt("go");
  const { approval } = await opened.until("approval.opened");
  opened.approvals.settle(approval.id, "reject", "person");
  await prompted;
  assert.equal(readFileSync(join(project, "a.txt"), "utf8"), "mine\n");
  await session.guard.turn(true);
  await session.prompt("end");
  await opened.until("session.state", ({ state }) => state.name === "crashed");
  assert.equal(session.guard.off, false);
  const switches = (await opened.records()).filter(({ asked }) => asked.startsWith("guard "));
  assert.deepEqual(
    switches.map(({ asked, answeredBy }) => [asked, answeredBy]),
    [
      ["guard off", "person"],
      ["guard on", "person"],
      ["guard off", "person"],
      ["guard on", "nobody"],
    ],
  );
  // Off while no agent runs is over with the next one, too.
  await session.guard.turn(true);
  await session.restart();
  assert.equal(session.guard.off, false);
});

test("off can't be had where it can't be recorded", async (t) => {
  const opened = await changedProject(t);
  await rm(join(opened.project, AUDIT_FOLDER), { recursive: true });
  const switched = await opened.session.guard.turn(true);
  assert.equal(switched.ok, false);
  assert.equal(opened.session.guard.off, false);
});

test("the end is in the record also where the session is closed while it is off", async (t) => {
  const opened = await changedProject(t);
  await opened.session.guard.turn(true);
  await opened.session.trust.note(true, "person");
  await opened.session.close();
  const switches = (await opened.records()).map(({ asked, rule, answeredBy }) => [asked, rule, answeredBy]);
  assert.deepEqual(switches, [
    ["guard off", "guard.off", "person"],
    ["trusting on", "trusting.on", "person"],
    ["guard on", "guard.on", "nobody"],
    ["trusting off", "trusting.off", "nobody"],
  ]);
});

test("trusting is in the record with its beginning and its end, each once, and isn't where it can't be", async (t) => {
  const opened = await changedProject(t);
  const { trust } = opened.session;
  for (const [trusting, by] of [
    [true, "person"],
    [true, "person"],
    [false, "nobody"],
    [false, "person"],
  ] as const) {
    assert.ok((await trust.note(trusting, by)).ok);
  }
  assert.deepEqual(
    (await opened.records()).map(({ asked, answeredBy }) => [asked, answeredBy]),
    [
      ["trusting on", "person"],
      ["trusting off", "nobody"],
    ],
  );
  await rm(join(opened.project, AUDIT_FOLDER), { recursive: true });
  assert.equal((await trust.note(true, "person")).ok, false);
  assert.equal(trust.loose, false);
});
