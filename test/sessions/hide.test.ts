import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { Places, hideFromGit } from "../../extension/sessions/places.ts";
import { skipWithout } from "../harness/tools.ts";
import { tempDir } from "../harness/temp.ts";
import { TestGates } from "./support/gates.ts";

async function repository(t: TestContext): Promise<string | undefined> {
  if ((await skipWithout(t, "git")) === undefined) return undefined;
  const folder = join(await tempDir(t), "repository");
  await mkdir(join(folder, "sub", "deep"), { recursive: true });
  git(folder, "init", "--quiet", "--initial-branch=main");
  await writeFile(join(folder, "a.txt"), "a\n");
  git(folder, "add", "--all");
  git(
    folder,
    "-c",
    "user.name=T",
    "-c",
    "user.email=t@example.invalid",
    "commit",
    "--quiet",
    "--message",
    "one",
  );
  return folder;
}

function git(cwd: string, ...args: string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  return execFileSync("git", args, { cwd, env, encoding: "utf8" });
}

/** Opens a place with a record in it, hides it, and returns what git sees of it. */
async function seenByGit(root: string): Promise<string> {
  const place = await new Places(() => new TestGates()).open(root, root);
  await hideFromGit(place);
  assert.equal((await place.audit.open()).ok, true);
  await place.audit.close();
  assert.ok(existsSync(place.audit.path));
  return git(root, "status", "--porcelain", "--untracked-files=all");
}

test("the record is no file of the repository, and no file of the project is changed for that", async (t) => {
  const root = await repository(t);
  if (root === undefined) return;
  assert.equal(await seenByGit(root), "");
  assert.equal(existsSync(join(root, ".gitignore")), false);
});

test("a project in a folder of the repository is hidden, too", async (t) => {
  const root = await repository(t);
  if (root === undefined) return;
  assert.equal(await seenByGit(join(root, "sub", "deep")), "");
  assert.equal(await seenByGit(join(root, "sub")), "");
});

test("a worktree is hidden, too, and the main one's files stay as they are", async (t) => {
  const root = await repository(t);
  if (root === undefined) return;
  const tree = join(root, "..", "tree");
  git(root, "worktree", "add", "--quiet", "-b", "other", tree);
  assert.equal(await seenByGit(tree), "");
  assert.equal(git(root, "status", "--porcelain"), "");
});

test("a repository that is opened through a link is hidden, too", async (t) => {
  const root = await repository(t);
  if (root === undefined) return;
  const link = join(root, "..", "link");
  await symlink(root, link);
  assert.equal(await seenByGit(link), "");
});

test("hiding twice says it once, and what others excluded stays", async (t) => {
  const root = await repository(t);
  if (root === undefined) return;
  const path = join(root, ".git", "info", "exclude");
  await writeFile(path, "mine");
  await seenByGit(root);
  await seenByGit(root);
  assert.equal(await readFile(path, "utf8"), "mine\n/agent-audit/\n");
});

test("without a repository there is nothing to hide from, and nothing is written but the record", async (t) => {
  const root = await tempDir(t);
  const place = await new Places(() => new TestGates()).open(root, root);
  await hideFromGit(place);
  assert.equal((await place.audit.open()).ok, true);
  assert.equal(existsSync(join(root, ".git")), false);
});

test("two sessions that open one folder at once share its record and its gates", async (t) => {
  const root = await tempDir(t);
  await mkdir(join(root, "sub"));
  const places = new Places(() => new TestGates());
  const [a, b] = await Promise.all([places.open(root, root), places.open(root, join(root, "sub"))]);
  assert.equal(a.audit, b.audit);
  assert.equal(a.gates, b.gates);
  assert.deepEqual([a.cwd, b.cwd], [root, join(root, "sub")]);
  assert.equal(places.all().length, 1);
});
