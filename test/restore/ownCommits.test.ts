import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { lossOfCommits } from "../../extension/restore/history.ts";
import { OwnCommits } from "../../extension/restore/ownCommits.ts";
import { testGit } from "../git/support.ts";
import { tempDir } from "../harness/temp.ts";

test("what a session committed is its own, and what took the place of a person's commit is not", async (t) => {
  const folder = await tempDir(t);
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=p", "-c", "user.email=p@example.invalid", ...args], {
      cwd: folder,
      encoding: "utf8",
    }).trim();
  const commit = (name: string): void => {
    writeFileSync(join(folder, name), name);
    git("add", name);
    git("commit", "-q", "-m", name);
  };
  const own = new OwnCommits();
  const act = async (run: () => void): Promise<void> => {
    await own.before("call", folder, testGit(process.env));
    run();
    await own.after("call");
  };
  const lost = async (): Promise<number | undefined> => {
    const query = { fact: "commits", folder, ref: "HEAD", to: "main" } as const;
    return (await lossOfCommits(testGit(process.env), query, AbortSignal.timeout(5_000), own))?.commits;
  };
  git("init", "-q", "-b", "main");
  commit("base");
  git("switch", "-q", "-c", "work");

  await act(() => commit("mine"));
  assert.deepEqual([own.has(git("rev-parse", "HEAD")), await lost()], [true, 0]);

  await act(() => git("commit", "-q", "--amend", "-m", "said better"));
  assert.equal(own.has(git("rev-parse", "HEAD")), true);

  commit("theirs");
  assert.deepEqual([own.has(git("rev-parse", "HEAD")), await lost()], [false, 1]);

  await act(() => git("commit", "-q", "--amend", "-m", "theirs, said better"));
  assert.deepEqual([own.has(git("rev-parse", "HEAD")), await lost()], [false, 1]);

  git("branch", "kept");
  git("switch", "-q", "-c", "other", "main");
  await act(() => git("-c", "advice.detachedHead=false", "merge", "-q", "--ff-only", "kept"));
  assert.equal(own.has(git("rev-parse", "HEAD")), false);
});
