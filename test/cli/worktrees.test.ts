import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../scripts/lib/paths.ts";
import { personGit } from "../git/support.ts";
import { apart } from "../restore/bringing/support.ts";
import { put } from "../restore/points/support.ts";

const CLI = join(ROOT, "dist", "cli.js");

test("worktrees: list, show, bring by file and undo, bring as a commit, remove", async (t) => {
  const { repo, state, make } = await apart(t);
  const { root } = await make();
  await make("Nothing done");
  put(root, { "b.txt": "theirs\n", "sub/c.txt": "theirs\n", "new.txt": "new\n" });
  put(repo, { "sub/c.txt": "mine\n" });
  const interlock = (...args: readonly string[]): { code: number | null; out: string; err: string } => {
    const env = { ...process.env, INTERLOCK_STATE_DIR: state };
    const run = spawnSync(process.execPath, [CLI, ...args, "--cwd", join(repo, "sub")], {
      env,
      encoding: "utf8",
    });
    return { code: run.status, out: run.stdout, err: run.stderr };
  };
  const json = (...args: readonly string[]): Record<string, unknown> =>
    JSON.parse(interlock(...args, "--json").out) as Record<string, unknown>;
  const worktrees = (...args: readonly string[]) => interlock("worktrees", ...args);

  assert.match(worktrees().out, /^fix-it {2}feature\/agent\/fix-it {2}2 uncommitted, 1 untracked$/m);
  assert.match(worktrees("list").out, /^nothing-done .* holds nothing that you don't have$/m);
  const [first] = json("worktrees", "list")["worktrees"] as { name: string; holdings: { commits: number } }[];
  assert.deepEqual([first?.name, first?.holdings.commits], ["fix-it", 0]);
  const shown = worktrees("show", "fix-it").out;
  assert.match(
    shown,
    /added {4}new\.txt {2}uncommitted[^]*write {3}b\.txt[^]*kept sub\/c\.txt: you changed the same lines/,
  );
  assert.deepEqual(json("worktrees", "show", "fix-it")["kept"], [{ path: "sub/c.txt", why: "conflict" }]);
  const brought = json("worktrees", "bring", "fix-it", "../b.txt");
  assert.equal(readFileSync(join(repo, "b.txt"), "utf8"), "theirs\n");
  assert.equal(existsSync(join(repo, "new.txt")), false);
  assert.equal(interlock("restore", "undo", String(brought["journal"])).code, 0);
  assert.equal(readFileSync(join(repo, "b.txt"), "utf8"), "b\n");

  const blocked = worktrees("bring", "fix-it", "--as", "commit", "--yes");
  assert.equal(blocked.code, 1);
  assert.match(blocked.err, /you have uncommitted changes in sub\/c\.txt/);
  personGit(repo, "checkout", "-q", "--", "sub/c.txt");
  // `main` is protected, and nobody can be asked here.
  const asked = worktrees("bring", "fix-it", "--as", "commit");
  assert.equal(asked.code, 1);
  assert.match(asked.err, /Commits to a protected branch\.[^]*Nothing was changed\. Add “--yes”/);
  assert.equal(personGit(repo, "log", "-1", "--format=%s").trim(), "First");
  assert.equal(worktrees("bring", "fix-it", "--as", "commit", "--message", "Theirs", "--yes").code, 0);
  assert.equal(personGit(repo, "log", "-1", "--format=%s").trim(), "Theirs");

  put(root, { "more.txt": "more\n" });
  const held = worktrees("remove", "fix-it");
  assert.equal(held.code, 1);
  assert.match(held.err, /The worktree fix-it holds work that lies nowhere else/);
  assert.equal(worktrees("remove", "--empty").code, 1);
  assert.match(worktrees("remove", "--empty", "--yes").out, /^nothing-done was removed\.$/m);
  assert.match(worktrees().out, /^fix-it .*\n$/);
  assert.match(
    worktrees("show", "other").err,
    /There is no worktree “other” of this repository\. There are: fix-it\./,
  );
  for (const wrong of [["frob"], ["bring"], ["bring", "fix-it", "x", "--as", "merge"], ["list", "x"]])
    assert.equal(worktrees(...wrong).code, 2);
});
