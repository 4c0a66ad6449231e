import assert from "node:assert/strict";
import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { committedChanges, committedContent, type CommittedFile } from "../../extension/git/show.ts";
import { tempDir, type Owner } from "../harness/temp.ts";
import { makeRepository, personGit, testGit, write } from "./support.ts";

const git = testGit(process.env);

/** `path: content before → content after` of each file. */
async function changesOf(
  root: string,
  revision: string,
  kind: "commit" | "stash" = "commit",
): Promise<readonly string[] | null> {
  const id = personGit(root, "rev-parse", revision).trim();
  const changes = await committedChanges(git, { root, id, kind });
  if (changes === null) return null;
  const text = async (file: CommittedFile | null): Promise<string> => {
    const content = file === null ? null : await committedContent(git, root, file, 100);
    return file === null ? "-" : (content?.data?.toString().trim() ?? `${content?.bytes} bytes`);
  };
  const lines = changes.map(
    async ({ path, before, after }) => `${path}: ${await text(before)} → ${await text(after)}`,
  );
  return Promise.all(lines);
}

async function repository(t: Owner): Promise<string> {
  const root = await tempDir(t);
  makeRepository(root);
  return root;
}

describe("what a commit changes", () => {
  test("against its parent: changed, added, removed, and of the first commit all files", async (t) => {
    const root = await repository(t);
    write(root, { "odd name\n.txt": "odd\n", "large.txt": "x".repeat(101) });
    rmSync(join(root, "b.txt"));
    personGit(root, "add", "--all");
    personGit(root, "commit", "-q", "-m", "Second");
    assert.deepEqual(await changesOf(root, "HEAD"), [
      "a.txt: one → two",
      "b.txt: one → -",
      "large.txt: - → 101 bytes",
      "new.txt: - → new",
      "odd name\n.txt: - → odd",
    ]);
    assert.deepEqual(await changesOf(root, "HEAD~1"), ["a.txt: - → one", "b.txt: - → one"]);
  });

  test("of a merge against its first parent, and of an empty commit nothing", async (t) => {
    const root = await repository(t);
    personGit(root, "stash", "-q");
    personGit(root, "switch", "-q", "-c", "other");
    write(root, { "other.txt": "other\n" });
    personGit(root, "add", "other.txt");
    personGit(root, "commit", "-q", "-m", "Other");
    personGit(root, "switch", "-q", "-");
    personGit(root, "commit", "-q", "--allow-empty", "-m", "Empty");
    assert.deepEqual(await changesOf(root, "HEAD"), []);
    personGit(root, "merge", "-q", "--no-edit", "other");
    assert.deepEqual(await changesOf(root, "HEAD"), ["other.txt: - → other"]);
  });

  test("of an entry of the stash also the untracked files that it keeps", async (t) => {
    const root = await repository(t);
    personGit(root, "stash", "push", "-q", "--include-untracked");
    assert.deepEqual(await changesOf(root, "stash@{0}", "stash"), ["a.txt: one → two", "new.txt: - → new"]);
  });

  test("of a submodule the commit", async (t) => {
    const root = await repository(t);
    const id = personGit(root, "rev-parse", "HEAD").trim();
    personGit(root, "update-index", "--add", "--cacheinfo", `160000,${id},sub`);
    personGit(root, "commit", "-q", "-m", "Sub");
    assert.deepEqual(await changesOf(root, "HEAD"), [`sub: - → Subproject commit ${id}`]);
  });

  test("is not known of what isn't there, and no name but a hash is looked up", async (t) => {
    const root = await repository(t);
    for (const id of ["0".repeat(40), "HEAD", "--output=marker"]) {
      assert.equal(await committedChanges(git, { root, id, kind: "commit" }), null);
      assert.equal(await committedContent(git, root, { mode: "100644", id }, 100), null);
    }
  });

  test("and no program that the repository's configuration names is run for it", async (t) => {
    const root = await repository(t);
    const [program, marker] = [join(root, "marker.sh"), join(root, "marker")];
    writeFileSync(program, `#!/bin/sh\ntouch ${JSON.stringify(marker)}\ncat\n`);
    chmodSync(program, 0o755);
    write(root, { ".gitattributes": "* diff=mine filter=mine\n" });
    personGit(root, "add", ".gitattributes", "a.txt");
    personGit(root, "commit", "-q", "-m", "Attributes");
    for (const key of [
      "diff.external",
      "diff.mine.command",
      "diff.mine.textconv",
      "filter.mine.clean",
      "filter.mine.smudge",
      "core.fsmonitor",
      "core.pager",
      "pager.diff-tree",
      "gpg.program",
    ]) {
      personGit(root, "config", key, program);
    }
    personGit(root, "config", "log.showSignature", "true");
    rmSync(marker, { force: true });
    const changes = await changesOf(root, "HEAD");
    assert.deepEqual(changes, [".gitattributes: - → * diff=mine filter=mine", "a.txt: one → two"]);
    assert.equal(existsSync(marker), false);
  });
});
