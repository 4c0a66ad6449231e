import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { readArguments } from "../../scripts/testing/arguments.ts";
import { runFiles } from "../../scripts/testing/files.ts";
import { Report } from "../../scripts/testing/report.ts";
import { tempDir } from "../harness/temp.ts";

/** Runs one test file with these lines as `npm test` would, and returns what it printed and its exit status. */
async function runLines(
  t: Parameters<typeof tempDir>[0],
  lines: string[],
  limits = { testMs: 5_000, fileMs: 20_000 },
) {
  const file = join(await tempDir(t), "some.test.mjs");
  await writeFile(file, ['import { describe, test } from "node:test";', ...lines].join("\n"));
  const printed: string[] = [];
  const report = new Report((line) => printed.push(line));
  await runFiles({ files: [file], atOnce: 1, nodeFlags: [], env: process.env, ...limits }, report);
  const status = report.close();
  return { status, last: printed.at(-1)?.trim(), text: printed.join("\n") };
}

test("the closing line counts each test once, and skipped ones with their reasons", async (t) => {
  const { status, last, text } = await runLines(t, [
    'describe("a suite", () => { test("one", () => {}); test("two", { skip: "no tool" }, () => {}); });',
    'test("parent", async (t) => { await t.test("child", () => {}); });',
  ]);
  assert.equal(last, "3 passed, 0 failed, 1 skipped");
  assert.match(text, /a suite › two: no tool/);
  assert.equal(status, 0);
});

test("a failure fails the run, and says how at once and again at the end", async (t) => {
  const { status, last, text } = await runLines(t, [
    'test("one", () => { throw new Error("the reason"); });',
  ]);
  assert.equal(last, "0 passed, 1 failed, 0 skipped");
  const [atOnce, atTheEnd] = text.split("\nFailed:\n");
  assert.match(atOnce ?? "", /the reason/);
  assert.match(atTheEnd ?? "", /some\.test\.mjs: one\n\s+.*the reason/);
  assert.equal(status, 1);
});

test("a test that hangs fails, and a file that never ends is ended", async (t) => {
  const hang = await runLines(
    t,
    ['test("one", () => new Promise(() => { setInterval(() => {}, 1000); }));'],
    {
      testMs: 300,
      fileMs: 20_000,
    },
  );
  assert.equal(hang.last, "0 passed, 1 failed, 0 skipped");
  const loop = await runLines(t, ['test("one", () => { for (;;); });'], { testMs: 300, fileMs: 1_500 });
  assert.equal(loop.last, "0 passed, 1 failed, 0 skipped");
});

test("a file that breaks outside its tests fails, and a run without a test too", async (t) => {
  assert.equal((await runLines(t, ['throw new Error("at load");'])).last, "0 passed, 1 failed, 0 skipped");
  const empty = await runLines(t, []);
  assert.equal(empty.last, "0 passed, 0 failed, 0 skipped");
  assert.equal(empty.status, 1);
});

test("stages, files and flags are told apart in any order", () => {
  assert.deepEqual(readArguments(["door", "unit", "--test-name-pattern=x"]), {
    stages: ["unit"],
    only: ["door"],
    nodeFlags: ["--test-name-pattern=x"],
  });
  assert.deepEqual(readArguments([]).stages, ["unit", "host", "browser"]);
});
