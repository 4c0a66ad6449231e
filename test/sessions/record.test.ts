import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { AUDIT_FOLDER } from "../../extension/audit/log.ts";
import type { Step } from "../agents/script.ts";
import { tempDir } from "../harness/temp.ts";
import { makeSession, openSession, type TestSession } from "./support/session.ts";

const create = (command: string): Step => ({ request: { method: "terminal/create", params: { command } } });
const wait = (terminalId: string): Step => ({
  request: { method: "terminal/wait_for_exit", params: { terminalId } },
});
const write = (name: string): Step => ({ writeFile: { path: `\${cwd}/${name}`, content: "new\n" } });
const read = (name: string): Step => ({ readFile: { path: `\${cwd}/${name}` } });

/** A read, two writes by different doorways, and something that asks. */
const EVERYTHING: Step[] = [
  read("a.txt"),
  create("cat a.txt"),
  write("b.txt"),
  create("touch c.txt"),
  create("frobnicate"),
  { readFile: { path: "/etc/hostname" } },
];

async function turns(t: TestContext, ...steps: Step[][]): Promise<TestSession> {
  const opened = await openSession(t, { turns: steps });
  await writeFile(join(opened.project, "a.txt"), "old\n");
  return opened;
}

/** What became of `EVERYTHING` where nothing can be recorded. */
async function assertHeldBack(opened: TestSession, code: string): Promise<void> {
  await opened.session.prompt("go");
  await opened.untilRow(({ asked, status }) => asked === "cat a.txt" && status === "done");
  assert.deepEqual(
    opened.rows().map(({ kind, status, problem }) => [kind, status, problem?.code]),
    [
      ["read", "done", undefined],
      ["command", "done", undefined],
      ["edit", "refused", code],
      ["command", "refused", code],
      ["command", "refused", code],
      ["read", "refused", code],
    ],
  );
  assert.deepEqual(opened.of("approval.opened"), [], "nobody is asked what could not be honoured");
  assert.equal(existsSync(join(opened.project, "b.txt")), false);
  assert.equal(existsSync(join(opened.project, "c.txt")), false);
  assert.deepEqual(opened.notices(), [code], "told once");
  const { state } = opened.session.place.audit;
  assert.equal(!state.writable && state.problem.code, code);
}

test("a decision is on the disk before the act, and its effect comes after", async (t) => {
  const opened = await turns(t, [create(`cat ${AUDIT_FOLDER}/*.log > seen.txt`), wait("t1")]);
  await opened.session.prompt("go");
  const seen = await readFile(join(opened.project, "seen.txt"), "utf8");
  const [decision, ...more] = seen.trim().split("\n");
  assert.deepEqual(more, [], "one record before the act");
  const records = await opened.records();
  assert.deepEqual(JSON.parse(decision ?? ""), records[0]);
  assert.deepEqual(
    records.map(({ phase, allowed, exit, ms }) => [phase, allowed, exit, typeof ms]),
    [
      ["decision", true, null, "object"],
      ["effect", null, 0, "number"],
    ],
  );
  assert.equal(records[1]?.prev, records[0]?.hash);
});

test("the record is for the person alone to read", async (t) => {
  const opened = await turns(t, [create("ls")]);
  await opened.session.prompt("go");
  const folder = join(opened.project, AUDIT_FOLDER);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  for (const name of await readdir(folder)) {
    assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600);
  }
});

test("what was refused, rejected or cancelled has a decision and no effect", async (t) => {
  const opened = await openSession(
    t,
    { turns: [[create("frobnicate"), write(`${AUDIT_FOLDER}/x.log`)]] },
    { answer: "reject" },
  );
  await opened.session.prompt("go");
  assert.deepEqual(
    (await opened.records()).map(({ phase, verdict, allowed, answeredBy }) => [
      phase,
      verdict,
      allowed,
      answeredBy,
    ]),
    [
      ["decision", "ask", false, "person"],
      ["decision", "deny", false, null],
    ],
  );
});

test("a removed folder: what writes or asks is held back, reads go on, and it is not made anew by itself", async (t) => {
  const opened = await turns(t, EVERYTHING);
  await rm(join(opened.project, AUDIT_FOLDER), { recursive: true });
  await assertHeldBack(opened, "audit.removed");
  assert.equal(existsSync(join(opened.project, AUDIT_FOLDER)), false);
});

test("a removed folder that a person makes again lets everything go on", async (t) => {
  const opened = await turns(t, [write("b.txt")], [write("b.txt")]);
  await rm(join(opened.project, AUDIT_FOLDER), { recursive: true });
  await opened.session.prompt("one");
  assert.equal(opened.row().status, "refused");
  assert.equal((await opened.session.place.audit.open()).ok, true);
  await opened.session.prompt("two");
  assert.deepEqual(
    opened.rows().map(({ status }) => status),
    ["refused", "done"],
  );
  const phases = (await opened.records()).map(({ phase }) => phase);
  assert.deepEqual(phases, ["decision", "effect"]);
});

test("a file in the folder's place is told at the start, and a restart tries again", async (t) => {
  const opened = await makeSession(t, { turns: [[write("b.txt")], [{ exit: 1 }], [write("b.txt")]] });
  const folder = join(opened.project, AUDIT_FOLDER);
  await writeFile(folder, "in the way");
  await opened.session.start();
  assert.deepEqual(opened.notices(), ["audit.removed"]);
  await opened.session.prompt("one");
  await opened.session.prompt("two");
  await rm(folder);
  await opened.session.restart();
  await opened.session.prompt("three");
  await opened.session.prompt("four");
  await opened.session.restart();
  assert.deepEqual(
    opened.rows().map(({ status }) => status),
    ["refused", "done"],
  );
});

test("a second session of a project whose record can't be written says so, too", async (t) => {
  const opened = await makeSession(t);
  await writeFile(join(opened.project, AUDIT_FOLDER), "in the way");
  await opened.session.start();
  await opened.session.place.audit.open();
  const second = await makeSession(t, {}, { place: opened.session.place });
  await second.session.start();
  assert.deepEqual([opened.notices(), second.notices()], [["audit.removed"], ["audit.removed"]]);
});

/** A session whose record lies on a small file system of its own, which root alone can make. */
async function withSmallDisk(
  t: TestContext,
  prepare: (folder: string, opened: TestSession) => Promise<void>,
): Promise<TestSession | undefined> {
  let mounted: string | undefined;
  // Before the folder is removed.
  t.after(() => mounted !== undefined && void execFileSync("umount", ["-l", mounted]));
  const project = join(await tempDir(t), "project");
  const folder = join(project, AUDIT_FOLDER);
  await mkdir(folder, { recursive: true });
  await writeFile(join(project, "a.txt"), "old\n");
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", folder], { stdio: "pipe" });
  } catch {
    t.skip("only root can mount a file system");
    return undefined;
  }
  mounted = folder;
  const opened = await openSession(t, { turns: [EVERYTHING, [write("b.txt")]] }, { project });
  await prepare(folder, opened);
  return opened;
}

test("a read-only folder: what writes or asks is held back, and it goes on once it is writable", async (t) => {
  const opened = await withSmallDisk(t, async (folder, { session }) => {
    // A file system with a file that is open for writing can't be made read-only.
    await session.place.audit.close();
    execFileSync("mount", ["-o", "remount,ro", folder], { stdio: "pipe" });
  });
  if (opened === undefined) return;
  await assertHeldBack(opened, "audit.unwritable");
  execFileSync("mount", ["-o", "remount,rw", join(opened.project, AUDIT_FOLDER)]);
  await opened.session.prompt("again");
  assert.equal(opened.rows().at(-1)?.status, "done");
  assert.deepEqual(opened.session.place.audit.state, { writable: true });
});

test("a full disk: what writes or asks is held back, and it goes on once there is room", async (t) => {
  const opened = await withSmallDisk(t, async (folder) => {
    await assert.rejects(writeFile(join(folder, "ballast"), Buffer.alloc(128 * 1024)), { code: "ENOSPC" });
  });
  if (opened === undefined) return;
  await assertHeldBack(opened, "audit.disk-full");
  await rm(join(opened.project, AUDIT_FOLDER, "ballast"));
  await opened.session.prompt("again");
  assert.equal(opened.rows().at(-1)?.status, "done");
  // What was only read may have been recorded late, when there was room again.
  const phases = (await opened.records()).map(({ phase }) => phase).slice(-2);
  assert.deepEqual(phases, ["decision", "effect"], "each on a line of its own");
});
