import assert from "node:assert/strict";
import { stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { VerifyReport } from "../../extension/verify/report.ts";
import { keepReport, readReport, standingOf } from "../../extension/verify/reports.ts";
import { stampOf } from "../../extension/verify/stamp.ts";
import { standingText } from "../../extension/verify/text.ts";
import { tempDir } from "../harness/temp.ts";

const DAY = 24 * 3_600_000;
const NOW = Date.UTC(2026, 10, 22);

async function bench(t: Parameters<typeof tempDir>[0]) {
  const folder = await tempDir(t);
  const program = join(folder, "codex-acp");
  await writeFile(program, "1");
  const agent = { id: "codex", name: "Codex", command: program, args: [], env: {} };
  let version: string | null = null;
  const host = {
    stateDirectory: join(folder, "state"),
    environment: {},
    toldBy: () => (version === null ? null : { name: "codex-acp", version }),
  };
  const report = async (more: Partial<VerifyReport> = {}): Promise<VerifyReport> => ({
    version: 1,
    agent: { id: agent.id, name: agent.name },
    program: { name: "codex-acp", version: "2.6.0" },
    stamp: await stampOf(agent, {}),
    interlock: "0.1.0",
    at: NOW - DAY,
    ok: true,
    homes: [],
    ...more,
  });
  const standing = async (now = NOW, of = agent): Promise<string> =>
    standingText(await standingOf(host, of, now), now);
  const keep = async (more?: Partial<VerifyReport>): Promise<void> =>
    keepReport(host.stateDirectory, await report(more));
  return {
    folder,
    program,
    agent,
    host,
    report,
    keep,
    standing,
    starts: (as: string) => void (version = as),
  };
}

test("a report is kept for the person alone, and read again; one of another version or shape is none", async (t) => {
  const { host, agent, keep, report, standing } = await bench(t);
  assert.equal(await standing(), "not verified");
  await keep();
  const path = join(host.stateDirectory, "verify", "codex.json");
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await readReport(host.stateDirectory, agent), await report());
  for (const text of [JSON.stringify({ ...(await report()), version: 2 }), "{", "[]"]) {
    await writeFile(path, text);
    assert.equal(await readReport(host.stateDirectory, agent), null);
  }
});

test("after 90 days it is overdue, also where the clock was set back", async (t) => {
  const { keep, standing } = await bench(t);
  await keep();
  assert.equal(await standing(NOW + 89 * DAY), "verified with 2.6.0");
  assert.equal(await standing(NOW + 90 * DAY), "verified 91 days ago: verify it again");
  await keep({ at: NOW + 400 * DAY });
  assert.match(await standing(), /verify it again/);
});

test("another program, another way to start it or another version that it tells is another agent", async (t) => {
  const { keep, standing, agent, program, starts } = await bench(t);
  const changed = "changed since 2.6.0 was verified";
  await keep();
  starts("2.6.0");
  assert.equal(await standing(), "verified with 2.6.0");
  assert.equal(await standing(NOW, { ...agent, env: { MODE: "other" } }), changed);
  starts("2.7.0");
  assert.equal(await standing(), changed);
  starts("2.6.0");
  await utimes(program, 1, 1);
  assert.equal(await standing(), changed);
});

test("what is not held is told beside the name, too", async (t) => {
  const { keep, standing } = await bench(t);
  await keep({ ok: false });
  assert.equal(await standing(), "verified: not all is held");
});
