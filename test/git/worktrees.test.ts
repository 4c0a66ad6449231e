import assert from "node:assert/strict";
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { chmod, mkdir, readFile, realpath, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

import { slugOf } from "../../extension/git/slug.ts";
import { type NewWorktree, type WorktreeRequest, Worktrees } from "../../extension/git/worktrees.ts";
import { tempDir } from "../harness/temp.ts";
import { makeRepository, personGit, testGit, write } from "./support.ts";

interface Place {
  readonly folder: string;
  readonly state: string;
  readonly worktrees: Worktrees;
  readonly create: (request?: Partial<WorktreeRequest>) => Promise<NewWorktree>;
}

/** The repository of `makeRepository`: `a.txt` changed, `new.txt` untracked. */
async function place(t: TestContext): Promise<Place> {
  const base = await realpath(await tempDir(t));
  const [folder, state] = [join(base, "My Shop"), join(base, "state")];
  await mkdir(folder);
  makeRepository(folder);
  const worktrees = new Worktrees(testGit(process.env), state);
  const create: Place["create"] = async (request = {}) => {
    const made = await worktrees.create({ folder, words: ["Fix the login"], carry: [], ...request });
    assert.ok(made.ok, made.ok ? "" : made.error.message);
    return made.value;
  };
  return { folder, state, worktrees, create };
}

const CHANGES = [
  { path: "a.txt", staged: false },
  { path: "new.txt", staged: false },
];

test("a worktree is made in about a second, outside of the project, on a branch named by what was asked", async (t) => {
  const { folder, state, create } = await place(t);
  const before = personGit(folder, "status", "--porcelain", "--branch");
  const started = performance.now();
  const made = await create();
  assert.ok(performance.now() - started < 3_000);
  assert.equal(made.branch, "feature/agent/fix-the-login");
  assert.match(made.root.slice(state.length), /^\/worktrees\/my-shop-[0-9a-f]{8}\/fix-the-login$/);
  assert.equal(personGit(made.root, "branch", "--show-current").trim(), made.branch);
  assert.equal(readFileSync(join(made.root, "a.txt"), "utf8"), "one\n");
  assert.equal(existsSync(join(made.root, "new.txt")), false);
  assert.equal(personGit(folder, "status", "--porcelain", "--branch"), before);
  assert.equal(statSync(join(state, "worktrees")).mode & 0o777, 0o700);
});

test("names are unique among branches and folders, and made of plain letters", async (t) => {
  const { folder, create } = await place(t);
  personGit(folder, "branch", "feature/agent/fix-the-login-2");
  const names = [await create(), await create(), await create({ words: ["", "!!!", "Ärger, überall"] })];
  assert.deepEqual(
    names.map(({ branch }) => branch),
    ["feature/agent/fix-the-login", "feature/agent/fix-the-login-3", "feature/agent/arger-uberall"],
  );
  assert.equal((await create({ words: [] })).branch, "feature/agent/session");
  assert.equal(slugOf("Don't ../../etc/passwd -- $(rm)"), "dont-etc-passwd-rm");
  assert.equal(
    slugOf("one two three four five six seven eight nine ten"),
    "one-two-three-four-five-six-seven-eight",
  );
});

test("two that are made at the same moment don't get into each other's way", async (t) => {
  const { create } = await place(t);
  const made = await Promise.all([create(), create(), create()]);
  assert.equal(new Set(made.map(({ branch }) => branch)).size, 3);
});

test("uncommitted changes come along as they are: content, mode, links, what is gone, what is staged", async (t) => {
  const { folder, create } = await place(t);
  await chmod(join(folder, "new.txt"), 0o755);
  await mkdir(join(folder, "deep", "er"), { recursive: true });
  write(join(folder, "deep"), { "er/x.txt": "x\n" });
  await symlink("a.txt", join(folder, "link"));
  write(folder, { "staged.txt": "staged\n", "both.txt": "first\n" });
  personGit(folder, "add", "staged.txt", "both.txt");
  write(folder, { "both.txt": "second\n" });
  personGit(folder, "rm", "-q", "b.txt");
  const carry = [
    ...CHANGES,
    { path: "deep/er/x.txt", staged: false },
    { path: "link", staged: false },
    { path: "staged.txt", staged: true },
    { path: "both.txt", staged: true },
    { path: "b.txt", staged: true },
  ];
  const before = personGit(folder, "status", "--porcelain");
  const made = await create({ carry });
  assert.equal(personGit(made.root, "status", "--porcelain"), before);
  assert.deepEqual([...made.carried].sort(), carry.map(({ path }) => path).sort());
  assert.deepEqual(made.left, []);
  assert.equal(personGit(made.root, "show", ":both.txt"), "first\n");
  assert.equal(await readFile(join(made.root, "both.txt"), "utf8"), "second\n");
  assert.equal(lstatSync(join(made.root, "link")).isSymbolicLink(), true);
  assert.equal(personGit(folder, "status", "--porcelain"), before);
});

test("only what is asked for comes along; a repository of its own is named and left", async (t) => {
  const { folder, create } = await place(t);
  await mkdir(join(folder, "inner"));
  makeRepository(join(folder, "inner"));
  const made = await create({
    carry: [
      { path: "new.txt", staged: false },
      { path: "inner/", staged: false },
    ],
  });
  assert.equal(personGit(made.root, "status", "--porcelain"), "?? new.txt\n");
  assert.deepEqual(made.left, ["inner/"]);
});

test("what is copied never follows a link of the repository out of the worktree", async (t) => {
  const { folder, create } = await place(t);
  const outside = join(folder, "..", "outside");
  await mkdir(outside);
  await symlink(outside, join(folder, "out"));
  personGit(folder, "add", "out");
  personGit(folder, "commit", "-q", "-m", "A link");
  await rm(join(folder, "out"));
  await mkdir(join(folder, "out"));
  write(join(folder, "out"), { "x.txt": "x\n" });
  const made = await create({ carry: [{ path: "out/x.txt", staged: false }] });
  assert.deepEqual(readdirSync(outside), []);
  assert.deepEqual(made.left, ["out/x.txt"]);
  // Together with the link that is gone it fits.
  const both = await create({
    carry: [
      { path: "out", staged: false },
      { path: "out/x.txt", staged: false },
    ],
  });
  assert.deepEqual(readdirSync(outside), []);
  assert.deepEqual(both.left, []);
  assert.equal(readFileSync(join(both.root, "out", "x.txt"), "utf8"), "x\n");
});

test("ignored files that .worktreeinclude names come along, and no others", async (t) => {
  const { folder, create } = await place(t);
  write(folder, {
    ".gitignore": ".env*\nnode_modules/\n*.log\n",
    ".worktreeinclude": ".env\nnew.txt\nconf/*\n",
  });
  write(folder, { ".env": "KEY=1\n", ".env.local": "KEY=2\n", "x.log": "log\n" });
  await chmod(join(folder, ".env"), 0o600);
  const made = await create();
  assert.deepEqual(made.included, [".env"]);
  assert.equal(readFileSync(join(made.root, ".env"), "utf8"), "KEY=1\n");
  assert.equal(statSync(join(made.root, ".env")).mode & 0o777, 0o600);
  assert.equal(existsSync(join(made.root, ".env.local")), false);
  // It isn't ignored: it would come to stand among the changes.
  assert.equal(existsSync(join(made.root, "new.txt")), false);
});

test("programs of the repository don't run, and what its filters make comes from the first tree", async (t) => {
  const { folder, create } = await place(t);
  const marker = join(folder, "..", "marker");
  personGit(folder, "config", "core.hooksPath", join(folder, ".hooks"));
  await mkdir(join(folder, ".hooks"));
  write(folder, { ".hooks/post-checkout": `#!/bin/sh\ntouch ${marker}\n` });
  personGit(folder, "config", "filter.swap.clean", "tr a-z A-Z");
  personGit(folder, "config", "filter.swap.smudge", `sh -c 'touch ${marker}; tr A-Z a-z'`);
  write(folder, { ".gitattributes": "*.big filter=swap\n", "one.big": "content\n", "two.big": "content\n" });
  // Git looks into files that are as young as its index.
  for (const name of ["one.big", "two.big"]) await utimes(join(folder, name), 1_000, 1_000);
  personGit(folder, "add", ".gitattributes", "one.big", "two.big");
  personGit(folder, "commit", "-q", "-m", "Filtered");
  write(folder, { "two.big": "of the person\n" });
  await rm(marker, { force: true });
  const made = await create();
  assert.equal(existsSync(marker), false);
  assert.equal(readFileSync(join(made.root, "one.big"), "utf8"), "content\n");
  assert.equal(readFileSync(join(made.root, "two.big"), "utf8"), "CONTENT\n");
});

test("without a repository, or a commit in it, there is none", async (t) => {
  const base = await tempDir(t);
  const worktrees = new Worktrees(testGit(process.env), join(base, "state"));
  const none = await worktrees.create({ folder: base, words: ["x"], carry: [] });
  assert.equal(none.ok ? "" : none.error.code, "worktree.no-repository");
  assert.equal(await worktrees.canCreate(base), false);
  personGit(base, "init", "-q");
  const empty = await worktrees.create({ folder: base, words: ["x"], carry: [] });
  assert.equal(empty.ok ? "" : empty.error.code, "worktree.no-commit");
  assert.equal(await worktrees.canCreate(base), false);
});

test("where a branch is in the way it says so, and leaves nothing behind", async (t) => {
  const { folder, state, worktrees } = await place(t);
  personGit(folder, "branch", "-m", "feature");
  const made = await worktrees.create({ folder, words: ["x"], carry: [] });
  assert.match(made.ok ? "" : made.error.message, /could not be made: .*feature/);
  assert.equal(personGit(folder, "worktree", "list").trim().split("\n").length, 1);
  assert.deepEqual(
    readdirSync(join(state, "worktrees")).flatMap((each) => readdirSync(join(state, "worktrees", each))),
    [],
  );
});

test("an empty one goes with its branch; one that holds anything stays", async (t) => {
  const { folder, worktrees, create } = await place(t);
  const empty = await create();
  assert.equal(await worktrees.removeEmpty(empty), true);
  assert.equal(existsSync(empty.root), false);
  assert.equal(personGit(folder, "branch", "--list", "feature/agent/fix*"), "");

  write(folder, { ".gitignore": "*.log\n" });
  const holds: Record<string, (root: string) => unknown> = {
    change: (root) => writeFile(join(root, "a.txt"), "mine\n"),
    commit: async (root) => {
      await writeFile(join(root, "a.txt"), "mine\n");
      personGit(root, "commit", "-q", "-am", "Mine");
    },
    untracked: (root) => writeFile(join(root, "mine.txt"), "mine\n"),
    ignored: (root) => write(root, { ".gitignore": "*.log\n", "x.log": "mine\n" }),
    "detached HEAD": (root) => personGit(root, "checkout", "-q", "--detach"),
  };
  for (const [what, act] of Object.entries(holds)) {
    const made = await create({ words: [what] });
    await act(made.root);
    assert.equal(await worktrees.removeEmpty(made), false, what);
    assert.equal(existsSync(made.root), true, what);
  }
});

test("the first tree never goes", async (t) => {
  const { folder, worktrees } = await place(t);
  personGit(folder, "stash", "-q", "-u");
  assert.equal(await worktrees.removeEmpty({ root: folder, branch: "feature/agent/x" }), false);
  assert.equal(existsSync(join(folder, "a.txt")), true);
});
