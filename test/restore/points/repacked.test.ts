import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { RestorePoints } from "../../../extension/restore/points/restorePoints.ts";
import { testGit } from "../../git/support.ts";
import { bench, must, put, sh, taken } from "./support.ts";

const git = testGit(process.env);
const BOUND = { bytes: 200_000 };

/** Bytes of the objects that a state directory holds beside those that the repository has. */
function heldBeside(state: string, repo: string): number {
  const below = (folder: string): ReadonlyMap<string, number> =>
    new Map(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => [entry.name, statSync(join(entry.parentPath, entry.name)).size]),
    );
  const there = below(join(repo, ".git", "objects"));
  const [vault = ""] = readdirSync(join(state, "restore", "vaults"));
  const here = below(join(state, "restore", "vaults", vault, "objects"));
  return [...here].filter(([name]) => !there.has(name)).reduce((sum, [, size]) => sum + size, 0);
}

async function pruned(points: RestorePoints, repo: string): Promise<readonly string[]> {
  await points.prune(repo, BOUND);
  await sleep(20);
  return (await points.list(repo)).map(({ id }) => id);
}

for (const format of ["sha1", "sha256"]) {
  test(`packing a repository anew costs no point, however large it is: ${format}`, async (t) => {
    const { repo, state, points } = await bench(t, git);
    if (format === "sha256")
      sh(repo, "rm -rf .git; git init -q -b main --object-format=sha256; git add .; git commit -qm First");
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) {
      put(repo, { [`large-${count}`]: randomBytes(150_000) });
      sh(repo, `git add .; git commit -qm ${count}; git repack -q -d`);
      ids.push((await taken(points, repo)).id);
    }
    for (let count = 0; count < 2; count++) {
      sh(repo, `echo ${count} > n.txt; git add .; git commit -qm more; git gc -q --prune=now`);
      assert.deepEqual(await pruned(points, repo), ids);
      ids.push((await taken(points, repo)).id);
      assert.deepEqual(await pruned(points, repo), ids);
    }
    assert.ok(heldBeside(state, repo) < BOUND.bytes, "what the repository holds isn't held twice");
    const history = sh(repo, "git log --format=%H");
    sh(repo, "rm -rf .git");
    must(await points.apply(repo, ids[0] ?? "", { exact: true }));
    sh(repo, "git fsck --no-dangling --strict");
    assert.ok(history.includes(sh(repo, "git log --format=%H").trim()));
    must(await points.apply(repo, ids.at(-1) ?? "", { exact: true }));
    sh(repo, "git fsck --no-dangling --strict");
    assert.equal(sh(repo, "git log --format=%H"), history);
  });
}

test("of a pack that went, what the repository has no more is held alone", async (t) => {
  const { repo, state, points } = await bench(t, git);
  put(repo, { "large.bin": randomBytes(300_000) });
  sh(repo, "git add .; git commit -qm large; git checkout -qb work");
  put(repo, { "mine.txt": "words of mine\n" });
  sh(repo, "git add .; git commit -qm mine; git checkout -q main; git repack -qad");
  const ids = [(await taken(points, repo)).id];
  const tip = sh(repo, "git rev-parse work");
  sh(repo, "git branch -qD work; git reflog expire --expire=now --all; git gc -q --prune=now");
  await pruned(points, repo);
  ids.push((await taken(points, repo)).id);
  assert.deepEqual(await pruned(points, repo), ids);
  const held = heldBeside(state, repo);
  assert.ok(held > 0 && held < 10_000, `${held} bytes`);
  assert.deepEqual(await pruned(new RestorePoints(git, state), repo), ids);
  must(await points.apply(repo, ids[0] ?? "", { exact: true }));
  assert.equal(sh(repo, "git rev-parse work; git show work:mine.txt"), `${tip}words of mine\n`);
  sh(repo, "git fsck --no-dangling --strict");
});

test("points go for what the repository gave up in truth, also out of a pack", async (t) => {
  const { repo, points } = await bench(t, git);
  sh(repo, "git checkout -qb work");
  put(repo, { "large.bin": randomBytes(300_000) });
  sh(repo, "git add .; git commit -qm mine; git checkout -q main; git repack -qad");
  await taken(points, repo);
  sh(repo, "git branch -qD work; git reflog expire --expire=now --all; git gc -q --prune=now");
  await pruned(points, repo);
  const { id } = await taken(points, repo);
  assert.deepEqual(await pruned(points, repo), [id]);
});
