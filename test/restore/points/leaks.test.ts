import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { RestorePoints } from "../../../extension/restore/points/restorePoints.ts";
import { testGit } from "../../git/support.ts";
import { bench, must, put, sh, taken } from "./support.ts";

const git = testGit(process.env);

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test("nothing of a point shows in the repository, or leaves it", async (t) => {
  const { base, repo, points } = await bench(t, git);
  put(repo, { ".env": "SECRET=hunter2\n", "private.txt": "hunter2\n", "a.txt": "hunter2\n" });
  const view = (): string =>
    sh(
      repo,
      "git for-each-ref; git log --all --format=%H; git reflog --all; git count-objects -v; git fsck --no-progress; ls -aR .git; cat .git/config",
    );
  sh(repo, "git status");
  const before = view();
  const index = statSync(join(repo, ".git", "index")).mtimeMs;
  const point = await taken(points, repo);
  assert.equal(view(), before);
  assert.equal(statSync(join(repo, ".git", "index")).mtimeMs, index);
  sh(
    repo,
    "git clone -q --mirror . ../mirror; git clone -q . ../clone; git init -q --bare ../pushed; git push -q --mirror ../pushed",
  );
  for (const copy of ["mirror", "clone/.git", "pushed"]) {
    const objects = sh(join(base, copy), "git cat-file --batch-check --batch-all-objects").trim().split("\n");
    for (const line of objects) {
      const [oid = "", kind] = line.split(" ");
      if (kind === "blob") assert.ok(!sh(join(base, copy), `git cat-file blob ${oid}`).includes("hunter2"));
    }
  }
  // And a restore leaves no ref and no object of its own either.
  sh(repo, "git reset -q --hard; git clean -fdxq");
  must(await points.apply(repo, point.id));
  assert.equal(
    sh(repo, "git for-each-ref; git log --all --format=%H"),
    sh(base, "cd repo; git for-each-ref; git log --all --format=%H"),
  );
});

test("only the person can read what is kept", async (t) => {
  const { repo, state, points } = await bench(t, git);
  put(repo, { ".env": "SECRET=1\n" });
  await taken(points, repo);
  for (const file of filesBelow(state).filter((path) => !path.includes("/objects/")))
    assert.equal(lstatSync(file).mode & 0o077, 0, file);
  for (const entry of readdirSync(state, { recursive: true, withFileTypes: true }))
    if (entry.isDirectory() && !entry.parentPath.includes("/objects"))
      assert.equal(lstatSync(join(entry.parentPath, entry.name)).mode & 0o077, 0, entry.name);
});

test("what is too large or too much is left out, and named", async (t) => {
  const limits = { fileBytes: 1000, totalBytes: 2500, ignoredBytes: 100, files: 8 };
  const { repo, points } = await bench(t, git, limits);
  const files = Object.fromEntries(
    ["1", "2", "3", "4", "5", "6", "7"].map((name) => [`f${name}`, "x".repeat(600)]),
  );
  put(repo, { ...files, "data.db": "y".repeat(5000), ".env": "z".repeat(500), "small.txt": "s" });
  const point = await taken(points, repo);
  const { state } = must(await points.show(repo, point.id));
  const why = Object.fromEntries(state.notCovered.map((each) => [each.path, each.why]));
  assert.equal(why["data.db"], "size");
  assert.equal(Object.values(why).includes("total"), true);
  assert.equal(Object.values(why).includes("count"), true);
  assert.equal(point.counts.notCovered, state.notCovered.length);
  sh(repo, "rm data.db; echo other > data.db");
  const planned = must(await points.plan(repo, point.id));
  assert.deepEqual(
    planned.changes.map(({ path }) => path),
    [],
  );
});

test("ignored files have a room of their own, and those that are over are named", async (t) => {
  const { repo, points } = await bench(t, git, {
    ignoredBytes: 100,
    ignoredTotalBytes: 150,
    totalBytes: 2000,
  });
  const secrets = { ".env": "a".repeat(50), ".env.b": "b".repeat(90), ".env.c": "c".repeat(95) };
  put(repo, { ...secrets, ".gitignore": ".env*\n", "mine.txt": "m".repeat(1900) });
  const point = await taken(points, repo);
  const { state } = must(await points.show(repo, point.id));
  assert.deepEqual(state.notCovered, [{ path: ".env.c", size: 95, why: "total" }]);
  sh(repo, "rm .env .env.b mine.txt");
  must(await points.apply(repo, point.id));
  assert.equal(sh(repo, "cat .env .env.b mine.txt"), "a".repeat(50) + "b".repeat(90) + "m".repeat(1900));
});

test("a second point of the same state costs no second copy of it", async (t) => {
  const { repo, state, points } = await bench(t, git);
  put(repo, { "big.bin": Buffer.alloc(3_000_000, 7), "n.txt": "n" });
  await taken(points, repo);
  const size = (): number => filesBelow(state).reduce((sum, path) => sum + statSync(path).size, 0);
  const before = size();
  for (let count = 0; count < 5; count++) await taken(points, repo);
  assert.ok(size() - before < 20_000, `${size() - before} bytes`);
});

test("old points go, with what only they needed, and those that stay are whole", async (t) => {
  const { repo, state, points } = await bench(t, git);
  const ids: string[] = [];
  for (let count = 0; count < 6; count++) {
    put(repo, { "n.txt": `version ${count}\n`, [`only-${count}.bin`]: Buffer.alloc(300_000, count) });
    ids.push((await taken(points, repo)).id);
    sh(repo, `rm only-${count}.bin`);
  }
  await points.prune(repo, { points: 3 });
  assert.deepEqual(
    (await points.list(repo)).map(({ id }) => id),
    ids.slice(3),
  );
  sh(state, "find . -name '*.pack' -path '*packs*' -exec touch -d '2 hours ago' {} +");
  await points.prune(repo, { points: 2 });
  assert.deepEqual(
    (await points.list(repo)).map(({ id }) => id),
    ids.slice(4),
  );
  for (const [index, id] of ids.slice(4).entries()) {
    must(await points.apply(repo, id, { paths: ["n.txt", `only-${index + 4}.bin`] }));
    assert.equal(sh(repo, "cat n.txt"), `version ${index + 4}\n`);
    assert.equal(statSync(join(repo, `only-${index + 4}.bin`)).size, 300_000);
  }
  await points.prune(repo, { ageMs: 0 });
  assert.equal((await points.list(repo)).length, 1);
});

test("bytes bound what is kept", async (t) => {
  const { repo, points } = await bench(t, git);
  for (let count = 0; count < 4; count++) {
    put(repo, {
      "r.bin": Buffer.from(Array.from({ length: 200_000 }, () => Math.floor(Math.random() * 256))),
    });
    await taken(points, repo);
  }
  await points.prune(repo, { bytes: 450_000 });
  assert.equal((await points.list(repo)).length, 2);
});

test("ignored files count to the bytes, and what a later point shares stays", async (t) => {
  const { repo, state, points } = await bench(t, git);
  const shared = randomBytes(200_000);
  put(repo, { ".env": shared });
  const ids: string[] = [];
  for (let count = 0; count < 3; count++) {
    put(repo, { "sub/.env": randomBytes(200_000) });
    ids.push((await taken(points, repo)).id);
  }
  sh(state, "find . -name '*.pack' -path '*packs*' -exec touch -d '2 hours ago' {} +");
  await points.prune(repo, { bytes: 650_000 });
  const left = (await points.list(repo)).map(({ id }) => id);
  assert.deepEqual(left, ids.slice(1));
  const packs = filesBelow(state).filter((path) => path.endsWith(".pack") && path.includes("/packs/"));
  const held = packs.reduce((sum, path) => sum + statSync(path).size, 0);
  assert.ok(held < 700_000, `${held} bytes`);
  sh(repo, "rm .env sub/.env");
  must(await points.apply(repo, ids[1] ?? ""));
  assert.deepEqual(readFileSync(join(repo, ".env")), shared);
});

test("a home folder, the root of the disk: bounded, and named as not covered", async (t) => {
  const { state, points } = await bench(t, git, { walkFiles: 200 });
  for (const folder of ["/", "/usr"]) {
    const point = await taken(points, folder);
    assert.equal(point.counts.notCovered, 1);
  }
  assert.ok(filesBelow(state).reduce((sum, path) => sum + statSync(path).size, 0) < 50_000);
});

test("a state directory inside of the repository holds no points of itself", async (t) => {
  const { repo } = await bench(t, git);
  const points = new RestorePoints(git, join(repo, ".local", "state"));
  put(repo, { "mine.txt": "mine\n" });
  await taken(points, repo);
  const second = await taken(points, repo);
  const { state } = must(await points.show(repo, second.id));
  assert.deepEqual(
    state.entries.map(({ path }) => path),
    ["mine.txt"],
  );
});

/** A folder on another disk than the repository's; null after skipping the test where there is none. */
function otherDisk(t: TestContext, repo: string): string | null {
  if (!existsSync("/dev/shm") || statSync("/dev/shm").dev === statSync(repo).dev) {
    t.skip("there is no other disk here");
    return null;
  }
  const folder = mkdtempSync("/dev/shm/interlock-test-");
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("on another disk objects are copied, and come back", async (t) => {
  const { repo } = await bench(t, git);
  const elsewhere = otherDisk(t, repo);
  if (elsewhere === null) return;
  const points = new RestorePoints(git, elsewhere);
  sh(repo, "echo mine >> a.txt; git stash -q");
  const point = await taken(points, repo);
  assert.equal(point.history, true);
  sh(repo, "rm -rf .git");
  must(await points.apply(repo, point.id));
  assert.match(sh(repo, "git stash show -p; git fsck --no-dangling"), /\+mine/);
});

test("what is copied from another disk is bounded, and the point says that its history isn't whole", async (t) => {
  const { repo } = await bench(t, git);
  const elsewhere = otherDisk(t, repo);
  if (elsewhere === null) return;
  const points = new RestorePoints(git, elsewhere, { copiedBytes: 500_000 });
  const told: boolean[] = [];
  for (const name of ["one", "two", "three"]) {
    put(repo, { [name]: randomBytes(200_000) });
    sh(repo, `git add ${name}; git commit -qm ${name}`);
    told.push((await taken(points, repo)).history);
  }
  assert.deepEqual(told, [true, true, false]);
});

test("objects that the repository gave up go when no point is as old any more", async (t) => {
  const { repo, state, points } = await bench(t, git);
  sh(repo, "echo gone > g.txt; git add g.txt");
  const oid = sh(repo, "git hash-object g.txt").trim();
  const first = await taken(points, repo);
  sh(repo, "git reset -q; rm g.txt; git prune --expire=now");
  const objects = (): boolean =>
    filesBelow(state).some((path) => path.endsWith(`${oid.slice(0, 2)}/${oid.slice(2)}`));
  assert.equal(objects(), true);
  await points.prune(repo);
  assert.equal(objects(), true, "a point needs it still");
  await new Promise((resolve) => setTimeout(resolve, 20));
  await taken(points, repo);
  await points.prune(repo, { points: 1 });
  assert.deepEqual(
    (await points.list(repo)).some(({ id }) => id === first.id),
    false,
  );
  assert.equal(objects(), false);
});

test("points go for the bytes of what the repository gave up, the oldest first, but what the newest needs stays", async (t) => {
  const { repo, state, points } = await bench(t, git);
  const stage = async (name: string): Promise<{ readonly id: string; readonly object: string }> => {
    put(repo, { [name]: randomBytes(300_000) });
    const object = sh(repo, `git add ${name}; git hash-object ${name}; rm ${name}`).trim();
    const { id } = await taken(points, repo);
    sh(repo, "git reset -q; git prune --expire=now");
    return { id, object };
  };
  const held = (object: string): boolean =>
    filesBelow(state).some((path) => path.endsWith(`/${object.slice(0, 2)}/${object.slice(2)}`));
  const made: Awaited<ReturnType<typeof stage>>[] = [];
  for (const name of ["one", "two", "three"]) {
    made.push(await stage(name));
    await points.prune(repo, { bytes: 450_000 });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const left = (await points.list(repo)).map(({ id }) => id);
  assert.deepEqual(
    left,
    made.slice(1).map(({ id }) => id),
  );
  assert.deepEqual(
    made.map(({ object }) => held(object)),
    [false, true, true],
  );
  sh(repo, "rm -rf .git");
  must(await points.apply(repo, made[1]?.id ?? "", { exact: true }));
  assert.match(sh(repo, "git fsck --no-dangling; git ls-files"), /^two$/m);
});

test("an index that changes a little is kept in parts, and is whole after pruning", async (t) => {
  const { repo, state, points } = await bench(t, git);
  const many = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, index) => [`many/file-${index}.txt`, `${index}\n`]),
  );
  put(repo, many);
  sh(repo, "git add .; git commit -qm many");
  const size = (): number =>
    filesBelow(state)
      .filter((path) => path.includes("/packs/"))
      .reduce((sum, path) => sum + statSync(path).size, 0);
  await taken(points, repo);
  const before = size();
  for (let count = 0; count < 5; count++) {
    sh(repo, `echo ${count} > many/file-${count * 500}.txt; git add .`);
    await taken(points, repo);
  }
  assert.ok(size() - before < 5 * 60_000, `${size() - before} bytes for 5 points`);
  const { id } = await taken(points, repo);
  const index = sh(repo, "git ls-files -s");
  sh(state, "find . -name '*.pack' -path '*packs*' -exec touch -d '2 hours ago' {} +");
  await points.prune(repo, { points: 1 });
  sh(repo, "git reset -q --hard; rm .git/index");
  must(await new RestorePoints(git, state).apply(repo, id));
  assert.equal(sh(repo, "git ls-files -s"), index);
});
