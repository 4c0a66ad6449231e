import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Alarm, type Lost } from "../../../extension/restore/alarm/alarm.ts";
import { keptShare } from "../../../extension/restore/alarm/compare.ts";
import { RestorePoints } from "../../../extension/restore/points/restorePoints.ts";
import { testGit, write } from "../../git/support.ts";
import { tempDir } from "../../harness/temp.ts";
import { eventually } from "../../harness/processes.ts";
import { bench, type Bench, must, put, sh } from "../points/support.ts";

const git = testGit(process.env);

const SOURCE = `export function total(items) {
  let sum = 0;
  for (const item of items) sum += item.price * item.count;
  return sum;
}
`;
const MINE = SOURCE.replace(
  "return sum;",
  "const discount = findDiscount(customer);\n  return sum * (1 - discount);",
);

/** A day's beginning: a changed file, an untracked one, an ignored one, a stash entry, a branch. */
const MORNING = `git branch spare; git checkout -q spare; echo spare > spare.txt; git add .; git commit -qm spare; git checkout -q main
echo 'stashed words of mine' > b.txt; git stash -q; echo SECRET_TOKEN=1 > .env`;

async function day(t: Parameters<typeof bench>[0]): Promise<Bench & { alarm: Alarm; raised: Lost[] }> {
  const opened = await bench(t, git);
  put(opened.repo, { "total.js": SOURCE, "other.js": "export const other = 1;\n" });
  sh(opened.repo, `git add .; git commit -qm source; ${MORNING}`);
  put(opened.repo, { "total.js": MINE, "notes.md": "# Plans\n\nWrite the parser, then the printer.\n" });
  const raised: Lost[] = [];
  const alarm = new Alarm(git, opened.points, opened.repo, (each) => raised.push(each));
  t.after(() => alarm.close());
  await alarm.check();
  return { ...opened, alarm, raised };
}

/** Another branch that changed the same line as the last commit. */
const DIVERGED =
  "git stash -q; git checkout -q -b up; echo theirs > b.txt; git commit -qam t; git checkout -q main; echo ours > b.txt; git commit -qam m; git stash pop -q";
const TWO_COMMITS =
  "git stash -q; git checkout -q -b topic; sed -i s/one/ONE/ a.txt; git commit -qam one; sed -i s/two/TWO/ a.txt; git commit -qam two; git checkout -q main; sed -i s/seven/SEVEN/ a.txt; git commit -qam main; git stash pop -q";

/** Nothing is lost by any of these, and nobody says that they were approved. */
const ORDINARY: Readonly<Record<string, string>> = {
  "an edit": "sed -i 's/findDiscount/lookUpDiscount/' total.js; echo more >> notes.md",
  "an edit of everything but some words":
    "printf 'discount customer findDiscount entirely rewritten' > total.js",
  "a formatter": `printf 'export function total(items){let sum=0;for(const item of items)\\nsum+=item.price*item.count;const discount=findDiscount(customer);return sum*(1-discount)}' > total.js`,
  "a commit": "git add .; git commit -qm work",
  "a commit of a part": "git add total.js; git commit -qm part",
  "a commit with a formatting hook":
    "printf '#!/bin/sh\\nsed -i \"s/  / /g\" total.js && git add total.js\\n' > .git/hooks/pre-commit; chmod +x .git/hooks/pre-commit; git commit -qam hooked",
  "an amended commit": "git commit -qam work; git commit -q --amend -m better",
  "a rebase":
    "git commit -qam work; git checkout -q -b topic HEAD~1; echo t > topic.txt; git add topic.txt; git commit -qm topic; git rebase -q main",
  "stash push": "git stash -q",
  "stash push with untracked files": "git stash -qu",
  "stash pop": "git stash -q; git stash pop -q",
  "stash pop and an edit of what it brought":
    "git stash -q; git stash pop -q && sed -i s/findDiscount/lookUp/ total.js",
  "an older stash entry applied and dropped": "git stash pop -q stash@{0}",
  "a branch switch that carries the changes": "git checkout -q spare",
  "a merge": "git merge -q spare",
  "a merged branch deleted": "git merge -q spare; git branch -d spare",
  "a moved file": "mkdir docs; mv notes.md docs/plans.md; git mv total.js sum.js",
  "a moved and edited file": "mkdir docs; mv notes.md docs/plans.md; echo 'and tests' >> docs/plans.md",
  "reset --soft": "git commit -qam work; git reset -q --soft HEAD~1",
  "a mixed reset": "git add .; git reset -q",
  "gc and fetch": "git gc -q; git fetch -q . main:fetched",
  "staging, and staging anew": "git add total.js; sed -i 's/findDiscount/lookUp/' total.js; git add total.js",
  "staging, going on, unstaging": "git add total.js; echo '// more' >> total.js; git reset -q",
  "staging, rewriting, committing all":
    "git add total.js; echo 'something else altogether' > other.js; git add other.js; git commit -qam both",
  "staged work stashed, and back": "git add total.js; git stash -q; git stash pop -q",
  "a rebase that stops, with changes put aside": `${DIVERGED}; git rebase -q --autostash up || true; git checkout -q --theirs b.txt; git add b.txt; git rebase --continue`,
  "a merge that stops, with changes put aside": `${DIVERGED}; git merge -q --autostash up || true; git merge --abort`,
  "a rebase given up": `${DIVERGED}; git stash -q; git rebase -q up || true; git rebase --abort; git stash pop -q`,
  "a cherry-pick given up": `${DIVERGED}; git cherry-pick up || true; git cherry-pick --abort`,
  "an interactive rebase":
    "git commit -qam one; git commit -q --allow-empty -m two; git -c sequence.editor='sed -i s/pick/edit/' rebase -qi HEAD~2; git commit -q --amend -m uno; git rebase --continue || true; git rebase --continue || true",
  "a branch deleted after it was merged by squash": `${TWO_COMMITS}; git merge -q --squash topic; git commit -qm squashed; git branch -qD topic`,
  "a branch deleted whose commit was picked into more than it began from": `${TWO_COMMITS}; git cherry-pick topic~1 topic; git branch -qD topic`,
  "a copy of a committed file, made and removed": "cp other.js copy.js; git status -s; rm copy.js",
  "what programs keep beside their files":
    "printf 'b0VIM\\0' > .total.js.swp; echo backup > 'total.js~'; printf 'x\\0' > app.db-wal; echo 42 > server.pid; git status -s; rm .total.js.swp 'total.js~' app.db-wal server.pid",
  "packages that nobody has git ignore":
    "rm .gitignore; mkdir -p app/node_modules/a; echo 'words of theirs' > app/node_modules/a/i.js; git status -s; rm -rf app/node_modules",
  "a sparse index, and all files again":
    "mkdir keep; cp a.txt keep/k; git add keep; git commit -qm k; git sparse-checkout init --cone --sparse-index; git sparse-checkout set keep; git sparse-checkout disable",
  "whitespace put back": "git stash -q; sed -i 's/$/ /' total.js",
};

/** The working tree is as HEAD has it; only the index holds the work. */
const ONLY_STAGED =
  "echo 'export const carefully = chosen(words);' > other.js; git add other.js; git show HEAD:other.js > other.js";

const LOSSES: Readonly<Record<string, readonly [script: string, losses: readonly string[]]>> = {
  "reset --hard": ["git reset -q --hard", ["file total.js reverted"]],
  "checkout of a file": ["git checkout -q -- total.js", ["file total.js reverted"]],
  "a forced switch": ["git checkout -qf spare", ["file total.js reverted"]],
  "reset --hard of what was only staged": [
    `${ONLY_STAGED} @ git reset -q --hard`,
    ["file total.js reverted", "staged other.js"],
  ],
  "unstaging what was only staged": [`${ONLY_STAGED} @ git restore --staged other.js`, ["staged other.js"]],
  "a staged file that is in no folder, forgotten": [
    "echo 'entirely new words' > new.js; git add new.js; rm new.js @ git rm -q --cached new.js; git gc -q --prune=now",
    ["staged new.js"],
  ],
  "bytes that are no text, set back": [
    "printf 'a\\000b' > data.bin; git add data.bin; git commit -qm data; printf 'mine\\000' > data.bin @ git checkout -q data.bin",
    ["file data.bin reverted"],
  ],
  "clean -fdx": ["git clean -qfdx", ["file .env removed", "file notes.md removed"]],
  "rm of an untracked file": ["rm notes.md", ["file notes.md removed"]],
  "rm of an untracked lock": ["echo left-pad > bun.lock @ rm bun.lock", ["file bun.lock removed"]],
  "an untracked file overwritten": ["echo unrelated > notes.md", ["file notes.md replaced"]],
  "stash drop": ["git stash drop -q", ["stash On main: stashed"]],
  "stash push and drop": ["git stash -q; git stash drop -q", ["file total.js reverted"]],
  "edits that came out of the stash": [
    "git stash -q; git stash pop -q @ git checkout -q -- total.js",
    ["file total.js reverted"],
  ],
  "edits that came out of the stash in the middle of a rebase": [
    "git stash -q; git -c sequence.editor='sed -i s/pick/edit/' rebase -qi HEAD~1; git stash pop -q @ git rebase --abort",
    ["file total.js reverted"],
  ],
  "branch -D": ["git branch -qD spare", ["ref refs/heads/spare"]],
  "commits thrown away": ["git commit -qam work @ git reset -q --hard HEAD~1", ["ref refs/heads/main"]],
  "commits on no branch thrown away": [
    "git checkout -q --detach; git commit -qam work @ git reset -q --hard HEAD~1",
    ["ref HEAD"],
  ],
  "what a rebase had put aside": [
    `${DIVERGED} @ git rebase -q --autostash up || true @ rm .git/rebase-merge/autostash`,
    ["stash autostash"],
  ],
  "rm -rf .git": ["rm -rf .git", ["repository"]],
};

function told(raised: readonly Lost[]): readonly string[] {
  const all = raised.flatMap(({ losses }) =>
    losses.map((loss) => {
      switch (loss.what) {
        case "repository":
          return "repository";
        case "file":
          return `file ${loss.path} ${loss.how}`;
        case "staged":
          return `staged ${loss.path}`;
        case "ref":
          return `ref ${loss.name}`;
        case "stash":
          return `stash ${loss.message.replace(/WIP on/, "On").replace(/: .*/, ": stashed")}`;
      }
    }),
  );
  return [...new Set(all)].sort();
}

describe("an ordinary day raises no alarm", () => {
  for (const [what, script] of Object.entries(ORDINARY)) {
    test(what, async (t) => {
      const { repo, alarm, raised } = await day(t);
      // Looked at in between too, as while a person works.
      for (const line of script.split("; git ").map((part, index) => (index === 0 ? part : `git ${part}`))) {
        sh(repo, line);
        await alarm.check();
      }
      assert.deepEqual(told(raised), []);
    });
  }

  test("but what happens to a file after it was saved is another matter", async (t) => {
    const { repo, alarm, raised } = await day(t);
    alarm.changed([join(repo, "total.js")]);
    await sleep(20);
    sh(repo, "git reset -q --hard");
    await alarm.check();
    assert.deepEqual(told(raised), ["file total.js reverted"]);
  });

  test("what an act that was let through removes while it goes on", async (t) => {
    const { repo, alarm, raised } = await day(t);
    alarm.excuse();
    sh(repo, "rm notes.md");
    await alarm.check();
    await alarm.explain();
    assert.deepEqual(told(raised), []);
    sh(repo, "git reset -q --hard");
    await alarm.check();
    assert.deepEqual(told(raised), ["file total.js reverted"]);
  });

  test("what is on its way somewhere else when the folder is looked at", async (t) => {
    const { repo, points, raised } = await day(t);
    // Gone from its place before it is in the other one, as between two steps of a stash.
    let looks = 0;
    const take: typeof points.take = async (request) => {
      if (++looks === 3) put(repo, { "kept.md": "# Plans\n\nWrite the parser, then the printer.\n" });
      return points.take(request);
    };
    const slow = new Proxy(points, {
      get: (target, name) => {
        const own: unknown = Reflect.get(target, name, target);
        if (name === "take") return take;
        return typeof own === "function" ? (own.bind(target) as unknown) : own;
      },
    });
    const alarm = new Alarm(git, slow, repo, (each) => raised.push(each));
    t.after(() => alarm.close());
    await alarm.check();
    sh(repo, "rm notes.md");
    await alarm.check();
    assert.deepEqual([looks, told(raised)], [3, []]);
  });

  test("what the person deletes or puts back in the editor", async (t) => {
    const { repo, alarm, raised } = await day(t);
    sh(repo, "rm notes.md; git show HEAD:total.js > total.js");
    alarm.changed([join(repo, "notes.md"), join(repo, "total.js")]);
    await alarm.check();
    assert.deepEqual(told(raised), []);
  });
});

describe("a loss is told, and comes back", () => {
  for (const [what, [script, losses]] of Object.entries(LOSSES)) {
    test(what, async (t) => {
      const { repo, alarm, raised, points } = await day(t);
      const view = (): string =>
        sh(
          repo,
          "cat total.js notes.md .env; git stash list; git for-each-ref; git rev-parse HEAD; git symbolic-ref -q HEAD || true; git diff --cached",
        );
      const steps = script.split(" @ ");
      const last = steps.pop() ?? "";
      for (const step of steps) {
        sh(repo, step);
        await alarm.check();
      }
      const before = view();
      sh(repo, last);
      await alarm.check();
      assert.deepEqual(told(raised), losses);
      put(repo, { "since.txt": "written since\n" });
      appendFileSync(join(repo, "other.js"), "export const since = 2;\n");
      const [first] = raised;
      assert.ok(first);
      must(await points.apply(repo, first.point.id, { lossPoint: first.lossPoint.id }));
      assert.equal(view(), before);
      assert.equal(readFileSync(join(repo, "since.txt"), "utf8"), "written since\n");
      assert.match(readFileSync(join(repo, "other.js"), "utf8"), /since = 2/);
      await alarm.check();
      assert.deepEqual(told(raised), losses, "the restore itself raised an alarm");
    });
  }
});

test("taking back what was brought back is the person's doing, and raises none", async (t) => {
  const { repo, alarm, raised, points } = await day(t);
  sh(repo, "rm notes.md");
  await alarm.check();
  const [first] = raised.splice(0);
  assert.ok(first);
  const { journal } = must(
    await points.apply(repo, first.point.id, { lossPoint: first.lossPoint.id, paths: ["notes.md"] }),
  );
  await alarm.check();
  must(await points.undo(repo, journal));
  assert.equal(sh(repo, "ls notes.md || echo gone").trim(), "gone");
  await alarm.check();
  assert.deepEqual(told(raised), []);
});

test("an unrelated process resets: the alarm within two seconds, each time", async (t) => {
  const { repo, alarm, raised, points } = await day(t);
  await alarm.start();
  const absolute = execFileSync("which", ["git"], { encoding: "utf8" }).trim();
  for (let round = 0; round < 3; round++) {
    const mine = `${MINE}// round ${round} of my own work\n`;
    put(repo, { "total.js": mine });
    alarm.changed([join(repo, "total.js")]);
    await sleep(2_600);
    raised.length = 0;
    execFileSync(absolute, ["reset", "-q", "--hard"], { cwd: repo });
    await eventually("the alarm", () => raised.length > 0, 2_000);
    const [first] = raised;
    assert.ok(first);
    must(await points.apply(repo, first.point.id, { lossPoint: first.lossPoint.id }));
    assert.equal(readFileSync(join(repo, "total.js"), "utf8"), mine);
    await sleep(500);
  }
});

test("where looking takes long, a loss soon after a save is told as soon", async (t) => {
  const real = execFileSync("which", ["git"], { encoding: "utf8" }).trim();
  const folder = await tempDir(t);
  write(folder, { git: `#!/bin/sh\ncase "$*" in *" status "*) sleep 0.6;; esac\nexec ${real} "$@"\n` });
  const slow = testGit({ ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}` });
  const { repo, state } = await bench(t, git);
  const raised: Lost[] = [];
  const alarm = new Alarm(slow, new RestorePoints(slow, state), repo, (each) => raised.push(each));
  t.after(() => alarm.close());
  await alarm.start();
  put(repo, { "a.txt": "words of mine\n" });
  await alarm.check();
  sh(repo, "git reset -q --hard");
  await eventually("the alarm", () => raised.length > 0, 3_000);
});

test("what is kept of a text is told by its words", () => {
  assert.equal(keptShare("a b", "a b", ["c"]), null);
  assert.equal(keptShare("a b c d", "a b", ["c d"]), 1);
  assert.equal(keptShare("a b c d", "a b", ["c"]), 0.5);
  assert.equal(keptShare("a b c d", "a b", []), 0);
});

test("what goes while a look goes on is the call's that was let through", async (t) => {
  const { repo, alarm, raised } = await day(t);
  for (let round = 0; round < 12; round += 1) {
    writeFileSync(join(repo, "made.txt"), `made ${round}\n`);
    await alarm.check();
    alarm.excuse();
    writeFileSync(join(repo, "other.txt"), `other ${round}\n`);
    const looking = alarm.check();
    await sleep(round * 8);
    rmSync(join(repo, "made.txt"));
    await Promise.all([looking, alarm.explain()]);
    await alarm.check();
  }
  assert.deepEqual(told(raised), []);
});

test("an agent's own edit that is told a moment after it was seen raises none", async (t) => {
  const { repo, points, alarm: first } = await day(t);
  await first.close();
  const raised: Lost[] = [];
  const alarm = new Alarm(git, points, repo, (each) => raised.push(each), { isWorkedIn: () => true });
  t.after(() => alarm.close());
  await alarm.check();
  writeFileSync(join(repo, "notes.md"), "Something else altogether, by the agent's own hand.\n");
  const looking = alarm.check();
  await sleep(300);
  alarm.changed([join(repo, "notes.md")]);
  await looking;
  assert.deepEqual(raised, []);
  writeFileSync(join(repo, "notes.md"), "And this by nobody who told.\n");
  await alarm.check();
  assert.equal(raised.length, 1);
});
