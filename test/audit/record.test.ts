import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { AuditLog, hashOf, type AuditEntry } from "../../extension/audit/log.ts";
import { auditRecord, type AuditRecord } from "../../extension/audit/record.ts";
import { assertGolden } from "../golden/golden.ts";
import { tempDir } from "../harness/temp.ts";

const GOLDEN = new URL("record.golden.jsonl", import.meta.url);
const WRITER = "00000000-0000-4000-8000-000000000000";
const SESSION = "11111111-1111-4111-8111-111111111111";

const decision: AuditEntry = {
  session: SESSION,
  turn: 1,
  call: "c1",
  phase: "decision",
  doorway: "terminal",
  enforcement: "through",
  asked: "npm test",
  run: "bun run test",
  cwd: "/home/me/trip ledger/web",
  effects: ["run.project", "write"],
  verdict: "allow",
  rule: "run.project",
  answeredBy: null,
  allowed: true,
  exit: null,
  ms: null,
};

/** A routed command and its end, an ask that a person refused, and what was only seen. */
const ENTRIES: readonly AuditEntry[] = [
  decision,
  { ...decision, phase: "effect", allowed: null, exit: 1, ms: 1_234 },
  {
    ...decision,
    turn: 2,
    call: "c2",
    doorway: "permission",
    enforcement: "checked",
    asked: "git reset --hard\n# “ünïcode”",
    run: "git reset --hard\n# “ünïcode”",
    effects: ["git.discard"],
    verdict: "ask",
    rule: "git.reset.discard",
    answeredBy: "person",
    allowed: false,
  },
  {
    ...decision,
    turn: 2,
    call: "c3",
    phase: "effect",
    doorway: "observed",
    enforcement: "observed",
    asked: "write /home/me/trip ledger/a.py",
    run: "write /home/me/trip ledger/a.py",
    effects: ["write"],
    rule: "fs.write",
    allowed: null,
  },
];

function parse(text: string): AuditRecord[] {
  assert.ok(text.endsWith("\n"));
  return text
    .trimEnd()
    .split("\n")
    .map((line) => auditRecord.parse(JSON.parse(line)));
}

/** The lines as a host with another name would have written them. */
function writtenBy(writer: string, records: readonly AuditRecord[]): string {
  let prev = "";
  const lines = records.map((record) => {
    // The hash is the last field, and taken over all others.
    const body = JSON.parse(JSON.stringify({ ...record, writer, prev, hash: undefined })) as typeof record;
    prev = hashOf(body);
    return `${JSON.stringify({ ...body, hash: prev })}\n`;
  });
  return lines.join("");
}

test("what is appended is the golden record, but for the writer's own name", async (t) => {
  let now = Date.UTC(2026, 10, 20, 12, 0, 0, 7);
  const log = new AuditLog(await tempDir(t), () => new Date(now));
  t.after(() => log.close());
  assert.ok((await log.open()).ok);
  for (const entry of ENTRIES) {
    assert.ok((await log.append(entry, { sync: false })).ok);
    now += 1_000;
  }
  const text = await readFile(log.path, "utf8");
  const records = parse(text);
  assert.equal(writtenBy(records[0]?.writer ?? "", records), text, "the chain holds");
  await assertGolden(t, GOLDEN, writtenBy(WRITER, records));
});

test("the golden record can be checked with nothing but its text", async () => {
  let prev = "";
  for (const line of (await readFile(GOLDEN, "utf8")).trimEnd().split("\n")) {
    const [, body = "", hash] = /^(\{.*),"hash":"([0-9a-f]{64})"\}$/.exec(line) ?? [];
    assert.equal(createHash("sha256").update(`${body}}`).digest("hex"), hash);
    assert.equal((JSON.parse(line) as AuditRecord).prev, prev);
    prev = hash ?? "";
  }
});
