import assert from "node:assert/strict";
import { test } from "node:test";
import type { Owner } from "../../harness/temp.ts";
import { testGit } from "../../git/support.ts";
import { bench, type Bench, gitOf, must, sh, taken, treeOf } from "./support.ts";

const git = testGit(process.env);

/** A repository with a second worktree beside it. */
async function benchWithWorktree(t: Owner): Promise<Bench & { readonly wt: string }> {
  const made = await bench(t, git);
  sh(made.repo, "git worktree add -q -b wt ../wt");
  return { ...made, wt: `${made.base}/wt` };
}

test("a worktree is a place of its own, and shares its objects", async (t) => {
  const { repo, points, wt } = await benchWithWorktree(t);
  sh(wt, "echo mine >> a.txt; echo u > u.txt; git add u.txt");
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

test("a worktree that was removed comes back, and what was done beside it since stays", async (t) => {
  const { repo, points, wt } = await benchWithWorktree(t);
  sh(wt, "echo mine >> a.txt; echo w > w; git add w; git commit -qm w; echo staged > st; git add st");
  const before = { tree: treeOf(wt), status: gitOf(wt).status };
  const point = await taken(points, wt);
  sh(repo, "echo since > s; git add s; git commit -qm since; echo staged > st; git add st; git branch other");
  sh(repo, "git worktree remove --force ../wt; git branch -qD wt");
  const main = gitOf(repo);
  must(await points.apply(wt, point.id));
  assert.deepEqual({ tree: treeOf(wt), status: gitOf(wt).status }, before);
  const { refs, ...own } = gitOf(repo);
  const { refs: refsBefore, ...ownBefore } = main;
  assert.deepEqual(own, ownBefore);
  assert.equal(refs.replace(/.*refs\/heads\/wt\n/, ""), refsBefore);
  sh(repo, "git fsck --no-dangling");
});

test("a worktree with a broken index comes back alone", async (t) => {
  const { repo, points, wt } = await benchWithWorktree(t);
  sh(wt, "echo staged > st; git add st");
  const { status } = gitOf(wt);
  const point = await taken(points, wt);
  sh(repo, "echo since > s; git add s; git commit -qm since; echo more > m; git add m");
  const main = gitOf(repo);
  sh(repo, "printf broken > .git/worktrees/wt/index");
  must(await points.apply(wt, point.id));
  assert.equal(gitOf(wt).status, status);
  assert.deepEqual(gitOf(repo), main);
});

test("the branch of another worktree stays where it is", async (t) => {
  const { repo, points, wt } = await benchWithWorktree(t);
  sh(wt, "echo w > w; git add w; git commit -qm w; echo mine >> a.txt");
  sh(repo, "echo mine >> a.txt");
  const [ofMain, ofWorktree] = [await taken(points, repo), await taken(points, wt)];
  const amend = "echo since > s; git add s; git commit -q --amend -m amended";
  sh(wt, amend);
  const worktree = gitOf(wt);
  sh(repo, "git reset -q --hard");
  const { kept } = must(await points.apply(repo, ofMain.id));
  assert.deepEqual(
    kept.map(({ path, why }) => `${why} ${path}`),
    ["yours refs/heads/wt"],
  );
  assert.deepEqual(gitOf(wt), worktree);
  sh(repo, amend);
  const main = { ...gitOf(repo), refs: "" };
  sh(wt, "git reset -q --hard");
  must(await points.apply(wt, ofWorktree.id));
  assert.deepEqual({ ...gitOf(repo), refs: "" }, main);
});

test("a worktree inside of the folder goes its own way, and comes back where it is gone", async (t) => {
  const { repo, points } = await bench(t, git);
  sh(repo, "echo inside/ >> .gitignore; git commit -qam ignored; git worktree add -q -b wt inside/wt");
  const wt = `${repo}/inside/wt`;
  sh(repo, "echo mine >> a.txt; echo mine >> inside/wt/a.txt");
  const point = await taken(points, repo);
  sh(wt, "git commit -qam since; echo more >> b.txt; git add b.txt");
  const [tree, view] = [treeOf(wt), gitOf(wt)];
  sh(repo, "git reset -q --hard");
  must(await points.apply(repo, point.id));
  assert.equal(sh(repo, "git status --porcelain"), " M a.txt\n");
  assert.deepEqual({ tree: treeOf(wt), git: gitOf(wt) }, { tree, git: view });
  const later = await taken(points, repo);
  sh(repo, "rm -rf inside");
  must(await points.apply(repo, later.id));
  assert.deepEqual(treeOf(wt), tree);
  assert.equal(gitOf(wt).status, view.status);
});
