import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testGit } from "../git/support.ts";
import { bench, sh } from "./points/support.ts";
import { considerIn } from "./support/consider.ts";

const git = testGit(process.env);

/** On a branch of an agent's own, where since `old` a workflow was changed, one was added, and `src` has nothing of the kind. */
const HISTORY = `
mkdir -p .github/workflows .vscode src && echo one > .github/workflows/ci.yml && echo '{}' > .vscode/settings.json && echo 1 > src/a.txt
git add . && git commit -qm one && git tag old
echo two > .github/workflows/ci.yml && echo more > .github/workflows/more.yml && echo 2 > src/a.txt
git add . && git commit -qm two && git branch same && echo 3 > src/a.txt && git commit -qam three
git checkout -q -b feature/agent/work`;

const ASKED = [
  "git checkout old -- .",
  "git checkout old .",
  "git checkout old -- .github",
  "git checkout old -- ':(glob)**/*.yml'",
  "git checkout 'old^{tree}' -- .",
  "git checkout $(git describe --tags --abbrev=0) -- .",
  "git restore --source=old -- .",
  "git restore -s old :/",
  "git restore --source old --staged --worktree .",
  "git read-tree -m -u old",
  "git diff HEAD old -- .github | git apply",
  "git diff old -- .github/workflows/ci.yml | git apply -R",
];

const UNASKED = [
  "git checkout old -- src",
  "git restore --source=old src",
  "git checkout same -- .",
  "git restore --source=same .",
  "git restore --source=old --staged .",
  "git checkout no-such-commit -- .",
];

describe("files of a commit that steer tools are asked about where they come along with a folder", () => {
  test("those that lie there otherwise", async (t) => {
    const { base, repo } = await bench(t, git);
    sh(repo, HISTORY);
    for (const line of ASKED) {
      const { verdict, rule } = await considerIn(base, repo, line);
      assert.deepEqual([line, verdict, rule], [line, "ask", "fs.write.protected"]);
    }
  });

  test("not where they are the same, or lie elsewhere", async (t) => {
    const { base, repo } = await bench(t, git);
    sh(repo, HISTORY);
    for (const line of UNASKED) assert.equal((await considerIn(base, repo, line)).verdict, "allow", line);
  });
});
