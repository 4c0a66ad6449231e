import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { AlarmRaised } from "../../../extension/restore/alarm/alarm.ts";
import { Alarms, type Attendance } from "../../../extension/restore/alarm/alarms.ts";
import { lossProblem } from "../../../extension/restore/alarm/texts.ts";
import { RestorePoints } from "../../../extension/restore/points/restorePoints.ts";
import { findProgram } from "../../../scripts/lib/programs.ts";
import { testGit, write } from "../../git/support.ts";
import { eventually } from "../../harness/processes.ts";
import { type Owner, tempDir } from "../../harness/temp.ts";
import { bench, type Bench, commitSome, must, put, sh } from "../points/support.ts";

const git = testGit(process.env);

interface Window extends Bench {
  /** Open beside `repo`, in which the agent works. */
  readonly other: string;
  readonly alarms: Alarms;
  readonly agent: Attendance;
  readonly raised: AlarmRaised[];
  /** Resolves when a folder was looked at, and can be compared. */
  readonly watched: (root: string) => Promise<void>;
}

async function windowOf(
  t: Owner,
  more: (base: string) => readonly string[] = () => [],
  using = git,
): Promise<Window> {
  const opened = await bench(t, git);
  const other = join(opened.base, "other");
  mkdirSync(other);
  commitSome(other);
  put(other, { "a.txt": "entirely different words of mine\n", "notes.md": "# Plans for later\n" });
  const points = new RestorePoints(using, opened.state);
  const folders = [opened.repo, ...more(opened.base), other];
  const alarms = new Alarms(using, points, { folders: () => folders, home: join(opened.base, "home") });
  t.after(() => alarms.dispose());
  const raised: AlarmRaised[] = [];
  alarms.onLoss((each) => raised.push(each));
  const agent = alarms.attend();
  await agent.watch(opened.repo);
  const watched = async (root: string): Promise<void> => {
    await eventually("a first point", async () => (await points.list(root)).length > 0);
    // The watching begins right after it.
    await alarms.check(root);
    await sleep(300);
  };
  return { ...opened, points, other, alarms, agent, raised, watched };
}

const messages = (raised: readonly AlarmRaised[]): readonly string[] =>
  raised.map((each) => lossProblem(each).message);

describe("while an agent is alive, repositories are watched that are open beside its own", () => {
  test("what is lost there is told within two seconds, and comes back", async (t) => {
    const { other, raised, points, watched } = await windowOf(t);
    await watched(other);
    sh(other, "git reset -q --hard");
    await eventually("the alarm", () => raised.length > 0, 2_000);
    const [first] = raised;
    assert.ok(first);
    const [message = ""] = messages(raised);
    assert.ok(message.startsWith(`Work in ${other} is gone, `), message);
    assert.match(message, /the changes of a\.txt were discarded .*No agent was at work then\.$/);
    must(await points.apply(other, first.point.id, { lossPoint: first.lossPoint.id }));
    assert.equal(readFileSync(join(other, "a.txt"), "utf8"), "entirely different words of mine\n");
  });

  test("an agent that was at work in its own folder then is named", async (t) => {
    const { repo, other, alarms, raised, watched } = await windowOf(t);
    await watched(other);
    const ended = alarms.works(repo, "Codex");
    sh(other, "git reset -q --hard");
    await eventually("the alarm", () => raised.length > 0);
    ended();
    assert.match(messages(raised).join(), /At work then, in another folder: Codex\.$/);
  });

  test("a point is kept of the person's saves there", async (t) => {
    const { other, alarms, points, watched } = await windowOf(t);
    await watched(other);
    put(other, { "sub/c.txt": "saved just now\n" });
    alarms.changed([join(other, "sub/c.txt")]);
    await eventually("the point", async () => (await points.list(other)).length === 2);
    const [, saved] = await points.list(other);
    assert.deepEqual([saved?.reason, saved?.session], ["saves", null]);
  });

  test("what is changed deep inside without a save is kept at the next turn", async (t) => {
    const { other, alarms, points, watched } = await windowOf(t);
    await watched(other);
    put(other, { "sub/c.txt": "written by another editor\n" });
    alarms.lookAround();
    await eventually("the point", async () => (await points.list(other)).length === 2);
  });

  test("with the last agent the watching ends, and what was done until then counts", async (t) => {
    const { other, alarms, agent, points, raised, watched } = await windowOf(t);
    const second = alarms.attend();
    await watched(other);
    agent.end();
    sh(other, "rm notes.md");
    await eventually("the alarm", () => raised.length === 1);
    sh(other, "cd sub; rm c.txt; echo other words > c.txt");
    second.end();
    await eventually("the last look", async () => (await points.list(other)).length === 3);
    await sleep(300);
    sh(other, "git reset -q --hard");
    await sleep(1_500);
    alarms.lookAround();
    await sleep(300);
    assert.equal(raised.length, 1, messages(raised).join("\n"));
    // What a person did meanwhile is no loss for the next one, either.
    const third = alarms.attend();
    await third.watch(other);
    assert.equal(raised.length, 1, messages(raised).join("\n"));
    put(other, { "a.txt": "again my own words\n" });
    await alarms.check(other);
    sh(other, "git reset -q --hard");
    await eventually("the alarm", () => raised.length === 2);
    assert.equal(raised[1]?.beside, false);
  });

  test("a folder stays watched when the agent that worked in it is gone, and another one is alive", async (t) => {
    const { repo, other, alarms, agent, raised, watched } = await windowOf(t);
    await watched(other);
    const second = alarms.attend();
    await second.watch(other);
    agent.end();
    sh(repo, "echo 'words of mine' > b.txt");
    alarms.lookAround();
    await sleep(600);
    sh(repo, "git reset -q --hard");
    await eventually("the alarm", () => raised.some(({ root, beside }) => root === repo && beside));
  });

  test("what was let through and reaches there explains what goes", async (t) => {
    const { repo, other, alarms, raised, watched } = await windowOf(t);
    await watched(other);
    const over = alarms.excuse([repo, join(other, "notes.md")]);
    sh(repo, "rm ../other/notes.md");
    await sleep(800);
    await over();
    assert.deepEqual(messages(raised), []);
    sh(other, "git reset -q --hard");
    await eventually("the alarm", () => raised.length > 0);
  });
});

test("the person's ordinary work beside an agent raises no alarm", async (t) => {
  const { repo, other, alarms, raised, watched } = await windowOf(t);
  await watched(other);
  const end = alarms.works(repo, "Codex");
  put(other, { "total.js": "export const total = sum(items);\n" });
  const day = [
    "sed -i 's/different/other/' a.txt",
    "mkdir docs; mv notes.md docs/plans.md",
    "printf 'export const total=sum( items )' > total.js",
    "git stash -qu",
    "git stash pop -q",
    "git checkout -q -b work",
    "git add .; git commit -qm work",
    "git checkout -q main",
    "git merge -q work; git branch -qd work",
    "git commit -q --amend -m better",
  ];
  for (const line of day) {
    sh(other, line);
    await sleep(400);
    alarms.lookAround();
  }
  end();
  await sleep(800);
  assert.deepEqual(messages(raised), []);
});

describe("what is open beside and can't be watched harms nothing", () => {
  test("no repository, one that is huge, gone, broken, a link, or in one that is watched", async (t) => {
    const { base, repo, other, points, raised, watched } = await windowOf(t, (base) => {
      const folder = (name: string): string => {
        mkdirSync(join(base, name), { recursive: true });
        return join(base, name);
      };
      const [plain, home, broken] = [folder("plain"), folder("home"), folder("broken")];
      put(plain, { "p.txt": "p\n" });
      commitSome(home);
      put(broken, { ".git/HEAD": "no such thing\n" });
      symlinkSync(join(base, "other"), join(base, "link"));
      sh(join(base, "repo"), "git init -q inner; cd inner; git commit -q --allow-empty -m i");
      return [plain, home, "/", join(base, "gone"), broken, join(base, "link"), join(base, "repo/inner")];
    });
    await watched(other);
    for (const name of ["plain", "home", "gone", "link", "repo/inner"]) {
      const kept = (await points.list(join(base, name))).map(({ root }) => root);
      assert.deepEqual(
        kept.filter((root) => root !== other && root !== repo),
        [],
        name,
      );
    }
    put(repo, { "a.txt": "words of mine\n" });
    await eventually("the own folder's point", async () => (await points.list(repo)).length > 1);
    sh(repo, "git reset -q --hard");
    sh(other, "git reset -q --hard");
    await eventually("both alarms", () => raised.length === 2);
    assert.deepEqual(raised.map(({ root }) => root).sort(), [other, repo].sort());
  });

  test("one that is open around the agent's own tells nothing twice", async (t) => {
    const { repo, alarms, agent, raised, points, watched } = await windowOf(t, (base) => {
      sh(
        join(base, "repo"),
        "git init -q -b main inner; cd inner; echo i > i.txt; git add .; git commit -qm i",
      );
      return [];
    });
    const inner = join(repo, "inner");
    await alarms.attend().watch(inner);
    agent.end();
    await watched(inner);
    put(inner, { "i.txt": "words of mine\n" });
    alarms.lookAround();
    await alarms.check(inner);
    await eventually("a point around it", async () => (await points.list(repo)).length > 1);
    sh(inner, "git reset -q --hard");
    await alarms.check(inner);
    alarms.lookAround();
    await sleep(1_500);
    assert.deepEqual(
      raised.map(({ root }) => root),
      [inner],
    );
    sh(repo, "echo mine > b.txt");
    alarms.lookAround();
    await sleep(600);
    sh(repo, "git checkout -q b.txt");
    await eventually("the alarm around it", () => raised.some(({ root }) => root === repo));
  });

  test("where git is slow for another folder, that isn't watched, and the agent's own is at once", async (t) => {
    const folder = await tempDir(t);
    const real = findProgram("git") ?? "git";
    write(folder, {
      git: `#!/bin/sh\ncase "$PWD $*" in */other*" status "*) sleep 20;; esac\nexec ${real} "$@"\n`,
    });
    const slow = testGit({ ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}` });
    const { repo, other, alarms, raised, points } = await windowOf(t, () => [], slow);
    put(repo, { "a.txt": "words of mine\n" });
    await alarms.check(repo);
    sh(repo, "git reset -q --hard");
    await eventually("the alarm", () => raised.length > 0, 2_000);
    await sleep(6_000);
    assert.deepEqual(await points.list(other), []);
  });
});
