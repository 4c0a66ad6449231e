import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RestorePoints } from "../../../extension/restore/points/restorePoints.ts";
import { testGit } from "../../git/support.ts";
import { bench, commitSome, gitOf, must, put, sh, taken, treeOf } from "./support.ts";

const git = testGit(process.env);

test("without git the files are copied, and come back", async (t) => {
  const { repo, state } = await bench(t, git);
  const points = new RestorePoints(testGit({ ...process.env, PATH: "/nowhere" }), state);
  put(repo, { "mine.txt": "mine\n" });
  const before = treeOf(repo);
  const point = await taken(points, repo);
  sh(repo, "rm -rf mine.txt a.txt sub");
  must(await points.apply(repo, point.id, { exact: true }));
  assert.deepEqual(treeOf(repo), before);
});

test("a held index lock holds up no point, and keeps a restore from the index alone", async (t) => {
  const { repo, points } = await bench(t, git);
  sh(repo, "echo staged >> a.txt; git add a.txt; echo mine >> b.txt");
  const before = treeOf(repo);
  writeFileSync(join(repo, ".git", "index.lock"), "");
  const point = await taken(points, repo);
  rmSync(join(repo, ".git", "index.lock"));
  sh(repo, "git reset -q --hard");
  writeFileSync(join(repo, ".git", "index.lock"), "");
  const restored = must(await points.apply(repo, point.id));
  assert.deepEqual(
    restored.kept.map(({ path, why }) => [path, why]),
    [["index", "locked"]],
  );
  assert.equal(readFileSync(join(repo, ".git", "index.lock"), "utf8"), "");
  assert.deepEqual(treeOf(repo), before);
});

for (const [what, script] of [
  ["an index of random bytes", "head -c 4000 /dev/urandom > .git/index"],
  ["a truncated index", "truncate -s 100 .git/index"],
  ["an empty index", ": > .git/index"],
  ["a missing tree", 'tree=$(git rev-parse HEAD^{tree}); rm -f ".git/objects/${tree:0:2}/${tree:2}"'],
  [
    "a missing file of the commit",
    'oid=$(git rev-parse HEAD:sub/c.txt); rm -f ".git/objects/${oid:0:2}/${oid:2}"',
  ],
  ["a branch of zeros", "head -c 41 /dev/zero > .git/refs/heads/main"],
  ["a HEAD that names nothing", "echo broken > .git/HEAD"],
  ["broken configuration", "echo '[core' > .git/config"],
  ["missing objects", "rm -rf .git/objects/*"],
] as const) {
  test(`${what}: the point before brings the repository back`, async (t) => {
    const { repo, points } = await bench(t, git);
    sh(repo, "echo staged >> a.txt; git add a.txt; echo mine >> b.txt; echo u > u");
    const before = { tree: treeOf(repo), git: gitOf(repo) };
    const point = await taken(points, repo);
    sh(repo, script);
    put(repo, { "b.txt": "overwritten\n" });
    const damaged = await (await points.take({ root: repo, reason: "asked" })).settled;
    assert.equal(damaged.ok, true, "a damaged repository is still kept as it is");
    must(await points.apply(repo, point.id, { exact: true, lossPoint: must(damaged).id }));
    const { reflog: _, ...after } = gitOf(repo);
    const { reflog: __, ...then } = before.git;
    assert.deepEqual(after, then);
    assert.deepEqual(treeOf(repo), before.tree);
    sh(repo, "git fsck --no-dangling");
  });
}

/** A disk of 256 KiB; null where none may be mounted. */
function smallDisk(base: string): string | null {
  const small = join(base, "small");
  mkdirSync(small);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", small], { stdio: "ignore" });
    return small;
  } catch {
    return null;
  }
}

test("a disk that is full when something is to be brought back is told, and what is there stays", async (t) => {
  const { base, repo } = await bench(t, git);
  const small = smallDisk(base);
  if (small === null) return t.skip("no file system may be mounted here");
  try {
    const points = new RestorePoints(git, small);
    put(repo, { "b.txt": "mine\n" });
    const point = await taken(points, repo);
    put(repo, { "b.txt": "another one's\n", "u.txt": "u\n" });
    const before = { tree: treeOf(repo), git: gitOf(repo) };
    assert.throws(() => writeFileSync(join(small, "filler"), Buffer.alloc(1024 * 1024)), /ENOSPC/);
    const result = await points.apply(repo, point.id);
    assert.equal(result.ok ? "" : result.error.code, "restore.disk-full");
    assert.deepEqual({ tree: treeOf(repo), git: gitOf(repo) }, before);
    rmSync(join(small, "filler"));
    assert.deepEqual(await points.unfinished(repo), []);
    must(await points.apply(repo, point.id));
    assert.equal(readFileSync(join(repo, "b.txt"), "utf8"), "mine\n");
    sh(repo, "git fsck --no-dangling");
  } finally {
    execFileSync("umount", [small]);
  }
});

test("a restore that the disk of the repository has no room for is finished once it has", async (t) => {
  const { base, points } = await bench(t, git);
  const small = smallDisk(base);
  if (small === null) return t.skip("no file system may be mounted here");
  try {
    const repo = join(small, "repo");
    mkdirSync(repo);
    commitSome(repo);
    put(repo, { "b.txt": "mine\n", "large.txt": "words of mine\n".repeat(2_000) });
    const before = treeOf(repo);
    const point = await taken(points, repo);
    sh(repo, "git reset -q --hard; git clean -qfd");
    assert.throws(() => writeFileSync(join(small, "filler"), Buffer.alloc(1024 * 1024)), /ENOSPC/);
    const result = await points.apply(repo, point.id);
    assert.equal(result.ok ? "" : result.error.code, "restore.disk-full");
    sh(repo, "git fsck --no-dangling");
    rmSync(join(small, "filler"));
    const [journal] = await points.unfinished(repo);
    must(await points.finish(repo, journal?.id ?? ""));
    assert.deepEqual(treeOf(repo), before);
    assert.equal(sh(repo, "find . -name '*.lock' -o -name '.interlock-*'"), "");
  } finally {
    execFileSync("umount", [small]);
  }
});

test("a full disk is told, and leaves nothing half", async (t) => {
  const { base, repo } = await bench(t, git);
  const small = smallDisk(base);
  if (small === null) return t.skip("no file system may be mounted here");
  try {
    const points = new RestorePoints(git, small);
    const noise = Buffer.from(Array.from({ length: 600_000 }, () => Math.floor(Math.random() * 256)));
    put(repo, { "noise.bin": noise });
    const before = { tree: treeOf(repo), git: gitOf(repo) };
    const result = await (await points.take({ root: repo, reason: "turn" })).settled;
    assert.equal(result.ok ? "" : result.error.code, "restore.disk-full");
    assert.deepEqual({ tree: treeOf(repo), git: gitOf(repo) }, before);
    assert.deepEqual(await points.list(repo), []);
    rmSync(join(repo, "noise.bin"));
    await taken(points, repo);
  } finally {
    execFileSync("umount", [small]);
  }
});

test("a repository's own configuration runs nothing, neither while taking nor while applying", async (t) => {
  const { base, repo, state } = await bench(t, git);
  const program = join(base, "program");
  const marker = join(base, "ran");
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> '${marker}'\ncat\n`, { mode: 0o755 });
  put(repo, { ".gitattributes": "*.txt filter=mine diff=mine merge=mine\n" });
  sh(repo, "git add .; git commit -qm attributes");
  const keys = `core.fsmonitor core.pager core.editor core.askPass core.sshCommand core.gitProxy core.alternateRefsCommand
    sequence.editor pager.status diff.external diff.mine.command diff.mine.textconv filter.mine.clean filter.mine.smudge
    filter.mine.process merge.mine.driver credential.helper gpg.program alias.status alias.checkout-index alias.read-tree
    uploadpack.packObjectsHook`;
  for (const key of keys.split(/\s+/))
    sh(repo, `git config ${key} '${/^alias|credential/.test(key) ? "!" : ""}${program}'`);
  mkdirSync(join(repo, ".git", "hooks"), { recursive: true });
  for (const hook of ["post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc"])
    writeFileSync(join(repo, ".git", "hooks", hook), `#!/bin/sh\necho ${hook} >> '${marker}'\n`, {
      mode: 0o755,
    });
  put(repo, { "a.txt": "changed\n", "sub/c.txt": "changed\n", "u.txt": "u\n" });
  rmSync(join(repo, "b.txt"));
  const points = new RestorePoints(testGit(process.env), state);
  const point = await taken(points, repo);
  rmSync(join(repo, "run.sh"));
  put(repo, { "a.txt": "lost\n" });
  rmSync(join(repo, "u.txt"));
  must(await points.apply(repo, point.id));
  assert.equal(existsSync(marker), false, existsSync(marker) ? readFileSync(marker, "utf8") : "");
  assert.equal(existsSync(join(repo, "run.sh")), true);
  sh(repo, "git status");
  assert.equal(existsSync(marker), true, "the program would have run for a person");
});

test("a damaged store says so, and changes nothing", async (t) => {
  const { repo, state, points } = await bench(t, git);
  put(repo, { "a.txt": "mine\n" });
  const point = await taken(points, repo);
  sh(
    state,
    "for f in $(find . -path '*packs*' -name '*.pack'); do printf garbage | dd of=$f bs=1 seek=20 conv=notrunc; done",
  );
  put(repo, { "a.txt": "lost\n" });
  const later = new RestorePoints(git, state);
  const result = await later.apply(repo, point.id);
  assert.equal(result.ok ? "" : result.error.code, "restore.damaged");
  assert.equal(readFileSync(join(repo, "a.txt"), "utf8"), "lost\n");
});

test("a link on the way is not followed out of the folder", async (t) => {
  const { base, repo, points } = await bench(t, git);
  put(repo, { "deep/mine.txt": "mine\n" });
  const point = await taken(points, repo);
  mkdirSync(join(base, "elsewhere"));
  sh(repo, "rm -rf deep; ln -s ../elsewhere deep");
  const restored = must(await points.apply(repo, point.id));
  assert.deepEqual(readdirSync(join(base, "elsewhere")), []);
  assert.ok(restored.kept.some(({ path, why }) => path === "deep/mine.txt" && why === "blocked"));
});
