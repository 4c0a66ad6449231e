import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { rehearse } from "../../extension/toolchain/rehearsal.ts";
import { folderWith, testProcesses } from "./support.ts";

const processes = testProcesses(process.env);

/** What `sh -c CODE` would write of a folder's text files. */
function rehearsed(root: string, code: string) {
  const how = { counts: (name: string) => name.endsWith(".txt"), timeoutMs: 10_000 };
  const command = ["sh", "-c", code];
  return rehearse({ root, folder: "", command, worked: (exit) => exit === 0, ...how }, processes);
}

test("what a command would write is found out in a copy, and nothing of it where it fails", async () => {
  const root = folderWith({ "a.txt": "a\n" });
  const planned = await rehearsed(root, "echo b > a.txt");
  assert.deepEqual(planned, [{ path: join(root, "a.txt"), oldText: "a\n", newText: "b\n" }]);
  assert.equal(await rehearsed(root, "echo b > a.txt; exit 3"), null);
});

test("where no copy can be made, nothing is told, and nothing is thrown", async (t) => {
  const root = folderWith({ "a.txt": "a\n" });
  const before = process.env["TMPDIR"];
  t.after(() => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  });
  process.env["TMPDIR"] = join(root, "full");
  assert.equal(await rehearsed(root, "echo b > a.txt"), null);
});
