import assert from "node:assert/strict";
import {
  appendFile,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { basename, join } from "node:path";
import { test, type TestContext } from "node:test";

import { AuditLog, type AuditEntry, type AuditState, hashOf } from "../../extension/audit/log.ts";
import { auditRecord, type AuditRecord } from "../../extension/audit/record.ts";
import { tempDir } from "../harness/temp.ts";

const DAY = Date.UTC(2026, 10, 20, 23, 59, 59);
const NEXT_DAY = DAY + 1_000;

const entry = (call: string): AuditEntry => ({
  session: "s1",
  turn: 1,
  call,
  phase: "decision",
  doorway: "terminal",
  enforcement: "through",
  asked: "ls",
  run: "ls",
  cwd: "/p",
  effects: ["read"],
  verdict: "allow",
  rule: "read",
  answeredBy: null,
  allowed: true,
  exit: null,
  ms: null,
});

/** An open log whose clock stands until the test moves it. */
async function openLog(t: TestContext, project: string): Promise<{ log: AuditLog; clock: { now: number } }> {
  const clock = { now: DAY };
  const log = new AuditLog(project, () => new Date(clock.now));
  t.after(() => log.close());
  assert.deepEqual(await log.open(), { ok: true, value: undefined });
  return { log, clock };
}

async function append(log: AuditLog, ...calls: string[]): Promise<void> {
  const results = await Promise.all(calls.map((call) => log.append(entry(call), { sync: false })));
  assert.deepEqual([...new Set(results.map(({ ok }) => ok))], [true]);
}

/** Every line of a file that is a whole record; the number of lines that are none. */
async function read(path: string): Promise<{ records: AuditRecord[]; others: number }> {
  const parsed = (await readFile(path, "utf8"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      try {
        return auditRecord.parse(JSON.parse(line));
      } catch {
        return null;
      }
    });
  const records = parsed.filter((record) => record !== null);
  return { records, others: parsed.length - records.length };
}

/** What a reader can say of one writer's records: each counted, linked and unchanged. */
function assertChain(records: readonly AuditRecord[]): void {
  let prev = "";
  for (const [index, record] of records.entries()) {
    assert.deepEqual([record.seq, record.prev], [index + 1, prev]);
    const { hash, ...body } = record;
    assert.equal(hashOf(body), hash);
    prev = hash;
  }
}

/** Where a disk that fails can be played: there is none at hand. */
async function handlePrototype(t: TestContext): Promise<Pick<FileHandle, "datasync" | "write">> {
  const handle = await open(join(await tempDir(t), "any"), "w");
  await handle.close();
  return Object.getPrototypeOf(handle) as FileHandle;
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

test("records are appended in their order, counted and chained", async (t) => {
  const { log } = await openLog(t, await tempDir(t));
  await append(log, "a", "b", "c");
  const { records } = await read(log.path);
  assert.deepEqual(
    records.map(({ call }) => call),
    ["a", "b", "c"],
  );
  assertChain(records);
});

test("a changed, missing or moved line breaks the chain", async (t) => {
  const { log } = await openLog(t, await tempDir(t));
  await append(log, "a", "b", "c");
  const { records } = await read(log.path);
  const [a, b, c] = records as [AuditRecord, AuditRecord, AuditRecord];
  for (const tampered of [
    [a, { ...b, asked: "pwd" }, c],
    [a, c],
    [b, c],
    [a, c, b],
  ])
    assert.throws(() => assertChain(tampered));
});

test("a day's file is named by UTC, and the chain goes on over midnight", async (t) => {
  const { log, clock } = await openLog(t, await tempDir(t));
  await append(log, "a");
  const first = log.path;
  clock.now = NEXT_DAY;
  await append(log, "b");
  assert.deepEqual(
    [first, log.path].map((path) => basename(path)),
    ["2026-11-20.log", "2026-11-21.log"],
  );
  assertChain([...(await read(first)).records, ...(await read(log.path)).records]);
});

test("two hosts share a file, each with a chain of its own", async (t) => {
  const project = await tempDir(t);
  const [one, two] = [await openLog(t, project), await openLog(t, project)];
  const calls = Array.from({ length: 50 }, (_, n) => `c${n}`);
  await Promise.all([append(one.log, ...calls), append(two.log, ...calls)]);
  const { records, others } = await read(one.log.path);
  assert.equal(others, 0);
  const writers = [...new Set(records.map(({ writer }) => writer))];
  assert.equal(writers.length, 2);
  for (const each of writers) {
    const own = records.filter(({ writer }) => writer === each);
    assertChain(own);
    assert.deepEqual(
      own.map(({ call }) => call),
      calls,
    );
  }
});

test("a line that another host's end cut off stays alone: the next record begins its own", async (t) => {
  const project = await tempDir(t);
  const { log: first } = await openLog(t, project);
  await append(first, "a");
  await appendFile(first.path, '{"v":1,"writer":"x","seq":9,"ts":"2026');
  const { log: second } = await openLog(t, project);
  await append(second, "b", "c");
  const { records, others } = await read(second.path);
  assert.deepEqual([records.map(({ call }) => call), others], [["a", "b", "c"], 1]);
});

/** Each writer's records, in the order of the file. */
function chains(records: readonly AuditRecord[]): AuditRecord[][] {
  const writers = [...new Set(records.map(({ writer }) => writer))];
  return writers.map((writer) => records.filter((record) => record.writer === writer));
}

test("a record that could not be synced leaves no broken chain, whether the disk has it or not", async (t) => {
  const { log } = await openLog(t, await tempDir(t));
  await append(log, "a");
  const synced = t.mock.method(await handlePrototype(t), "datasync", () => Promise.reject(failure("EIO")));
  const failed = await log.append(entry("b"), { sync: true });
  assert.equal(!failed.ok && failed.error.code, "audit.unwritable");
  assert.equal(log.state.writable, false);
  synced.mock.restore();
  await append(log, "c", "d");
  const { records, others } = await read(log.path);
  assert.deepEqual([records.map(({ call }) => call), others], [["a", "b", "c", "d"], 0]);
  for (const kept of [records, records.filter(({ call }) => call !== "b")])
    for (const chain of chains(kept)) assertChain(chain);
});

test("a line that was cut off, and be it by its end alone, leaves no broken chain", async (t) => {
  for (const missing of [1, 40]) {
    const { log } = await openLog(t, await tempDir(t));
    await append(log, "a");
    const prototype = await handlePrototype(t);
    const { write } = prototype;
    const written = t.mock.method(prototype, "write", function (this: FileHandle, line: Buffer) {
      return write.apply(this, [line.subarray(0, -missing)] as unknown as Parameters<typeof write>);
    });
    const failed = await log.append(entry("b"), { sync: true });
    assert.equal(!failed.ok && failed.error.code, "audit.disk-full");
    written.mock.restore();
    await append(log, "c");
    const { records, others } = await read(log.path);
    assert.deepEqual(
      [records.map(({ call }) => call), others],
      missing === 1 ? [["a", "b", "c"], 0] : [["a", "c"], 1],
    );
    for (const chain of chains(records)) assertChain(chain);
  }
});

test("nothing is appended before the log was opened", async (t) => {
  const log = new AuditLog(await tempDir(t));
  const result = await log.append(entry("a"), { sync: true });
  assert.equal(!result.ok && result.error.code, "audit.removed");
});

test("a folder that could not be opened is not told to be removed", async (t) => {
  const project = await tempDir(t);
  await symlink(await tempDir(t), join(project, "agent-audit"));
  const log = new AuditLog(project);
  const opened = await log.open();
  assert.equal(!opened.ok && opened.error.code, "audit.linked");
  const appended = await log.append(entry("a"), { sync: true });
  assert.equal(!appended.ok && appended.error.code, "audit.linked");
});

test("a file that was taken away, or replaced, is noticed and told once; a person opens it again", async (t) => {
  const { log } = await openLog(t, await tempDir(t));
  const states: AuditState[] = [];
  const stop = log.onChange((state) => states.push(state));
  await append(log, "a");
  await rename(log.path, `${log.path}.old`);
  await writeFile(log.path, "");
  for (const call of ["b", "c"]) {
    const result = await log.append(entry(call), { sync: true });
    assert.equal(!result.ok && result.error.code, "audit.removed");
  }
  assert.equal(await readFile(log.path, "utf8"), "");
  assert.ok((await log.open()).ok);
  await append(log, "d");
  stop();
  assert.deepEqual(
    states.map(({ writable }) => writable),
    [false, true],
  );
  const [{ records: old }, { records }] = [await read(`${log.path}.old`), await read(log.path)];
  assertChain([...old, ...records]);
  assert.deepEqual(
    [...old, ...records].map(({ call }) => call),
    ["a", "d"],
  );
});

test("a folder in the place of the file says that it can't be written", async (t) => {
  const project = await tempDir(t);
  const log = new AuditLog(project, () => new Date(DAY));
  await mkdir(join(log.folder, basename(log.path)), { recursive: true });
  const opened = await log.open();
  assert.equal(!opened.ok && opened.error.code, "audit.unwritable");
  assert.deepEqual(log.state, { writable: false, problem: !opened.ok && opened.error });
});

for (const make of [symlink, link]) {
  test(`a ${make.name} in the place of the file is refused, and what it leads to stays as it was`, async (t) => {
    const project = await tempDir(t);
    const outside = join(await tempDir(t), "outside");
    await writeFile(outside, "mine");
    const log = new AuditLog(project, () => new Date(DAY));
    await mkdir(log.folder);
    await make(outside, log.path);
    const opened = await log.open();
    assert.equal(!opened.ok && opened.error.code, "audit.linked");
    assert.equal((await log.append(entry("a"), { sync: true })).ok, false);
    assert.equal(await readFile(outside, "utf8"), "mine");
    await rm(log.path);
    assert.ok((await log.open()).ok);
    await log.close();
  });
}

test("a link in the place of the folder is refused, before the first record and after a day's end", async (t) => {
  const outside = await tempDir(t);
  const early = new AuditLog(await tempDir(t), () => new Date(DAY));
  await symlink(outside, early.folder);
  const opened = await early.open();
  assert.equal(!opened.ok && opened.error.code, "audit.linked");
  const { log, clock } = await openLog(t, await tempDir(t));
  await rename(log.folder, `${log.folder}.old`);
  await symlink(outside, log.folder);
  clock.now = NEXT_DAY;
  const result = await log.append(entry("a"), { sync: true });
  assert.equal(!result.ok && result.error.code, "audit.linked");
  assert.deepEqual(await readdir(outside), []);
});
