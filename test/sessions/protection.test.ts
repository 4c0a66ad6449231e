import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ok } from "../../extension/errors.ts";
import type { Point } from "../../extension/restore/points/point.ts";
import { RestorePoints } from "../../extension/restore/points/restorePoints.ts";
import { Protection } from "../../extension/sessions/protection.ts";
import { findProgram } from "../../scripts/lib/programs.ts";
import { tempDir } from "../harness/temp.ts";
import { testGit, write } from "../git/support.ts";
import { bench, must, put } from "../restore/points/support.ts";

const NO_ALARMS = {
  attend: () => ({ watch: () => Promise.resolve(), end: () => {} }),
  changed: () => {},
  excuse: () => () => Promise.resolve(),
  reached: () => [],
  lookAround: () => {},
  check: () => Promise.resolve(),
  works: () => () => {},
  onLoss: () => () => {},
  onBlind: () => () => {},
};

test("where a status is slow the prompt goes on, and the first write waits until the turn's point is kept", async (t) => {
  const folder = await tempDir(t);
  const real = findProgram("git") ?? "git";
  write(folder, { git: `#!/bin/sh\ncase "$*" in *" status "*) sleep 2;; esac\nexec ${real} "$@"\n` });
  const slow = testGit({ ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}` });
  const { repo, state } = await bench(t, slow);
  const points = new RestorePoints(slow, state);
  put(repo, { "a.txt": "mine\n" });
  const protection = new Protection({
    points,
    alarms: NO_ALARMS,
    session: "s",
    agent: "Agent",
    turn: () => 1,
    onProblem: (problem) => assert.fail(problem.message),
    onLoss: () => assert.fail("nothing was lost"),
  });
  protection.begin(repo);
  await protection.beforeTurn("go");
  assert.deepEqual(await points.list(repo), [], "the prompt waited for more than it may");
  const path = join(repo, "a.txt");
  await protection.beforeAct(repo, { asked: "write a.txt", files: [path], mayLose: false });
  put(repo, { "a.txt": "the agent's\n" });
  await protection.end();
  const all = await points.list(repo);
  assert.deepEqual(
    all.map(({ reason, about }) => [reason, about]),
    [["turn", "go"]],
  );
  must(await points.apply(repo, all[0]?.id ?? "", { paths: ["a.txt"] }));
  assert.equal(readFileSync(path, "utf8"), "mine\n");
});

test("old points are forgotten when a session opens, and again while it goes on for days", async (t) => {
  const folder = await tempDir(t);
  let pruned = 0;
  let turn = 0;
  const taking = { id: "p", settled: Promise.resolve(ok({} as Point)) };
  const protection = new Protection({
    points: {
      take: () => Promise.resolve(taking),
      isPartial: () => Promise.resolve(false),
      prepare: () => Promise.resolve(),
      prune: () => Promise.resolve(void pruned++),
    },
    alarms: NO_ALARMS,
    session: "s",
    agent: "Agent",
    turn: () => turn,
    onProblem: (problem) => assert.fail(problem.message),
    onLoss: () => assert.fail("nothing was lost"),
  });
  protection.begin(folder);
  for (turn = 1; turn <= 100; turn++) {
    await protection.beforeTurn("go");
    protection.afterTurn();
  }
  await protection.end();
  assert.equal(pruned, 3);
});
