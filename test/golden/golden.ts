import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { TestContext } from "node:test";

/**
 * Compares a text with a golden file. With `--test-update-snapshots` the file is written instead; look at what changed
 * before it is committed.
 */
export async function assertGolden(t: TestContext, file: URL, actual: string): Promise<void> {
  if (process.execArgv.includes("--test-update-snapshots")) {
    await writeFile(file, actual);
    t.diagnostic(`wrote ${basename(file.pathname)}`);
    return;
  }
  assert.equal(actual, await readFile(file, "utf8"));
}
