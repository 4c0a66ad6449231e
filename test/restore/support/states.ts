import { PROJECT } from "./project.ts";

/**
 * The states of a repository in which commands are tried. Each script builds its state in an empty folder: `repo` is
 * the project, `origin.git` its remote, `tmp` a folder for throw-away files, `home` the person's home.
 */

/** A repository with one of everything that a person can have and git does not keep. */
const BUSY = String.raw`
git init -q --bare --template= -b main origin.git
git init -q --template= -b main repo
cd repo
git remote add origin ../origin.git
git config gc.auto 0 && git config user.name 'Person of this project'
mkdir -p src docs alt
printf '# Sample\n' > README.md
printf '{"name": "sample"}\n' > package.json
printf 'build/\nnode_modules/\n__pycache__/\n*.pyc\n.env\n*.db\n*.log\n' > .gitignore
printf 'print("app 1")\nprint("app 2")\n' > src/app.py
printf 'print("util")\n' > src/util.py
printf 'print("staged 1")\n' > src/staged.py
printf 'print("both 1")\n' > src/both.py
printf 'print("deleted")\n' > src/deleted.py
printf 'the guide\n' > docs/guide.md
printf 'alt a\n' > alt/a.txt
git add . && git commit -q -m 'First'
printf 'print("app 1")\nprint("app 2")\nprint("app 3")\n' > src/app.py
git commit -q -am 'Second' && git tag -a v1.0 -m 'One' && git push -q origin main
git branch feature/merged
git checkout -q -b feature/unmerged && printf 'only here\n' > only.txt && git add . && git commit -q -m 'Only on this branch'
git checkout -q --detach main && printf 'tagged\n' > tagged.txt && git add . && git commit -q -m 'Only under a tag' && git tag only-tag
git checkout -q -b gone main && printf 'gone\n' > gone.txt && git add . && git commit -q -m 'Only at the remote' && git push -q origin gone
git checkout -q main && git branch -q -D gone && git -C ../origin.git update-ref -d refs/heads/gone
git clone -q ../origin.git ../mate
( cd ../mate && git checkout -q -b shared && printf 'mate\n' > mate.txt && git add . && git commit -q -m 'A mate' && git push -q origin shared )
rm -rf ../mate
git checkout -q -b feature/agent/work
printf 'print("both 2")\n' > src/both.py && git commit -q -am 'Third'
git push -q -u origin feature/agent/work
printf 'print("util")\nprint("more")\n' > src/util.py && git commit -q -am 'Fourth, to be amended'
printf 'print("util")\nprint("even more")\n' > src/util.py && git commit -q -a --amend -m 'Fourth'
tar cf ../snapshot.tar src/app.py
( cd alt && tar cf ../../alt.tar a.txt )
printf 'dangling\n' | git hash-object -w --stdin > ../dangling
printf 'stash one\n' >> src/app.py && git stash -q
printf 'stash two\n' >> docs/guide.md && git stash -q
mkdir .git/info && printf '*.tar\n*.patch\n' > .git/info/exclude
mv ../snapshot.tar ../alt.tar .
git repack -adq && git -C ../origin.git repack -adq
printf -- '--- a/docs/guide.md\n+++ b/docs/guide.md\n@@ -1 +1,2 @@\n the guide\n+a line\n' > fix.patch
rm ../dangling
`;

/** What a person would lose: every kind of change at once. */
const DIRT = String.raw`
git worktree add -q ../wt -b feature/wt main && printf 'in the worktree\n' >> ../wt/README.md && printf 'untracked there\n' > ../wt/untracked.txt
printf 'print("app 1")\nprint("mine")\nprint("app 3")\n' > src/app.py
printf 'print("staged 2")\n' > src/staged.py && git add src/staged.py
printf 'print("both 3")\n' > src/both.py && git add src/both.py && printf 'print("both 4")\n' > src/both.py
printf 'print("new")\n' > src/new_staged.py && git add src/new_staged.py
rm src/deleted.py
printf 'draft notes\n' > notes.txt
printf 'other notes\n' > other.txt
printf 'odd\n' > 'odd name.txt'
printf 'docs notes\n' > docs/notes.md
mkdir -p scratch && printf 'scratch a\n' > scratch/a.txt && printf 'scratch b\n' > scratch/b.txt
`;

/** Ignored files, of both kinds: made again by a tool, and not. */
const IGNORED = String.raw`
mkdir -p build node_modules/x src/__pycache__
printf 'built\n' > build/out.js
printf 'package\n' > node_modules/x/index.js
printf 'cache\n' > src/__pycache__/app.pyc
printf 'log\n' > debug.log
printf 'TOKEN=1\n' > .env
printf 'rows\n' > data.db
`;

/** Nothing changed, but files that git never saw, and none of them stashed. */
const UNTRACKED = String.raw`
git init -q --template= -b main repo
cd repo
printf 'build/\nnode_modules/\n' > .gitignore && printf 'app\n' > app.py && printf '# Sample\n' > README.md
git add . && git commit -q -m 'First'
git checkout -q -b feature/notes && printf 'theirs\n' > notes.txt && git add . && git commit -q -m 'Notes'
git checkout -q -b feature/agent/work main
printf 'mine\n' > notes.txt
mkdir build node_modules && printf 'built\n' > build/out.js && printf 'rows\n' > build/data.sqlite && printf 'x\n' > node_modules/index.js
`;

/** On the protected branch, with a change. */
const MAIN = String.raw`
git init -q --template= -b main repo
cd repo
printf 'app\n' > app.py && git add . && git commit -q -m 'First'
printf 'app, changed\n' > app.py
`;

const FRESH = String.raw`
git init -q --template= -b feature/agent/first repo
cd repo
mkdir lib
printf 'app 1\n' > app.py && printf 'util\n' > lib/util.py && git add . && printf 'app 2\n' > app.py
printf 'notes\n' > notes.txt
`;

const PLAIN = String.raw`
mkdir -p repo/src repo/node_modules/x
cd repo
printf 'one a\n' > a.txt && printf 'b\n' > b.txt && printf 'print("main")\n' > src/main.py && printf 'x\n' > node_modules/x/index.js
`;

const NAMES = String.raw`
git init -q --template= -b feature/agent/names repo
cd repo
for name in 'sp ace.txt' $'tab\there.txt' '[b].txt' clean.txt 'clean file.txt' '$(dollar).txt'; do printf 'first\n' > "$name"; done
git add . && git commit -q -m 'First'
for name in 'sp ace.txt' $'tab\there.txt' '[b].txt' '$(dollar).txt'; do printf 'mine of %s\n' "$name" > "$name"; done
for name in -dash.txt $'new\nline.txt' "it's.txt" 'quo"te.txt' 'ünï.txt' '日本 語.txt' 'star*.txt' 'back\slash.txt' '[a].txt' .hidden; do
  printf 'untracked %s\n' "$name" > "./$name"
done
mkdir 'deep folder' && printf 'leaf\n' > 'deep folder/leaf.txt'
`;

const LINKS = String.raw`
git init -q --template= -b feature/agent/links repo
cd repo
mkdir real && printf 'app\n' > real/app.py && printf 'clean\n' > clean.py
ln -s real/app.py to-app && ln -s real into && ln -s nowhere dangling
git add . && git commit -q -m 'First'
printf 'app, mine x\n' > real/app.py
`;

const MODULES = String.raw`
git init -q --template= -b main library && ( cd library && printf 'lib\n' > lib.py && printf 'd\n' > dirty.txt && git add . && git commit -q -m 'Library' )
git init -q --template= -b feature/agent/modules repo
cd repo
git config protocol.file.allow always
printf 'top\n' > top.py && git add . && git commit -q -m 'First'
git -c protocol.file.allow=always submodule --quiet add ../library lib && git commit -q -m 'Submodule'
printf 'lib, mine\n' > lib/dirty.txt && printf 'untracked\n' > lib/untracked.txt
git init -q --template= -b main nested && ( cd nested && printf 'n\n' > work.txt && git add . && git commit -q -m 'Nested' && printf 'nested, mine\n' > work.txt && printf 'u\n' > untracked.txt )
printf 'note\n' > plain.txt
git add plain.txt
`;

const CONFLICT = String.raw`
git init -q --template= -b main repo
cd repo
for name in notes.md list.md other.md; do printf 'base\n' > $name; done
git add . && git commit -q -m 'Base'
git checkout -q -b theirs && for name in notes.md list.md; do printf 'theirs\n' > $name; done && git commit -q -am 'Theirs'
git checkout -q -b feature/agent/ours main && for name in notes.md list.md; do printf 'ours\n' > $name; done && git commit -q -am 'Ours'
git merge -q theirs > ../tmp/merge.txt 2>&1 || true
printf 'resolved by hand\n' > notes.md && printf 'half resolved\n' > list.md
git add notes.md && printf 'mine\n' > other.md
`;

/** Scripts, targets and programs of the project's own, some of which do harm. */
const SCRIPTS = String.raw`
git init -q --template= -b feature/agent/scripts repo
cd repo
mkdir -p scripts src
printf 'build/\n' > .gitignore && printf 'console.log("app")\n' > src/app.js
cat > package.json <<'END'
{
  "name": "sample",
  "private": true,
  "scripts": {
    "list": "ls src",
    "prebuild": "mkdir -p build",
    "build": "cp src/app.js build/out.js",
    "test": "node --test src",
    "clean": "rm -rf build",
    "tidy": "git clean -fd",
    "fresh": "rm -rf scratch && npm run build",
    "wipe": "node scripts/wipe.js"
  }
}
END
printf 'all: list\n\nlist:\n\tls src\n\nclean:\n\trm -rf build\n\nwipe: clean\n\tgit reset --hard\n' > Makefile
printf '#!/bin/sh\nset -e\nls src\n' > scripts/list.sh
printf '#!/usr/bin/env bash\nset -euo pipefail\nmkdir -p build\ncp src/app.js build/out.js\necho built\n' > scripts/build.sh
printf '#!/bin/sh\nrm -rf scratch\n' > scripts/tidy.sh
printf '#!/usr/bin/env bash\ngit fetch -q || true\ngit checkout -- .\n' > scripts/sync.sh
printf '#!/bin/sh\ncd ..\nrm -rf scratch\n' > scripts/up.sh
printf '#!/bin/sh\nbash scripts/tidy.sh\n' > scripts/outer.sh
printf '#!/bin/sh\nrm -f "$1"\n' > scripts/remove.sh
printf 'NAME=sample\n' > scripts/env.sh
printf 'import json\nprint(json.load(open("package.json"))["name"])\n' > scripts/show.py
printf 'import os\nos.remove("notes.txt")\n' > scripts/wipe.py
printf 'console.log(require("fs").readdirSync("src").length)\n' > scripts/count.js
printf 'require("fs").rmSync("scratch", { recursive: true })\n' > scripts/wipe.js
chmod +x scripts/*.sh && git add . && git commit -q -m 'First'
printf 'console.log("mine")\n' > src/app.js
printf 'notes\n' > notes.txt
mkdir scratch && printf 'a\n' > scratch/a.txt
mkdir build && printf 'built\n' > build/out.js
`;

/** Git is set to stash by itself; one file is staged otherwise than it lies in the working tree. */
const AUTOSTASH = String.raw`
git init -q --template= --bare -b main origin.git
git init -q --template= -b main repo
cd repo
git remote add origin ../origin.git
printf '1\n' > a.txt && printf '1\n' > b.txt && git add . && git commit -q -m 'First' && git push -q origin main
git checkout -q -b feature/agent/work && git push -q -u origin feature/agent/work
git clone -q ../origin.git ../mate
( cd ../mate && printf '2\n' > b.txt && git commit -q -am 'Second' && git push -q origin main && git push -q origin main:feature/agent/work )
rm -rf ../mate && git fetch -q
git config rebase.autostash true && git config merge.autostash true
`;
const STAGED = "printf 'staged\\n' > a.txt && git add a.txt && printf 'working\\n' > a.txt\n";
const ALIKE = "printf 'staged\\n' > a.txt && git add a.txt\n";

/** Repositories inside of folders that git ignores, some with something of a person's own. */
const CLONES = String.raw`
git init -q --template= --bare -b main upstream.git
git init -q --template= -b feature/agent/clones repo
cd repo
printf 'build/\nout/\nnode_modules/\n.venv/\n' > .gitignore && printf '1\n' > a.txt && git add . && git commit -q -m 'First'
git push -q ../upstream.git HEAD:main
fetched() { git clone -q ../upstream.git "$1" && git -C "$1" config user.name x; }
for name in clean commits; do fetched build/$name/deps; done
fetched build/dirty && fetched node_modules/pinned && fetched node_modules/@own/linked && fetched .venv/src/edited && fetched out/fetched
git clone -q --depth 1 --no-single-branch file://$PWD/../upstream.git out/shallow
printf 'commits\n' > build/commits/deps/a.txt && git -C build/commits/deps commit -q -am 'Only here'
printf 'dirty\n' > build/dirty/a.txt && printf 'linked\n' > node_modules/@own/linked/a.txt && printf 'edited\n' > .venv/src/edited/new.txt
mkdir build/objects && printf '1\n' > build/objects/x.o && printf '1\n' > out/x.o
`;

/** Submodules with and without something of a person's own in them. */
const SUBMODULES = String.raw`
git init -q --template= -b main library && ( cd library && printf 'lib\n' > lib.py && printf '.env\n' > .gitignore && git add . && git commit -q -m 'Library' )
git init -q --template= -b feature/agent/modules repo
cd repo
git config protocol.file.allow always
for name in clean secret dirty ahead extra; do git -c protocol.file.allow=always submodule --quiet add ../library $name; done
git clone -q ../library own && git -C own config user.name x && printf 'own\n' > own/own.py && git -C own add . && git -C own commit -q -m 'Only here'
git add own 2> /dev/null && mkdir -p vendor && git mv extra vendor/extra && git commit -q -m 'Submodules'
printf 'KEY=mine\n' > secret/.env
printf 'mine\n' > dirty/lib.py
printf 'u\n' > vendor/extra/untracked.txt
git -C ahead checkout -q --detach && printf 'ahead\n' > ahead/lib.py && git -C ahead commit -q -am 'Ahead'
git submodule deinit -q -f clean && git submodule --quiet update --init clean
`;

/** Files that git was told not to look at, edited and not. */
const MARKED = String.raw`
git init -q --template= -b feature/agent/marked repo
cd repo
mkdir -p src && printf '1\n' > src/believed.py && printf '1\n' > src/skipped.py && printf '1\n' > src/same.py
printf '1\n' > src/plain.py && printf '1\n' > $'odd "name\n.py' && printf '1\n' > absent.py && printf '1\r\n' > crlf.txt
ln -s src/same.py link && printf 'crlf.txt text eol=crlf\n' > .gitattributes
git add . && git commit -q -m 'First' && printf '2\n' > src/skipped.py && git commit -q -am 'Second'
git update-index --assume-unchanged src/believed.py $'odd "name\n.py' src/same.py crlf.txt link
git update-index --skip-worktree src/skipped.py absent.py
printf 'believed, mine\n' > src/believed.py && printf 'skipped, mine\n' > src/skipped.py && printf 'odd, mine\n' > $'odd "name\n.py'
touch src/same.py && rm absent.py && printf '2\n' > src/plain.py
`;

export interface State {
  readonly script: string;
  /** The folder that is worked in, relative to the sandbox. */
  readonly cwd: string;
  /** Working trees that are compared, relative to the sandbox. */
  readonly trees: readonly string[];
}

const own = (script: string, ...trees: readonly string[]): State => ({
  script,
  cwd: "repo",
  trees: ["repo", ...trees],
});

/** The states by name; `busy:src` is `busy` seen from a sub-folder. */
export const STATES: Readonly<Record<string, State>> = {
  busy: own(BUSY + DIRT + IGNORED, "wt", "origin.git"),
  "busy:src": { ...own(BUSY + DIRT + IGNORED, "wt", "origin.git"), cwd: "repo/src" },
  clean: own(BUSY + IGNORED, "origin.git"),
  untracked: own(UNTRACKED),
  main: own(MAIN),
  fresh: own(FRESH),
  plain: own(PLAIN),
  names: own(NAMES),
  links: own(LINKS),
  modules: own(MODULES, "repo/lib", "repo/nested"),
  worktree: { ...own(BUSY + DIRT + IGNORED, "wt", "origin.git"), cwd: "wt" },
  conflict: own(CONFLICT),
  scripts: own(SCRIPTS),
  project: own(PROJECT),
  "project:src": { ...own(PROJECT), cwd: "repo/src" },
  autostash: own(AUTOSTASH + STAGED, "origin.git"),
  "autostash:alike": own(AUTOSTASH + ALIKE, "origin.git"),
  clones: own(CLONES, "repo/build/commits/deps"),
  submodules: own(SUBMODULES, "repo/ahead", "repo/own"),
  marked: own(MARKED),
  "marked:src": { ...own(MARKED), cwd: "repo/src" },
};
