import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { RestorePoints } from "../../../extension/restore/points/restorePoints.ts";
import { testGit } from "../../git/support.ts";
import { bench, commitSome, must, put, sh, taken, treeOf } from "./support.ts";

const git = testGit(process.env);

test("an old point of another repository keeps no objects of this one", async (t) => {
  const { base, repo, state, points } = await bench(t, git);
  const other = join(base, "other");
  sh(base, "mkdir other");
  commitSome(other);
  await taken(points, other);
  await sleep(20);
  sh(repo, "echo gone > g.txt; git add g.txt");
  const oid = sh(repo, "git hash-object g.txt").trim();
  await taken(points, repo);
  sh(repo, "git reset -q; rm g.txt; git prune --expire=now");
  const isKept = (): boolean =>
    readdirSync(state, { recursive: true, encoding: "utf8" }).some((path) =>
      path.endsWith(join(oid.slice(0, 2), oid.slice(2))),
    );
  await points.prune(repo);
  assert.equal(isKept(), true);
  await sleep(20);
  await taken(points, repo);
  await points.prune(repo, { points: 1 });
  assert.equal(isKept(), false);
});

test("points of folders that are gone are forgotten with age, and the objects that were kept for them alone", async (t) => {
  const { base, repo, state, points } = await bench(t, git);
  const lone = join(base, "lone");
  sh(base, "mkdir lone there");
  commitSome(lone);
  sh(repo, "git worktree add -q -b wt ../wt");
  const [wt, there] = [join(base, "wt"), join(base, "there")];
  put(repo, { "a.txt": "mine\n" });
  const point = await taken(points, repo);
  for (const folder of [wt, lone, there]) await taken(points, folder);
  const places = (): number => readdirSync(join(state, "restore")).length;
  const vaults = (): number => readdirSync(join(state, "restore", "vaults")).length;
  sh(repo, "git worktree remove ../wt; rm -rf ../lone");
  await points.prune(repo);
  assert.deepEqual([places(), vaults()], [5, 2], "they may still be wanted back");
  await sleep(20);
  await new RestorePoints(git, state).prune(repo, { ageMs: 10 });
  assert.deepEqual([places(), vaults()], [3, 1]);
  assert.equal((await points.list(there)).length, 1, "a folder that is there keeps its newest point");
  const before = treeOf(repo);
  sh(repo, "rm -rf .git a.txt");
  assert.equal(existsSync(join(repo, ".git")), false);
  must(await points.apply(repo, point.id));
  assert.deepEqual(treeOf(repo), before);
  sh(repo, "git fsck --no-dangling");
});
