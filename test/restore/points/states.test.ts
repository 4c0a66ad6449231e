import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testGit } from "../../git/support.ts";
import { comesBack, LOSSES, STATES } from "./stateCases.ts";
import { bench, gitOf, must, put, sh, taken, treeOf } from "./support.ts";

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

test("a worktree is a place of its own, and shares its objects", async (t) => {
  const { base, repo, points } = await bench(t, git);
  sh(
    repo,
    "git worktree add -q -b wt ../wt; echo mine >> ../wt/a.txt; echo u > ../wt/u.txt; git -C ../wt add u.txt",
  );
  const wt = `${base}/wt`;
  const before = { tree: treeOf(wt), git: gitOf(wt) };
  const main = gitOf(repo);
  const point = await taken(points, wt);
  sh(wt, "git reset -q --hard; git clean -qfd");
  must(await points.apply(wt, point.id));
  const { reflog: _, ...after } = gitOf(wt);
  const { reflog: __, ...then } = before.git;
  assert.deepEqual({ tree: treeOf(wt), git: after }, { tree: before.tree, git: then });
  assert.deepEqual(gitOf(repo), main);
  sh(wt, "rm -f .git a.txt");
  must(await points.apply(wt, point.id));
  assert.equal(gitOf(wt).status, before.git.status);
  assert.deepEqual(treeOf(wt), before.tree);
});

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
