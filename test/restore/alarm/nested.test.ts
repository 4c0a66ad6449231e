import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Alarm, type AlarmRaised } from "../../../extension/restore/alarm/alarm.ts";
import { Alarms } from "../../../extension/restore/alarm/alarms.ts";
import { lossProblem } from "../../../extension/restore/alarm/texts.ts";
import { eventually } from "../../harness/processes.ts";
import type { Owner } from "../../harness/temp.ts";
import { testGit } from "../../git/support.ts";
import { bench, type Bench, must, sh, treeOf } from "../points/support.ts";

const git = testGit(process.env);
const NOBODY = { atWork: [], elsewhere: [], beside: false };

const SUBMODULE =
  "git init -q -b main ../lib; (cd ../lib; echo l > l.txt; git add .; git commit -qm lib); git -c protocol.file.allow=always submodule --quiet add ../lib inner; git commit -qm sub";
const EMBEDDED = "git init -q -b main inner; cd inner; echo l > l.txt; git add .; git commit -qm lib";
const WORK = "cd inner; echo 'words of mine' >> l.txt; echo 'untracked words' > u.txt";
const BRANCH =
  "git -C inner checkout -qb work; echo w > inner/w; git -C inner add w; git -C inner commit -qm w";

async function watched(
  t: Owner,
  script: string,
): Promise<Bench & { readonly alarm: Alarm; readonly raised: AlarmRaised[] }> {
  const opened = await bench(t, git);
  sh(opened.repo, script);
  sh(opened.repo, WORK);
  const raised: AlarmRaised[] = [];
  const alarm = new Alarm(git, opened.points, opened.repo, (lost) => raised.push({ ...lost, ...NOBODY }));
  t.after(() => alarm.close());
  await alarm.check();
  return { ...opened, alarm, raised };
}

const LOST: readonly (readonly [script: string, message: RegExp])[] = [
  ["git -C inner reset -q --hard", /the changes of inner\/l\.txt were discarded/],
  ["git -C inner clean -qfd", /inner\/u\.txt was removed/],
  ["git -C inner stash -q; git -C inner stash drop -q", /the changes of inner\/l\.txt were discarded/],
  ["rm -rf inner", /inner\/l\.txt, inner\/u\.txt were removed/],
];

for (const [kind, script] of Object.entries({
  "a submodule": SUBMODULE,
  "an embedded repository": EMBEDDED,
})) {
  for (const [line, message] of LOST) {
    test(`what is lost in ${kind} is told, and comes back: ${line}`, async (t) => {
      const { repo, alarm, raised, points } = await watched(t, script);
      const before = treeOf(repo);
      sh(repo, line);
      await alarm.check();
      const [first] = raised;
      assert.ok(first);
      assert.match(lossProblem(first).message, message);
      must(await points.apply(repo, first.point.id, { lossPoint: first.lossPoint.id }));
      assert.deepEqual(treeOf(repo), before);
    });
  }

  test(`a branch of ${kind} that is thrown away is told`, async (t) => {
    const { repo, alarm, raised } = await watched(t, `(${script}); ${BRANCH}`);
    sh(repo, "git -C inner checkout -q main 2> /dev/null; git -C inner branch -qD work");
    await alarm.check();
    assert.match(raised.map((each) => lossProblem(each).message).join("\n"), /1 commits of work in inner/);
  });

  test(`ordinary work in ${kind} raises none`, async (t) => {
    const { repo, alarm, raised } = await watched(t, script);
    for (const line of [
      "git -C inner add .; git -C inner commit -qm more",
      "echo more >> inner/l.txt",
      "mv inner/l.txt kept.txt",
      "git -C inner stash -q",
      "git -C inner stash pop -q",
    ]) {
      sh(repo, line);
      await alarm.check();
    }
    assert.deepEqual(raised.map(lossProblem), []);
  });
}

test("an embedded repository that is moved is not lost, one whose history is taken away is", async (t) => {
  const { repo, alarm, raised } = await watched(t, EMBEDDED);
  sh(repo, "mkdir deeper; mv inner deeper/other");
  await alarm.check();
  assert.deepEqual(raised.map(lossProblem), []);
  sh(repo, "rm -rf deeper/other/.git");
  await alarm.check();
  assert.match(raised.map((each) => lossProblem(each).message).join("\n"), /the repository deeper\/other/);
});

test("a clean worktree that is removed is no loss", async (t) => {
  const { base, repo, points } = await bench(t, git);
  sh(repo, "git worktree add -q -b wt ../wt");
  const raised: AlarmRaised[] = [];
  const alarm = new Alarm(git, points, join(base, "wt"), (lost) => raised.push({ ...lost, ...NOBODY }));
  t.after(() => alarm.close());
  await alarm.check();
  sh(repo, "git worktree remove ../wt");
  await alarm.check();
  assert.deepEqual(raised.map(lossProblem), []);
});

test("a reset inside of a submodule is told without a turn", async (t) => {
  const { repo, alarm, raised } = await watched(t, SUBMODULE);
  await alarm.start();
  await sleep(100);
  sh(repo, "git -C inner reset -q --hard");
  await eventually("the alarm", () => raised.length > 0, 2_000);
});

test("a look that fails is told once, until one works again, and forgets nothing", async (t) => {
  const { repo, state, points } = await bench(t, git);
  const alarms = new Alarms(git, points);
  t.after(() => alarms.dispose());
  const [blind, raised]: [string[], string[]] = [[], []];
  alarms.onBlind((root, { code, message }) => blind.push(`${code} ${root} ${message}`));
  alarms.onLoss((each) => raised.push(lossProblem(each).message));
  writeFileSync(join(repo, "notes.md"), "words of mine\n");
  await alarms.attend().watch(repo);
  sh(state, "mv restore aside; touch restore");
  appendFileSync(join(repo, "a.txt"), "more\n");
  await alarms.check(repo);
  await alarms.check(repo);
  assert.equal(blind.length, 1);
  assert.match(blind[0] ?? "", /^restore\.blind .*repo .*could not be compared/);
  rmSync(join(repo, "notes.md"));
  sh(state, "rm restore; mv aside restore");
  await alarms.check(repo);
  assert.match(raised.join("\n"), /notes\.md was removed/);
  sh(state, "mv restore aside; touch restore");
  appendFileSync(join(repo, "a.txt"), "more\n");
  await alarms.check(repo);
  assert.equal(blind.length, 2);
  assert.match(readFileSync(join(repo, "a.txt"), "utf8"), /more/);
  sh(state, "rm restore; mv aside restore");
});

test("an alarm names the agents that were in a turn since the point that it is compared with", async (t) => {
  const { repo, points } = await bench(t, git);
  const alarms = new Alarms(git, points);
  t.after(() => alarms.dispose());
  const atWork: (readonly string[])[] = [];
  alarms.onLoss((raised) => atWork.push(raised.atWork));
  const loses = async (name: string): Promise<void> => {
    writeFileSync(join(repo, name), "words of mine\n");
    await alarms.check(repo);
    await sleep(10);
    rmSync(join(repo, name));
  };
  await alarms.attend().watch(repo);
  const end = alarms.works(join(repo, "src"), "Codex");
  alarms.works(join(repo, "..", "other"), "Elsewhere");
  await loses("one.md");
  end();
  await alarms.check(repo);
  await loses("two.md");
  await alarms.check(repo);
  assert.deepEqual(atWork, [["Codex"], []]);
});

test("a folder that can't be watched takes nothing from the others", async (t) => {
  const { base, repo, points } = await bench(t, git);
  const alarms = new Alarms(git, points);
  t.after(() => alarms.dispose());
  const raised: string[] = [];
  alarms.onLoss(({ root }) => raised.push(root));
  await alarms.attend().watch(repo);
  const broken = join(base, "broken");
  mkdirSync(broken);
  const { store } = points.keeper(broken);
  store.readState = () => Promise.reject(new Error("gone"));
  await assert.rejects(alarms.attend().watch(broken), /gone/);
  appendFileSync(join(repo, "a.txt"), "mine alone\n");
  await alarms.check(repo);
  sh(repo, "git checkout -q a.txt");
  await alarms.check(repo);
  assert.deepEqual(raised, [repo]);
});

test("what is seen to change in a turn, and what the turn left, belongs to it; a person's save doesn't", async (t) => {
  const { repo, points } = await bench(t, git);
  const alarms = new Alarms(git, points);
  t.after(() => alarms.dispose());
  await alarms.attend().watch(repo);
  const change = (text: string): void => appendFileSync(join(repo, "sub/c.txt"), `${text}\n`);
  const [first, second] = [
    { session: "s1", turn: 2 },
    { session: "s2", turn: 1 },
  ];
  change("the person's");
  await alarms.check(repo);
  const end = alarms.works(repo, "Codex", first);
  change("the agent's");
  await alarms.check(repo);
  const endOther = alarms.works(repo, "Claude Code", second);
  change("one of both");
  await alarms.check(repo);
  endOther();
  end();
  change("left by the first");
  await alarms.check(repo, first);
  const told = (await points.list(repo)).map(({ reason, session, turn }) => [reason, session, turn]);
  assert.deepEqual(told, [
    ["saves", null, null],
    ["saves", null, null],
    ["saves", "s1", 2],
    ["saves", null, null],
    ["after", "s1", 2],
  ]);
});
