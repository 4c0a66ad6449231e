import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import type { Result } from "../../../extension/errors.ts";
import { personGit } from "../../git/support.ts";
import { gitOf, must, put, treeOf } from "../points/support.ts";
import { type Apart, apart } from "./support.ts";

function codeOf(result: Result<unknown>): string {
  return result.ok ? "" : result.error.code;
}

/** A worktree with a commit, and with a change and a file that are in none. */
async function withWork({ make, back, repo }: Apart) {
  const { root, branch } = await make();
  put(root, { "b.txt": "committed\n" });
  personGit(root, "commit", "-q", "-a", "-m", "Theirs");
  put(root, { "sub/c.txt": "uncommitted\n", "new.txt": "untracked\n" });
  return { root, branch, worktree: must(await back.find(repo, branch)) };
}

test("as a commit all of it is one, and what the person has staged and changed besides stays", async (t) => {
  const place = await apart(t);
  const { repo, back } = place;
  const { root, worktree } = await withWork(place);
  const there = gitOf(root);
  put(repo, { "a.txt": "mine\n", "staged.txt": "staged\n" });
  personGit(repo, "add", "staged.txt");
  const head = personGit(repo, "rev-parse", "HEAD").trim();
  const planned = must(await back.planLanding(repo, worktree, "commit", "Bring it"));
  assert.deepEqual([planned.into, planned.files], ["main", ["b.txt", "new.txt", "sub/c.txt"]]);
  assert.equal(personGit(repo, "rev-parse", "HEAD").trim(), head);
  must(await back.land(repo, planned));
  assert.equal(personGit(repo, "log", "-1", "--format=%s %an %P").trim(), `Bring it Person ${head}`);
  assert.equal(personGit(repo, "status", "--porcelain"), " M a.txt\nA  staged.txt\n");
  assert.equal(readFileSync(join(repo, "new.txt"), "utf8"), "untracked\n");
  assert.deepEqual(gitOf(root).status, there.status);
  // It has landed: nothing in the worktree would be missed.
  const { holdings } = must(await back.find(repo, worktree.name));
  assert.deepEqual(holdings, { commits: 1, landed: true, files: [], underWay: false });
  assert.equal(codeOf(await back.planLanding(repo, worktree, "commit", "Again")), "worktree.nothing-new");
});

test("a merge takes the commits alone, as a fast-forward or with a commit of its own", async (t) => {
  const place = await apart(t);
  const { repo, back } = place;
  const { branch, worktree } = await withWork(place);
  const forward = must(await back.planLanding(repo, worktree, "merge", "Merge it"));
  assert.equal(forward.commit, personGit(repo, "rev-parse", branch).trim());
  put(repo, { "mine.txt": "mine\n" });
  personGit(repo, "add", "mine.txt");
  personGit(repo, "commit", "-q", "-m", "Mine");
  const planned = must(await back.planLanding(repo, worktree, "merge", "Merge it"));
  must(await back.land(repo, planned));
  assert.equal(personGit(repo, "log", "-1", "--format=%s").trim(), "Merge it");
  assert.equal(personGit(repo, "rev-list", "--count", "--merges", "HEAD").trim(), "1");
  assert.equal(readFileSync(join(repo, "b.txt"), "utf8"), "committed\n");
  assert.equal(readFileSync(join(repo, "sub", "c.txt"), "utf8"), "c\n");
  assert.equal(personGit(repo, "status", "--porcelain"), "");
  assert.equal(codeOf(await back.planLanding(repo, worktree, "merge", "Again")), "worktree.no-commits");
});

test("nothing is touched where it would conflict, where the person's changes are in the way, or a merge goes on", async (t) => {
  const place = await apart(t);
  const { repo, back } = place;
  const { worktree } = await withWork(place);
  const refused = async (how: "commit" | "merge", code: string): Promise<void> => {
    const before = [treeOf(repo), gitOf(repo)];
    assert.equal(codeOf(await back.planLanding(repo, worktree, how, "It")), code);
    assert.deepEqual([treeOf(repo), gitOf(repo)], before);
  };
  put(repo, { "b.txt": "mine\n" });
  await refused("commit", "worktree.in-the-way");
  await refused("merge", "worktree.in-the-way");
  personGit(repo, "commit", "-q", "-a", "-m", "Mine");
  await refused("commit", "worktree.conflict");
  await refused("merge", "worktree.conflict");
  personGit(repo, "branch", "side", "HEAD~1");
  personGit(repo, "merge", "-q", "--no-commit", "--no-ff", "-s", "ours", worktree.branch ?? "");
  await refused("commit", "worktree.busy");
});

test("what git-lfs would have to write is left to the person's own git", async (t) => {
  const place = await apart(t);
  const { repo, back } = place;
  put(repo, { ".gitattributes": "*.bin filter=lfs\n" });
  personGit(repo, "add", ".");
  personGit(repo, "commit", "-q", "-m", "Attributes");
  const { root, branch } = await place.make();
  put(root, { "x.bin": "x\n" });
  const worktree = must(await back.find(repo, branch));
  assert.equal(codeOf(await back.planLanding(repo, worktree, "commit", "It")), "worktree.filtered");
  personGit(root, "add", ".");
  personGit(root, "commit", "-q", "-m", "Theirs");
  const committed = must(await back.find(repo, branch));
  assert.equal(codeOf(await back.planLanding(repo, committed, "merge", "It")), "worktree.filtered");
  must(await back.bring(repo, committed));
  assert.equal(readFileSync(join(repo, "x.bin"), "utf8"), "x\n");
});
