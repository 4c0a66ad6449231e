import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { RestorePoints } from "../../extension/restore/points/restorePoints.ts";
import type { Step } from "../agents/script.ts";
import { request } from "../doorways/support.ts";
import { testGit } from "../git/support.ts";
import { eventually } from "../harness/processes.ts";
import { type Owner, tempDir } from "../harness/temp.ts";
import { commitSome, must, put, sh } from "../restore/points/support.ts";
import { openSession, type TestSession } from "./support/session.ts";

const git = testGit(process.env);

interface Opened {
  readonly opened: TestSession;
  /** Open in the same window; no agent works there. */
  readonly other: string;
  readonly points: RestorePoints;
  readonly losses: () => readonly string[];
}

/** An agent in `project` that runs some lines, one in each turn, with another repository open beside. */
async function beside(t: Owner, turns: Step[][]): Promise<Opened> {
  const base = await tempDir(t);
  const [project, other] = [join(base, "project"), join(base, "other")];
  for (const folder of [project, other]) {
    mkdirSync(folder);
    commitSome(folder);
  }
  put(other, {
    "a.txt": "entirely different words of mine\n",
    "notes.md": "# Plans for later\n",
    "sub/c.txt": "some more that no commit has\n",
  });
  const opened = await openSession(t, { turns }, { base, open: [project, other], answer: "allow-once" });
  const points = new RestorePoints(git, opened.state);
  await eventually("the other's first point", async () => (await points.list(other)).length > 0);
  // The watching begins right after it.
  await opened.alarms.check(other);
  await sleep(300);
  const losses = (): readonly string[] =>
    opened.of("notice").flatMap(({ problem }) => (problem.code === "restore.loss" ? [problem.message] : []));
  return { opened, other, points, losses };
}

const terminal = (command: string): Step[] => [
  request("terminal/create", { command }),
  request("terminal/wait_for_exit", { terminalId: "t1" }),
];

test("what an agent destroys by itself in another open repository is told in its session", async (t) => {
  const line = "rm ../other/notes.md; git -C ../other reset -q --hard";
  const { opened, other, losses } = await beside(t, [[{ shell: { line, wait: true } }, { sleep: 1_500 }]]);
  await opened.session.prompt("go");
  await opened.until("notice", ({ problem }) => problem.code === "restore.loss");
  assert.ok(losses()[0]?.startsWith(`Work in ${other} is gone, `), losses()[0]);
  assert.match(losses().join(), /At work then, in another folder: Scripted\./);
});

for (const [line, isDone] of [
  ["rm -r ../other/notes.md ../other/sub", (other: string) => !existsSync(join(other, "notes.md"))],
  // It goes on while what it did so far is seen.
  [
    "rm ../other/notes.md; sleep 1.5; rm ../other/sub/c.txt",
    (other: string) => !existsSync(join(other, "sub/c.txt")),
  ],
  ["git -C ../other reset --hard", (other: string) => sh(other, "cat a.txt").startsWith("one")],
  [
    "cd ../other && git checkout -- a.txt && rm *.md",
    (other: string) => !existsSync(join(other, "notes.md")),
  ],
  [
    "git -C ../other stash && git -C ../other stash drop",
    (other: string) => sh(other, "git stash list") === "",
  ],
] as const) {
  test(`what was approved there raises no alarm: ${line}`, async (t) => {
    const { opened, other, points, losses } = await beside(t, [terminal(line), []]);
    await opened.session.prompt("go");
    assert.ok(isDone(other), opened.told());
    await sleep(1_500);
    await opened.session.prompt("and on");
    await sleep(800);
    assert.deepEqual(losses(), []);
    const before = (await points.list(other)).find(({ reason }) => reason === "command");
    assert.deepEqual([before?.session, before?.about], [opened.session.id, line]);
    must(await points.apply(other, before?.id ?? ""));
    assert.equal(sh(other, "cat notes.md sub/c.txt"), "# Plans for later\nsome more that no commit has\n");
  });
}

test("with its agent gone what a person does is theirs, and with another one it is watched again", async (t) => {
  const { opened, other, points, losses } = await beside(t, [[{ exit: 1 }]]);
  await opened.session.prompt("go");
  await opened.until("session.state", ({ state }) => state.name === "crashed");
  await sleep(500);
  for (const folder of [other, opened.project]) {
    put(folder, { "b.txt": "mine and nobody else's\n" });
    opened.alarms.changed([join(folder, "b.txt")]);
  }
  const kept = (await points.list(other)).length;
  sh(other, "git reset -q --hard");
  sh(opened.project, "git reset -q --hard");
  await sleep(2_500);
  assert.deepEqual([losses(), (await points.list(other)).length], [[], kept]);
  await opened.session.restart();
  await sleep(1_000);
  sh(other, "rm notes.md");
  await eventually("the alarm", () => losses().length > 0);
});
