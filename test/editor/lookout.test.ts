import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Lookout } from "../../extension/editor/lookout.ts";

function watched() {
  const state = { wanted: true, fails: false, looks: 0, told: [] as unknown[] };
  const waiting: (() => void)[] = [];
  const lookout = new Lookout({
    look: async () => {
      state.looks += 1;
      await new Promise<void>((resolve) => waiting.push(resolve));
      if (state.fails) throw new Error("no doctor");
    },
    isWanted: () => state.wanted,
    tell: (error) => state.told.push(error),
  });
  /** Ends the look that goes on. */
  const end = async (): Promise<void> => {
    waiting.shift()?.();
    await turn();
  };
  return { lookout, state, end };
}

test("it looks where something has changed, once for all that changes meanwhile, and while it is wanted", async () => {
  const { lookout, state, end } = watched();
  state.wanted = false;
  lookout.changed();
  assert.equal(state.looks, 0);
  state.wanted = true;
  lookout.seen();
  lookout.seen();
  assert.equal(state.looks, 1);
  lookout.changed();
  lookout.changed();
  await end();
  assert.equal(state.looks, 2);
  await end();
  lookout.seen();
  assert.equal(state.looks, 2);
});

test("a look that fails is said once, and the next occasion looks again, not it by itself", async () => {
  const { lookout, state, end } = watched();
  state.fails = true;
  lookout.changed();
  lookout.changed();
  await end();
  assert.deepEqual([state.looks, state.told.length], [1, 1]);
  lookout.seen();
  await end();
  assert.deepEqual([state.looks, state.told.length], [2, 1]);
  state.fails = false;
  lookout.seen();
  await end();
  lookout.seen();
  assert.deepEqual([state.looks, state.told.length], [3, 1]);
  state.fails = true;
  lookout.changed();
  await end();
  assert.equal(state.told.length, 2);
});

test("who asks for a look is told that it failed", async () => {
  const { lookout, state, end } = watched();
  state.fails = true;
  const asked = assert.rejects(lookout.lookAnew(), /no doctor/);
  await end();
  await asked;
  assert.equal(state.told.length, 0);
});
