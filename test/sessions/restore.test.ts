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
    all.map(({ reason, turn, session: id }) => [reason, turn, id]),
    [
      ["turn", 1, session.id],
      ["command", 1, session.id],
      ["turn", 2, session.id],
    ],
  );
  must(await points.apply(project, all[1]?.id ?? ""));
  assert.equal(readFileSync(join(project, "a.txt"), "utf8"), "mine\n");
});
