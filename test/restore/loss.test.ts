import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Loss } from "../../extension/guard/loss.ts";
import { considerIn } from "./support/consider.ts";
import { copyOf, pristine, runLine } from "./support/sandbox.ts";

/** A loss in short: `state path +added −removed` for each file, and the counts. */
function short(loss: Loss | null): readonly string[] {
  if (loss === null) return ["nothing was looked at"];
  return [
    ...loss.files
      .map(({ state, path, added, removed }) =>
        [state, path, ...(added === null || removed === null ? [] : [`+${added} −${removed}`])].join(" "),
      )
      .sort(),
    ...(loss.fileCount > loss.files.length ? [`${loss.fileCount} files`] : []),
    ...(loss.commits > 0 ? [`${loss.commits} commits`] : []),
    ...(loss.stashes > 0 ? [`${loss.stashes} stashes`] : []),
    ...(loss.complete ? [] : ["and more"]),
  ];
}

async function lossIn(state: string, line: string): Promise<readonly string[]> {
  const { sandbox, state: place } = pristine(state);
  return short((await considerIn(sandbox, join(sandbox, place.cwd), line)).loss);
}

const CHANGED = [
  "modified src/app.py +1 −1",
  "modified src/both.py +1 −1",
  "staged src/new_staged.py +1 −0",
  "staged src/staged.py +1 −1",
];
const UNTRACKED = [
  "untracked docs/notes.md",
  "untracked notes.txt",
  "untracked odd name.txt",
  "untracked other.txt",
  "untracked scratch/a.txt",
  "untracked scratch/b.txt",
];

/** What a question shows, by the state and the line. */
const LOSSES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  busy: {
    "git reset --hard": CHANGED,
    "git reset --hard HEAD~1": [...CHANGED, "1 commits"],
    "git checkout -- .": ["modified src/app.py +1 −1", "modified src/both.py +1 −1"],
    "git checkout -- src/app.py": ["modified src/app.py +1 −1"],
    "git checkout HEAD -- src/staged.py": ["staged src/staged.py +1 −1"],
    "git restore --staged .": ["modified src/both.py +1 −1"],
    "git restore src": ["modified src/app.py +1 −1", "modified src/both.py +1 −1"],
    "git rm -f src/new_staged.py": ["staged src/new_staged.py +1 −0"],
    "git clean -fd": UNTRACKED,
    "git clean -f": UNTRACKED.filter((each) => !each.includes("scratch")),
    "git clean -fd scratch": ["untracked scratch/a.txt", "untracked scratch/b.txt"],
    "git clean -fdX": [
      "untracked .env",
      "untracked alt.tar",
      "untracked data.db",
      "untracked fix.patch",
      "untracked snapshot.tar",
    ],
    "rm notes.txt": ["untracked notes.txt"],
    "rm -rf src": CHANGED,
    "rm -rf scratch docs": ["untracked docs/notes.md", "untracked scratch/a.txt", "untracked scratch/b.txt"],
    "rm .env data.db": ["untracked .env", "untracked data.db"],
    "rm *.txt": ["untracked notes.txt", "untracked odd name.txt", "untracked other.txt"],
    "echo x > src/app.py": ["modified src/app.py +1 −1"],
    "cp README.md scratch": ["nothing was looked at"],
    "cp alt/a.txt scratch": ["untracked scratch/a.txt"],
    "mv -f README.md notes.txt": ["untracked notes.txt"],
    "git stash drop": ["1 stashes"],
    "git stash drop stash@{1}": ["1 stashes"],
    "git stash clear": ["2 stashes"],
    "git branch -D feature/unmerged": ["1 commits"],
    "git tag -d only-tag": ["1 commits"],
    "git update-ref -d refs/heads/feature/unmerged": ["1 commits"],
    "git branch -f feature/unmerged main": ["1 commits"],
    "find . -name '*.md' -delete": ["untracked docs/notes.md"],
    "git reset --hard && git clean -fd && git stash clear": [...CHANGED, ...UNTRACKED, "2 stashes"],
    "rm notes.txt; rm notes.txt": ["untracked notes.txt"],
  },
  "busy:src": {
    "git reset --hard": CHANGED,
    "git checkout .": ["modified src/app.py +1 −1", "modified src/both.py +1 −1"],
    "rm app.py ../notes.txt": ["modified src/app.py +1 −1", "untracked notes.txt"],
    "git clean -fd ..": UNTRACKED,
  },
  worktree: {
    "git reset --hard": ["modified README.md +1 −0"],
    "git clean -fd": ["untracked untracked.txt"],
    "git stash clear": ["2 stashes"],
    "git branch -D feature/unmerged": ["1 commits"],
  },
  clean: { "git reset --hard main": ["1 commits"], "git branch -D feature/unmerged": ["1 commits"] },
  fresh: {
    "git reset --hard": ["modified app.py", "staged lib/util.py"],
    "rm -rf lib": ["staged lib/util.py"],
    "git clean -f": ["untracked notes.txt"],
  },
  plain: {
    "rm a.txt": ["untracked a.txt"],
    "rm -rf src": ["untracked src/main.py"],
    "rm -rf node_modules src": ["untracked src/main.py"],
  },
  names: {
    "git checkout -- .": [
      "modified $(dollar).txt +1 −1",
      "modified [b].txt +1 −1",
      "modified sp ace.txt +1 −1",
      "modified tab\there.txt +1 −1",
    ],
    "rm $'new\\nline.txt' \"it's.txt\" 'quo\"te.txt'": [
      "untracked it's.txt",
      "untracked new\nline.txt",
      'untracked quo"te.txt',
    ],
    "rm 'star*.txt'": ["untracked star*.txt"],
    "rm star*": ["untracked star*.txt"],
    "rm '[a].txt' 'back\\slash.txt' ./-dash.txt": [
      "untracked -dash.txt",
      "untracked [a].txt",
      "untracked back\\slash.txt",
    ],
    "rm ünï.txt '日本 語.txt'": ["untracked ünï.txt", "untracked 日本 語.txt"],
    "rm -r deep*": ["untracked deep folder/leaf.txt"],
    "rm .hid*": ["untracked .hidden"],
  },
  links: {
    "echo x > to-app": ["modified real/app.py +1 −1"],
    "rm into/app.py": ["modified real/app.py +1 −1"],
  },
  modules: {
    "rm -rf nested": ["untracked nested/", "and more"],
    "git -C nested reset --hard": ["modified work.txt +1 −1"],
    "cd lib && git checkout -- .": ["modified dirty.txt +1 −1"],
  },
  clones: {
    "rm -rf build": ["untracked build/commits/deps", "untracked build/dirty", "and more"],
    "rm -rf build/dirty": ["untracked build/dirty", "and more"],
    "rm -rf node_modules": ["untracked node_modules/@own/linked", "and more"],
    "rm -rf .venv out": ["untracked .venv/src/edited", "and more"],
    "git clean -ffdx node_modules": ["untracked node_modules/@own/linked"],
  },
  submodules: {
    "rm -rf dirty": ["modified dirty/lib.py +1 −1"],
    "rm -rf secret": ["untracked secret/.env"],
    "rm -rf vendor": ["untracked vendor/extra/untracked.txt"],
    "rm -rf own": ["and more"],
    "git rm -f dirty": ["modified dirty/lib.py +1 −1"],
    "git rm -q secret": ["untracked secret/.env"],
    "git submodule update": ["1 commits"],
    "find . -name '*.txt' -delete": ["untracked vendor/extra/untracked.txt"],
  },
  marked: {
    "git checkout -- src": [
      "modified src/believed.py",
      "modified src/plain.py +1 −1",
      "modified src/skipped.py",
    ],
    "rm src/believed.py src/same.py crlf.txt link": ["modified src/believed.py"],
    "echo x > src/skipped.py": ["modified src/skipped.py"],
    "git rm src/believed.py": ["modified src/believed.py"],
    "git stash": ['modified odd "name\n.py', "modified src/believed.py"],
    "rm -rf *.py": ['modified odd "name\n.py'],
  },
  "marked:src": {
    "git reset --hard": [
      'modified odd "name\n.py',
      "modified src/believed.py",
      "modified src/plain.py +1 −1",
      "modified src/skipped.py",
    ],
    "git checkout -- believed.py": ["modified src/believed.py"],
  },
  conflict: {
    "git reset --hard": ["modified list.md +1 −1", "modified other.md +1 −1", "staged notes.md +1 −1"],
  },
};

for (const [state, lines] of Object.entries(LOSSES)) {
  describe(`what would be lost in the state "${state}"`, () => {
    for (const [line, expected] of Object.entries(lines)) {
      test(line, async () => {
        assert.deepEqual(await lossIn(state, line), [...expected]);
      });
    }
  });
}

describe("bounds", () => {
  test("fifty files are shown, and all are counted", async () => {
    const { sandbox, cwd } = copyOf("untracked");
    for (let n = 0; n < 120; n++) writeFileSync(join(cwd, `new-${n}.txt`), `${n}\n`);
    const { loss } = await considerIn(sandbox, cwd, "git clean -f");
    assert.equal(loss?.files.length, 50);
    assert.equal(loss?.fileCount, 121);
  });

  test("a folder outside a repository with too many files is incomplete, and asks", async () => {
    const { sandbox, cwd } = copyOf("plain");
    mkdirSync(join(cwd, "many"));
    for (let n = 0; n < 2_100; n++) writeFileSync(join(cwd, "many", `${n}.pyc`), "");
    const { verdict, loss } = await considerIn(sandbox, cwd, "rm -rf many");
    assert.equal(verdict, "ask");
    assert.equal(loss?.complete, false);
  });

  test("an emptied repository loses nothing", async () => {
    const { sandbox, cwd } = copyOf("plain");
    await runLine("git init -q -b feature/agent/x empty", sandbox, cwd);
    for (const line of ["git reset --hard", "git clean -fd", "git stash clear", "git checkout -- ."]) {
      assert.equal((await considerIn(sandbox, join(cwd, "empty"), line)).verdict, "allow", line);
    }
  });
});

test("of an untracked file it is said whether git ignores it, where git was asked", async () => {
  const ignored = async (state: string, line: string): Promise<Readonly<Record<string, unknown>>> => {
    const { sandbox, state: place } = pristine(state);
    const { loss } = await considerIn(sandbox, join(sandbox, place.cwd), line);
    return Object.fromEntries(loss?.files.map((file) => [file.path, file.ignored]) ?? []);
  };
  assert.deepEqual(await ignored("busy", "rm notes.txt .env src/app.py"), {
    "notes.txt": false,
    ".env": true,
    "src/app.py": undefined,
  });
  const cleaned = await ignored("busy", "git clean -fdx");
  assert.deepEqual([cleaned["notes.txt"], cleaned["data.db"]], [false, true]);
  assert.deepEqual(await ignored("plain", "rm a.txt"), { "a.txt": undefined });
});
