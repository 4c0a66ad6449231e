import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RestorePoints } from "../../extension/restore/points/restorePoints.ts";
import { request } from "../doorways/support.ts";
import { testGit } from "../git/support.ts";
import { commitSome, must, put } from "../restore/points/support.ts";
import { openSession } from "./support/session.ts";

const git = testGit(process.env);

test("a point is taken before each turn, and before what was asked about runs", async (t) => {
  const script = {
    turns: [
      [
        request("terminal/create", { command: "git reset --hard" }),
        request("terminal/wait_for_exit", { terminalId: "t1" }),
      ],
      [],
    ],
  };
  const opened = await openSession(t, script, { answer: "allow-once" });
  const { project, state, session } = opened;
  rmSync(join(project, ".git"), { recursive: true, force: true });
  commitSome(project);
  put(project, { "a.txt": "mine\n" });
  await session.prompt("go");
  assert.notEqual(readFileSync(join(project, "a.txt"), "utf8"), "mine\n");
  await session.prompt("again");
  await session.close();
  const points = new RestorePoints(git, state);
  const all = await points.list(project);
  assert.deepEqual(
    all.filter(({ reason }) => reason !== "saves").map(({ reason, turn, session: id }) => [reason, turn, id]),
    [
      ["turn", 1, session.id],
      ["command", 1, session.id],
      ["turn", 2, session.id],
    ],
  );
  must(await points.apply(project, all.find(({ reason }) => reason === "command")?.id ?? ""));
  assert.equal(readFileSync(join(project, "a.txt"), "utf8"), "mine\n");
});

test("what goes away by itself during a turn is told in the session", async (t) => {
  const script = { turns: [[{ sleep: 500 }, { shell: { line: "git reset -q --hard", wait: true } }]] };
  const opened = await openSession(t, script, { answer: "allow-once" });
  const { project, session } = opened;
  commitSome(project);
  put(project, { "a.txt": "mine\n" });
  const lost: string[] = [];
  session.listen((event) => {
    if (event.type === "notice" && event.problem.code === "restore.loss") lost.push(event.problem.message);
  });
  await session.prompt("go");
  await session.close();
  assert.match(lost.join(), /the changes of a\.txt were discarded/);
  const loss = opened.of("notice").find(({ problem }) => problem.code === "restore.loss")?.loss;
  assert.deepEqual([loss?.root, loss?.files], [project, ["a.txt"]]);
  // What the panel's button does with it.
  const { point = "", lossPoint = "" } = loss ?? {};
  const points = new RestorePoints(git, opened.state);
  must(await points.apply(project, point, { lossPoint, paths: ["a.txt"] }));
  assert.equal(readFileSync(join(project, "a.txt"), "utf8"), "mine\n");
});
