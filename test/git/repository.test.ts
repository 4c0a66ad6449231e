import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { excludeFromGit } from "../../extension/git/exclude.ts";
import {
  branchBefore,
  currentBranch,
  defaultBranches,
  findRepository,
} from "../../extension/git/repository.ts";
import { committedText } from "../../extension/git/show.ts";
import { tempDir } from "../harness/temp.ts";
import { makeRepository, personGit, testGit, write } from "./support.ts";

async function repository(t: Parameters<typeof tempDir>[0]): Promise<string> {
  const folder = join(await tempDir(t), "repo");
  mkdirSync(folder);
  makeRepository(folder);
  return folder;
}

describe("finding the repository of a folder, without starting git", () => {
  test("from its top, from below, and from a folder that isn't there yet", async (t) => {
    const root = await repository(t);
    const found = { root, gitDir: join(root, ".git"), commonDir: join(root, ".git") };
    for (const folder of [root, join(root, "a", "b"), join(root, "a.txt")]) {
      assert.deepEqual(await findRepository(folder), found);
    }
  });

  test("none outside, and none where .git is no repository", async (t) => {
    const folder = await tempDir(t);
    assert.equal(await findRepository(folder), null);
    mkdirSync(join(folder, ".git"));
    assert.equal(await findRepository(folder), null);
    rmSync(join(folder, ".git"), { recursive: true });
    writeFileSync(join(folder, ".git"), "rubbish");
    assert.equal(await findRepository(folder), null);
  });

  test("a worktree has a folder of its own, and shares the rest", async (t) => {
    const root = await repository(t);
    const worktree = join(root, "..", "wt");
    personGit(root, "worktree", "add", "-q", worktree, "-b", "other");
    const found = await findRepository(worktree);
    assert.equal(found?.gitDir, join(root, ".git", "worktrees", "wt"));
    assert.equal(found?.commonDir, join(root, ".git"));
    assert.equal(found && (await currentBranch(found)), "other");
  });

  test("what was checked out before, as git itself names it", async (t) => {
    const root = await repository(t);
    const before = async (): Promise<string | null> => {
      const found = await findRepository(root);
      return found && (await branchBefore(found));
    };
    assert.equal(await before(), null);
    for (const branch of ["first", "second to"])
      personGit(root, "checkout", "-q", "-b", branch.replace(" ", "/"));
    assert.equal(await before(), "first");
    personGit(root, "checkout", "-q", "-");
    assert.equal(await before(), "second/to");
    assert.equal(await before(), personGit(root, "rev-parse", "--abbrev-ref", "@{-1}").trim());
  });

  test("a submodule is a repository of its own", async (t) => {
    const root = await repository(t);
    const library = await repository(t);
    personGit(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library, "lib");
    const found = await findRepository(join(root, "lib"));
    assert.equal(found?.root, join(root, "lib"));
    assert.equal(found?.gitDir, join(root, ".git", "modules", "lib"));
  });
});

describe("branches", () => {
  test("the one that is checked out, also before the first commit, and none on a detached HEAD", async (t) => {
    const root = await repository(t);
    const found = await findRepository(root);
    assert.ok(found);
    assert.equal(await currentBranch(found), "feature/agent/x");
    personGit(root, "checkout", "-q", "--detach");
    assert.equal(await currentBranch(found), null);
    const fresh = await tempDir(t);
    personGit(fresh, "init", "-q", "-b", "begin");
    const empty = await findRepository(fresh);
    assert.equal(empty && (await currentBranch(empty)), "begin");
  });

  test("each remote's default branch, where it was said", async (t) => {
    const root = await repository(t);
    const clone = join(root, "..", "clone");
    personGit(root, "clone", "-q", root, clone);
    const [found, cloned] = [await findRepository(root), await findRepository(clone)];
    assert.deepEqual(found && (await defaultBranches(found)), []);
    assert.deepEqual(cloned && (await defaultBranches(cloned)), ["feature/agent/x"]);
    personGit(root, "switch", "-q", "-c", "stable");
    personGit(clone, "remote", "add", "--fetch", "upstream", root);
    personGit(clone, "remote", "set-head", "upstream", "--auto");
    assert.deepEqual(cloned && (await defaultBranches(cloned)).toSorted(), ["feature/agent/x", "stable"]);
  });
});

describe("keeping a folder out of git", () => {
  test("git ignores it, once, and the person's own lines stay", async (t) => {
    const root = await repository(t);
    const folder = join(root, "agent-audit");
    const exclude = join(root, ".git", "info", "exclude");
    mkdirSync(join(root, ".git", "info"), { recursive: true });
    writeFileSync(exclude, "# mine\n*.mine");
    mkdirSync(folder);
    write(folder, { "x.log": "" });
    assert.equal(await excludeFromGit(folder), true);
    assert.equal(await excludeFromGit(folder), true);
    assert.equal(readFileSync(exclude, "utf8"), "# mine\n*.mine\n/agent-audit/\n");
    assert.equal(personGit(root, "status", "--porcelain", "agent-audit"), "");
    appendFileSync(exclude, "*.more\n");
    assert.equal(await excludeFromGit(folder), true);
    assert.equal(readFileSync(exclude, "utf8"), "# mine\n*.mine\n/agent-audit/\n*.more\n");
  });

  test("a folder's name is meant as it is written, whatever a pattern would make of it", async (t) => {
    const root = await repository(t);
    const names = ["[app]", "a*", "!b", "#c", "d\\", "e?", "f "];
    for (const name of [...names, "a1", "p", "e1"]) {
      const folder = join(root, name, "agent-audit");
      mkdirSync(folder, { recursive: true });
      write(folder, { "x.log": "" });
      if (names.includes(name)) assert.equal(await excludeFromGit(folder), true);
    }
    const left = personGit(root, "status", "--porcelain", "-z", "-uall").split("\0");
    assert.deepEqual(
      left.filter((line) => line.endsWith("x.log")),
      ["?? a1/agent-audit/x.log", "?? e1/agent-audit/x.log", "?? p/agent-audit/x.log"],
    );
  });

  test("of a sub-folder, in a worktree, and outside a repository", async (t) => {
    const root = await repository(t);
    assert.equal(await excludeFromGit(join(root, "packages", "a", "agent-audit")), true);
    assert.match(
      readFileSync(join(root, ".git", "info", "exclude"), "utf8"),
      /^\/packages\/a\/agent-audit\/$/m,
    );
    const worktree = join(root, "..", "wt");
    personGit(root, "worktree", "add", "-q", worktree, "-b", "other");
    mkdirSync(join(worktree, "agent-audit"));
    write(join(worktree, "agent-audit"), { "x.log": "" });
    assert.equal(await excludeFromGit(join(worktree, "agent-audit")), true);
    assert.equal(personGit(worktree, "status", "--porcelain"), "");
    assert.equal(await excludeFromGit(join(await tempDir(t), "agent-audit")), false);
  });
});

describe("the committed text of a file", () => {
  test("is HEAD's, not the working tree's", async (t) => {
    const root = await repository(t);
    const git = testGit(process.env);
    assert.equal(await committedText(git, join(root, "a.txt")), "one\n");
    assert.equal(await committedText(git, join(root, "new.txt")), null);
    assert.equal(await committedText(git, join(root, "gone.txt")), null);
    assert.equal(await committedText(git, join(await tempDir(t), "x")), null);
  });
});
