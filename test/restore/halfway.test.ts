import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testGit } from "../git/support.ts";
import { bench, sh } from "./points/support.ts";
import { considerIn } from "./support/consider.ts";

const git = testGit(process.env);

const DIVERGED =
  "git checkout -q -b theirs; echo theirs > a.txt; echo new > new.txt; git add .; git commit -qm t; git checkout -q main; echo ours > a.txt; git commit -qam m";

const CASES: Readonly<Record<string, readonly [script: string, line: string, lost: readonly string[]]>> = {
  "nothing but what git wrote": ["git merge theirs || true", "git merge --abort", []],
  "a conflict that was resolved": [
    "git merge theirs || true; echo both > a.txt",
    "git merge --abort",
    ["modified a.txt"],
  ],
  "one that was resolved and staged": [
    "git merge theirs || true; echo both > a.txt; git add a.txt",
    "git merge --abort",
    ["staged a.txt", "staged new.txt"],
  ],
  "an edit of what merged by itself": [
    "git merge theirs || true; echo more >> new.txt",
    "git merge --abort",
    ["modified new.txt"],
  ],
  "an edit that was staged and taken back in the file": [
    "git merge theirs || true; cp new.txt ../new; echo more >> new.txt; git add new.txt; cp ../new new.txt",
    "git merge --abort",
    ["modified new.txt"],
  ],
  "an edit of another file": [
    "git merge theirs || true; echo mine >> b.txt",
    "git merge --abort",
    ["modified b.txt"],
  ],
  "line ends that git converts": [
    String.raw`git config core.autocrlf true; git merge theirs || true; printf 'new\r\n' > new.txt`,
    "git merge --abort",
    [],
  ],
  "what a stash entry brought meanwhile": [
    "echo words > b.txt; git stash -q; git -c sequence.editor='sed -i s/pick/edit/' rebase -qi HEAD~1; git stash pop -q",
    "git rebase --abort",
    ["modified b.txt"],
  ],
  "a cherry-pick": ["git cherry-pick theirs || true", "git cherry-pick --abort", []],
  "a revert": ["echo x > a.txt; git commit -qam x; git revert HEAD~1 || true", "git revert --abort", []],
  "a rebase": ["git rebase theirs || true", "git rebase --abort", []],
  "a rebase, and a step left out": ["git rebase theirs || true", "git rebase --skip", []],
  "a rebase with a resolution": [
    "git rebase theirs || true; echo both > a.txt",
    "git rebase --abort",
    ["modified a.txt"],
  ],
};

describe("giving up what stopped halfway is asked about where somebody's work would go", () => {
  for (const [what, [script, line, lost]] of Object.entries(CASES)) {
    test(what, async (t) => {
      const { base, repo } = await bench(t, git);
      sh(repo, `${DIVERGED}; ${script}`);
      const { verdict, loss } = await considerIn(base, repo, line);
      const files = (loss?.files ?? []).map(({ state, path }) => `${state} ${path}`);
      assert.deepEqual([verdict, files], [lost.length > 0 ? "ask" : "allow", lost]);
    });
  }
});
