import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { skipWithout } from "../harness/tools.ts";

const MAX_BYTES = 900_000;
const LIST = new URL("vsix.files.txt", import.meta.url);

void test("what is installed is what the list names, and the VSIX stays small", async (t) => {
  if (!(await skipWithout(t, "code-server"))) return;
  const { INTERLOCK_VSIX: vsix = "", INTERLOCK_EXTENSIONS: extensions = "" } = process.env;
  const { size } = await stat(vsix);
  t.diagnostic(`${Math.round(size / 1_000)} kB`);
  assert.ok(size < MAX_BYTES, `${size} bytes`);

  const name = (await readdir(extensions)).find((each) => each.startsWith("interlock.interlock-")) ?? "";
  const folder = join(extensions, name);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((file) => file !== ".vsixmanifest")
    .map((file) => file.replace(/-[A-Z0-9]{8}\.js$/, "-HASH.js"));
  const expected = (await readFile(LIST, "utf8")).trim().split("\n");
  assert.deepEqual([...new Set(files)].sort(), expected);
});
