import assert from "node:assert/strict";
import type { Git } from "../../../extension/git/run.ts";
import type { Owner } from "../../harness/temp.ts";
import { bench, gitOf, must, sh, taken, treeOf } from "./support.ts";

/** What a person may have. Each is a script that runs in a fresh repository with one commit. */
export const STATES: Readonly<Record<string, string>> = {
  "changed, staged and untracked files":
    "echo mine >> a.txt; echo staged > b.txt; git add b.txt; echo both >> b.txt; mkdir new; echo n > new/n.txt; rm sub/c.txt",
  "modes and links":
    "chmod 755 a.txt; echo secret >> b.txt; chmod 600 b.txt; ln -s a.txt link; ln -s /nowhere broken; chmod -x run.sh; printf x > tool; chmod 700 tool",
  "odd names": String.raw`printf 1 > $'new\nline'; printf 2 > $'bytes\xff\xfe'; printf 3 > ' space '; printf 4 > '"quoted"'; printf 5 > -dash; mkdir 'ü'; printf 6 > 'ü/ö.txt'; git add $'bytes\xff\xfe'; printf 7 > $'bytes\xff\xfe'`,
  "small ignored files that the policy names": "echo SECRET=1 > .env; chmod 600 .env; echo x > sub/.env",
  "named files in folders that git ignores": String.raw`printf 'local/\n' >> .gitignore; git commit -qam ignored; mkdir -p local/deep local/node_modules; echo S=1 > local/.env; printf 'data\x00' > local/deep/app.sqlite`,
  "a repository in a folder that git ignores": String.raw`printf 'vendor/\n' >> .gitignore; git commit -qam ignored; git init -q -b main vendor/inner; cd vendor/inner; echo i > i.txt; git add .; git commit -qm inner; echo mine >> i.txt; echo u > u.txt`,
  "line ends under autocrlf": String.raw`git config core.autocrlf true; printf 'x\r\ny\nz\r\n' > mixed.txt; printf 'a\r\nb\r\n' > a.txt; git add mixed.txt; git commit -qm mixed; printf 'x\r\ny\nz\r\nmore\n' > mixed.txt`,
  "a repository without a commit":
    "rm -rf .git; git init -q -b main; git add a.txt; echo more >> a.txt; echo u > untracked",
  "a merge with conflicts":
    "git checkout -q -b other; echo theirs > a.txt; git commit -qam o; git checkout -q main; echo ours > a.txt; git commit -qam m; git merge other || true; echo half resolved >> a.txt",
  "a rebase with conflicts":
    "git checkout -q -b other; echo theirs > a.txt; git commit -qam o; git checkout -q main; echo ours > a.txt; git commit -qam m; git rebase other || true; echo half >> a.txt",
  "a cherry-pick with conflicts":
    "git checkout -q -b other; echo theirs > a.txt; git commit -qam o; git checkout -q main; echo ours > a.txt; git commit -qam m; git cherry-pick other || true",
  "a revert with conflicts":
    "echo x > a.txt; git commit -qam x; echo y > a.txt; git commit -qam y; git revert HEAD~1 || true; echo half >> a.txt",
  "patches that are half applied":
    "git checkout -q -b other; echo theirs > a.txt; git commit -qam o; git format-patch -q -1 -o ../patches; git checkout -q main; echo ours > a.txt; git commit -qam m; git am -3 ../patches/*.patch || true; echo half >> a.txt",
  "a bisect":
    "for n in 1 2 3 4 5; do echo $n > n.txt; git add n.txt; git commit -qm $n; done; git bisect start HEAD HEAD~4; echo mine >> a.txt",
  "content that only the index holds":
    "echo carefully chosen > b.txt; git add b.txt; git show HEAD:b.txt > b.txt; echo new > gone.txt; git add gone.txt; rm gone.txt; chmod +x a.txt; git add a.txt; chmod -x a.txt",
  "a filter that would change the bytes": String.raw`git config filter.upper.clean 'tr a-z A-Z'; git config filter.upper.smudge 'tr A-Z a-z'; printf '*.up filter=upper\n' > .gitattributes; printf 'mixed CASE\n' > x.up; git add .; git commit -qm up; printf 'more MIXED case\n' >> x.up; printf 'Untracked\n' > u.up`,
  "a split index": "git update-index --split-index; echo staged > b.txt; git add b.txt; echo mine >> a.txt",
  "a sparse checkout": "git sparse-checkout set --no-cone '/*' '!/sub/'; echo mine >> a.txt; echo u > u.txt",
  "a sparse index":
    "mkdir keep; echo k > keep/k; git add .; git commit -qm k; git sparse-checkout init --cone --sparse-index; git sparse-checkout set keep; echo mine >> keep/k; echo u > u.txt",
  "names of sixty-four digits":
    "rm -rf .git; git init -q -b main --object-format=sha256; git add .; git commit -qm First; echo staged > b.txt; git add b.txt; echo mine >> a.txt",
  "intent to add": "echo new > later.txt; git add -N later.txt; echo more >> later.txt",
  "assume-unchanged and skip-worktree":
    "git update-index --assume-unchanged a.txt; git update-index --skip-worktree b.txt; echo hidden >> a.txt; echo hidden >> b.txt",
  "stash entries":
    "echo one >> a.txt; git stash -q; echo two >> a.txt; echo u > u; git stash -qu; echo three >> a.txt",
  "branches and commits that are only here":
    "git checkout -q -b work; echo w > w.txt; git add .; git commit -qm work; git checkout -q main; git branch spare; git tag v1; echo mine >> a.txt",
  "a detached HEAD":
    "git checkout -q --detach; echo d >> a.txt; git commit -qam detached; echo more >> a.txt",
  "an embedded repository":
    "mkdir inner; cd inner; git init -q -b main; echo i > i.txt; git add .; git commit -qm inner; echo mine >> i.txt; echo u > u.txt",
  "a submodule":
    "git init -q -b main ../lib; cd ../lib; echo l > l.txt; git add .; git commit -qm lib; cd ../repo; git -c protocol.file.allow=always submodule --quiet add ../lib lib; git commit -qm sub; echo mine >> lib/l.txt; echo u > lib/u.txt",
  "a pointer of large file storage": String.raw`git config filter.lfs.clean 'git-lfs clean -- %f'; git config filter.lfs.smudge 'git-lfs smudge -- %f'; printf '*.bin filter=lfs\n' > .gitattributes; git -c filter.lfs.clean= add .gitattributes; printf 'raw\x00\x01content' > data.bin; echo mine >> a.txt`,
};

/** Ways to lose it. */
export const LOSSES: Readonly<Record<string, string>> = {
  "reset --hard and clean -fdx": "git reset -q --hard; git clean -qffdx",
  "stash drop, branch -D, reflog expire, gc --prune=now":
    "git stash clear; git checkout -qf --detach; git branch | grep -v '(' | xargs -r git branch -D; git tag | xargs -r git tag -d; git reflog expire --expire=now --expire-unreachable=now --all; git gc -q --prune=now",
  "rm -rf of everything but .git": "find . -mindepth 1 -maxdepth 1 ! -name .git -exec rm -rf {} +",
  "rm -rf .git": "rm -rf .git",
  "rm -rf of all": "find . -mindepth 1 -delete",
};

/** A state is kept, lost, and restored: it is the same then, and the restore can be undone. */
export async function comesBack(t: Owner, git: Git, script: string, line: string): Promise<void> {
  const { repo, points } = await bench(t, git);
  sh(repo, script);
  const before = { tree: treeOf(repo), git: gitOf(repo) };
  const point = await taken(points, repo);
  assert.deepEqual({ tree: treeOf(repo), git: gitOf(repo) }, before, "taking changed something");
  sh(repo, `set +e; ${line}; true`);
  const lost = { tree: treeOf(repo), git: gitOf(repo) };
  const restored = must(await points.apply(repo, point.id, { exact: true }));
  assert.deepEqual(
    restored.kept.filter(({ why }) => why !== "new"),
    [],
  );
  const after = { tree: treeOf(repo), git: gitOf(repo) };
  assert.deepEqual(after.tree, before.tree);
  // What happened to HEAD meanwhile stays in its log.
  const { reflog, ...now } = after.git;
  const { reflog: logged, ...then } = before.git;
  assert.deepEqual(now, then);
  for (const entry of logged.split("\n")) assert.ok(reflog.includes(entry), `reflog lost ${entry}`);
  sh(repo, "git fsck --no-dangling");
  must(await points.undo(repo, restored.journal));
  assert.deepEqual(treeOf(repo), lost.tree, "undo");
  assert.deepEqual(gitOf(repo), lost.git, "undo of git");
}
