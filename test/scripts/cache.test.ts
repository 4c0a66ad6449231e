import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { provide } from "../../scripts/boot/cache.mjs";
import { withLock } from "../../scripts/boot/lock.mjs";

const usual = process.env["INTERLOCK_DEV_CACHE"];
const cache = await mkdtemp(join(tmpdir(), "interlock-cache-"));
before(() => {
  process.env["INTERLOCK_DEV_CACHE"] = cache;
});
after(async () => {
  if (usual === undefined) delete process.env["INTERLOCK_DEV_CACHE"];
  else process.env["INTERLOCK_DEV_CACHE"] = usual;
  await rm(cache, { recursive: true });
});

test("a tool is made once, also when it is asked for twice at the same time", async () => {
  let made = 0;
  const make = async (folder: string): Promise<void> => {
    made += 1;
    await writeFile(join(folder, "program"), "x");
  };
  const [first, second] = await Promise.all([provide("tool-1.0.0", make), provide("tool-1.0.0", make)]);
  assert.equal(first, second);
  assert.equal(made, 1);
  assert.equal(await readFile(join(first, "program"), "utf8"), "x");
});

test("what a broken install left behind is neither used nor kept", async () => {
  await mkdir(join(cache, "tool-2.0.0"));
  await mkdir(join(cache, ".tool-2.0.0-abcdef"));
  await assert.rejects(
    provide("tool-2.0.0", () => Promise.reject(new Error("no network"))),
    /no network/,
  );
  assert.deepEqual(
    (await readdir(cache)).filter((name) => name.startsWith(".")),
    [],
  );
  const folder = await provide("tool-2.0.0", (unfinished) => writeFile(join(unfinished, "program"), "x"));
  assert.ok(existsSync(join(folder, "program")));
});

test("the lock of a dead process is taken over", async () => {
  const lock = join(cache, "dead.lock");
  // Beyond the largest process id of any system.
  await writeFile(lock, "99999999");
  assert.equal(await withLock(lock, () => Promise.resolve("done")), "done");
  assert.equal(existsSync(lock), false);
});
