import assert from "node:assert/strict";
import { chmodSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import type { PlannedIncoming } from "../../../extension/restore/points/planner.ts";
import { actionOf } from "../../../extension/restore/points/texts.ts";
import { personGit } from "../../git/support.ts";
import { gitOf, must, put, treeOf } from "../points/support.ts";
import { apart } from "./support.ts";

function summary({ changes, kept }: Pick<PlannedIncoming, "changes" | "kept">): readonly string[] {
  return [
    ...changes.map((change) => `${actionOf(change)} ${change.path}`),
    ...kept.map(({ path, why }) => `${why} ${path}`),
  ].sort();
}

const A = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";

test("all of a worktree's change comes: committed, uncommitted, untracked, removed, modes and links", async (t) => {
  const { repo, back, make } = await apart(t);
  const { root, branch } = await make();
  put(root, { "b.txt": "committed\n", "new/x.txt": "x\n" });
  personGit(root, "add", ".");
  personGit(root, "commit", "-q", "-m", "Theirs");
  put(root, {
    "a.txt": A.replace("one", "ONE"),
    "new/y.txt": "y\n",
    "noise.log": "ignored\n",
    ".env": "K=1\n",
  });
  rmSync(join(root, "sub", "c.txt"));
  chmodSync(join(root, "run.sh"), 0o755);
  symlinkSync("a.txt", join(root, "link"));
  const before = gitOf(repo);
  const worktree = must(await back.find(repo, branch));
  const planned = must(await back.plan(repo, worktree));
  assert.deepEqual(summary(planned), [
    "create link",
    "create new/x.txt",
    "create new/y.txt",
    "remove sub/c.txt",
    "write a.txt",
    "write b.txt",
    "write run.sh",
  ]);
  assert.deepEqual(
    planned.files.filter(({ uncommitted }) => !uncommitted).map(({ path }) => path),
    ["b.txt", "new/x.txt"],
  );
  assert.equal(gitOf(repo).status, before.status);
  const brought = must(await back.bring(repo, worktree));
  assert.deepEqual(summary(brought), summary(planned));
  const [here, there] = [treeOf(repo), new Map(treeOf(root))];
  there.delete(".env");
  assert.deepEqual(here, there);
  // Files alone: nothing is staged, nothing is committed.
  assert.equal(gitOf(repo).index, before.index);
  assert.equal(gitOf(repo).head, before.head);
});

test("what the person has changed since is merged, and undone together with the rest", async (t) => {
  const { repo, back, make, points } = await apart(t);
  const { root, branch } = await make();
  put(root, { "a.txt": A.replace("one", "ONE"), "b.txt": "theirs\n" });
  put(repo, { "a.txt": A.replace("seven", "SEVEN"), "mine.txt": "mine\n" });
  personGit(repo, "add", "a.txt");
  put(repo, { "a.txt": A.replace("seven", "SEVEN!") });
  const before = [treeOf(repo), gitOf(repo)];
  const worktree = must(await back.find(repo, branch));
  const brought = must(await back.bring(repo, worktree));
  assert.deepEqual(summary(brought), ["merge a.txt", "write b.txt"]);
  const both = A.replace("one", "ONE").replace("seven", "SEVEN!");
  assert.equal(readFileSync(join(repo, "a.txt"), "utf8"), both);
  // What the person had staged is staged as it was.
  assert.equal(personGit(repo, "show", ":a.txt"), A.replace("seven", "SEVEN"));
  // A second time there is nothing left to bring.
  assert.deepEqual(summary(must(await back.plan(repo, worktree))), []);
  must(await points.undo(repo, brought.journal));
  assert.deepEqual([treeOf(repo), gitOf(repo)], before);
});

test("a conflict is told before anything is touched; the file stays unless the person takes theirs", async (t) => {
  const { repo, back, make } = await apart(t);
  const { root, branch } = await make();
  put(root, { "a.txt": A.replace("one", "THEIRS"), "same.txt": "theirs\n", "b.txt": "theirs\n" });
  rmSync(join(root, "sub", "c.txt"));
  put(repo, { "a.txt": A.replace("one", "MINE"), "same.txt": "mine\n", "sub/c.txt": "mine\n" });
  rmSync(join(repo, "b.txt"));
  const worktree = must(await back.find(repo, branch));
  const conflicts = ["conflict a.txt", "conflict b.txt", "conflict same.txt", "conflict sub/c.txt"];
  assert.deepEqual(summary(must(await back.plan(repo, worktree))), conflicts);
  const before = treeOf(repo);
  assert.deepEqual(summary(must(await back.bring(repo, worktree))), conflicts);
  assert.deepEqual(treeOf(repo), before);
  const chosen = { paths: ["a.txt", "sub"], onConflict: "point" as const };
  assert.deepEqual(summary(must(await back.bring(repo, worktree, chosen))), [
    "remove sub/c.txt",
    "write a.txt",
  ]);
  assert.match(readFileSync(join(repo, "a.txt"), "utf8"), /^THEIRS/);
  assert.equal(readFileSync(join(repo, "same.txt"), "utf8"), "mine\n");
});

test("only the worktree's own change comes: not what its branch was made on, nor what it merged from the person", async (t) => {
  const { repo, back, make } = await apart(t);
  // The person is on an older commit than the one that it was made from.
  put(repo, { "later.txt": "later\n" });
  personGit(repo, "add", ".");
  personGit(repo, "commit", "-q", "-m", "Later");
  const { root, branch } = await make();
  put(root, { "b.txt": "theirs\n" });
  personGit(repo, "checkout", "-q", "-b", "old", "HEAD~1");
  const worktree = must(await back.find(repo, branch));
  assert.deepEqual(summary(must(await back.plan(repo, worktree))), ["write b.txt"]);
  // The person's newer commits were merged there.
  personGit(repo, "checkout", "-q", "main");
  put(repo, { "newest.txt": "newest\n" });
  personGit(repo, "add", ".");
  personGit(repo, "commit", "-q", "-m", "Newest");
  personGit(root, "merge", "-q", "main");
  const merged = must(await back.find(repo, branch));
  assert.deepEqual(summary(must(await back.plan(repo, merged))), ["write b.txt"]);
});

test("a worktree's change can't come to the worktree itself, and one that isn't there is told", async (t) => {
  const { repo, back, make } = await apart(t);
  const { root, branch } = await make();
  const worktree = must(await back.find(repo, branch));
  const itself = await back.plan(root, worktree);
  assert.equal(itself.ok ? "" : itself.error.code, "worktree.itself");
  rmSync(root, { recursive: true });
  const gone = await back.plan(repo, must(await back.find(repo, branch)));
  assert.equal(gone.ok ? "" : gone.error.code, "worktree.not-there");
  const unknown = await back.find(repo, "other");
  assert.equal(unknown.ok ? "" : unknown.error.code, "worktree.unknown");
});
