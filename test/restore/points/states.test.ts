import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testGit } from "../../git/support.ts";
import { comesBack, LOSSES, STATES } from "./stateCases.ts";
import { bench, must, put, sh, taken, treeOf } from "./support.ts";

const git = testGit(process.env);

/** Each state with all losses takes minutes: the soak does that. These have the others in them. */
const OFTEN = new Set(["reset --hard and clean -fdx", "rm -rf of all"]);

for (const [number, [state, script]] of Object.entries(STATES).entries()) {
  describe(state, () => {
    for (const [loss, line] of Object.entries(LOSSES)) {
      const often = OFTEN.has(loss) || (loss.startsWith("stash drop") && /stash|branch|merge/.test(state));
      if (number > 0 && !often) continue;
      test(`comes back after ${loss}, and the restore can be undone`, (t) => comesBack(t, git, script, line));
    }
  });
}

test("a folder without git is copied as a whole while it is small", async (t) => {
  const { base, points } = await bench(t, git);
  const plain = `${base}/plain`;
  put(plain, { "a.txt": "a\n", "deep/b.txt": "b\n", "node_modules/x/y.js": "y\n" });
  const before = treeOf(plain);
  const point = await taken(points, plain);
  sh(plain, "rm -rf a.txt deep; echo new > c.txt");
  const restored = must(await points.apply(plain, point.id));
  assert.deepEqual(treeOf(plain), new Map([...before, ["c.txt", treeOf(plain).get("c.txt") ?? ""]]));
  assert.deepEqual(restored.changes.length, 2);
});
