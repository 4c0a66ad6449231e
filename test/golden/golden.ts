import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import type { TestContext } from "node:test";

/**
 * Compares a text with the golden file of that name. With `--test-update-snapshots` the file is written instead; look
 * at what changed before it is committed.
 */
export async function assertGolden(t: TestContext, name: string, actual: string): Promise<void> {
  const path = new URL(`${name}.events.txt`, import.meta.url);
  if (process.execArgv.includes("--test-update-snapshots")) {
    await writeFile(path, actual);
    t.diagnostic(`wrote ${name}.events.txt`);
    return;
  }
  assert.equal(actual, await readFile(path, "utf8"));
}
