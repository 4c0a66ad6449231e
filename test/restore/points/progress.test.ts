import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testGit } from "../../git/support.ts";
import { bench, gitOf, must, sh, taken, treeOf } from "./support.ts";

const git = testGit(process.env);

/** Two branches that disagree about two files; the work goes on in between. */
const DISAGREE = `git checkout -q -b other; echo theirs > a.txt; echo theirs > b.txt; git commit -qam theirs
git checkout -q main; echo ours > a.txt; echo ours > b.txt; git commit -qam ours; echo later > later.txt; git add .; git commit -qm later`;
/** One conflict is resolved and staged, the other half resolved, and there are notes on it. */
const RESOLVE =
  "echo resolved > a.txt; git add a.txt; echo half resolved > b.txt; echo notes > notes.txt; echo aside >> sub/c.txt";

/** What goes on, how it is given up, and how it is gone on with. */
const WORK: Readonly<Record<string, readonly [start: string, abort: string, goOn: string]>> = {
  "a rebase": ["git rebase other", "git rebase --abort", "git rebase --continue"],
  "a rebase that put changes aside": [
    "echo mine >> run.sh; git rebase --autostash other",
    "git rebase --abort",
    "git rebase --continue",
  ],
  "a merge": ["git merge other", "git merge --abort", "git merge --continue"],
  "a cherry-pick": ["git cherry-pick other", "git cherry-pick --abort", "git cherry-pick --continue"],
};

for (const [work, [start, abort, goOn]] of Object.entries(WORK)) {
  describe(`${work} with resolved conflicts that something else aborts`, () => {
    for (const seen of ["as it is found", "as the alarm brings it back"]) {
      test(seen, async (t) => {
        const { repo, points } = await bench(t, git);
        sh(repo, `${DISAGREE}; ${start} || true; ${RESOLVE}`);
        const before = { tree: treeOf(repo), git: gitOf(repo) };
        assert.ok(before.git.progress.length > 0, "nothing goes on");
        const point = await taken(points, repo);
        // The staged resolution is in no commit: that takes it from git's objects, too.
        sh(repo, `${abort}; git gc -q --prune=now`);
        const lost = treeOf(repo);
        assert.notDeepEqual(lost, before.tree);
        assert.deepEqual(gitOf(repo).progress, []);
        const loss = seen === "as it is found" ? {} : { lossPoint: (await taken(points, repo)).id };
        const restored = must(await points.apply(repo, point.id, loss));
        assert.deepEqual(
          restored.kept.filter(({ why }) => why !== "new"),
          [],
        );
        assert.deepEqual(treeOf(repo), before.tree);
        const { reflog: _, ...now } = gitOf(repo);
        const { reflog: __, ...then } = before.git;
        assert.deepEqual(now, then);
        must(await points.undo(repo, restored.journal));
        assert.deepEqual(treeOf(repo), lost, "undo");
        must(await points.apply(repo, point.id, { exact: true }));
        sh(repo, `git checkout -q -- sub/c.txt; git add b.txt; ${goOn}; git fsck --no-dangling`);
        assert.equal(sh(repo, "git show HEAD:a.txt || git show HEAD~1:a.txt"), "resolved\n");
        assert.deepEqual(gitOf(repo).progress, []);
      });
    }
  });
}
