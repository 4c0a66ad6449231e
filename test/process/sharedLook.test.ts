import assert from "node:assert/strict";
import { test } from "node:test";

import { sharedLook } from "../../extension/process/sharedLook.ts";

test("all who ask while one looks share the next look, which is no older than their question", async () => {
  let state = 0;
  let looks = 0;
  const look = sharedLook(async () => {
    looks += 1;
    const seen = state;
    await new Promise((resolve) => setImmediate(resolve));
    return seen;
  });
  const first = look();
  await Promise.resolve();
  await Promise.resolve();
  state = 1;
  const others = Array.from({ length: 100 }, () => look());
  assert.equal(await first, 0);
  assert.deepEqual(new Set(await Promise.all(others)), new Set([1]));
  assert.equal(looks, 2);
});

test("a look that fails fails for those who shared it, and the next one looks again", async () => {
  let fails = true;
  const look = sharedLook(async () => {
    if (fails) throw new Error("no");
    return "seen";
  });
  await assert.rejects(look(), /no/);
  fails = false;
  assert.equal(await look(), "seen");
});
