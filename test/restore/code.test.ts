import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { codeKey, type CodeAnswer } from "../../extension/guard/code/lookup.ts";
import { readCode } from "../../extension/restore/code.ts";
import { tempDir } from "../harness/temp.ts";

async function read(...paths: readonly string[]): Promise<CodeAnswer | undefined> {
  return (await readCode([{ paths }])).get(codeKey({ paths }));
}

test("the first file that there is, with its text and its hash", async (t) => {
  const folder = await tempDir(t);
  await writeFile(join(folder, "b"), "ls\n");
  await symlink("b", join(folder, "c"));
  const answer = await read(join(folder, "a"), join(folder, "b"));
  const hash = createHash("sha256").update("ls\n").digest("hex");
  assert.deepEqual(answer, { path: join(folder, "b"), text: "ls\n", hash });
  assert.equal(await read(join(folder, "a")), "missing");
  assert.deepEqual(await read(join(folder, "c")), { path: join(folder, "c"), text: "ls\n", hash });
});

test("what is no text, too long, a folder or a pipe isn't read, and nothing waits", async (t) => {
  const folder = await tempDir(t);
  await writeFile(join(folder, "binary"), "a\0b");
  await writeFile(join(folder, "long"), "#".repeat(70_000));
  await mkdir(join(folder, "folder"));
  await symlink("nowhere", join(folder, "dangling"));
  execFileSync("sh", ["-c", "mkfifo pipe"], { cwd: folder });
  for (const name of ["binary", "long", "folder", "dangling", "pipe"]) {
    assert.equal(await read(join(folder, name)), "unreadable", name);
  }
});
