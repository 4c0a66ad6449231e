import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LIMITS } from "../../extension/restore/points/limits.ts";
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
  await session.prompt(
    "again:\n\nwhat was said is told in one line,\tand shortened at a word that would otherwise be cut in the middle",
  );
  await session.close();
  const points = new RestorePoints(git, state);
  const all = await points.list(project);
  assert.deepEqual(
    all
      .filter(({ reason }) => reason === "turn" || reason === "command")
      .map(({ reason, turn, session: id, about }) => [reason, turn, id, about]),
    [
      ["turn", 1, session.id, "go"],
      ["command", 1, session.id, "git reset --hard"],
      [
        "turn",
        2,
        session.id,
        "again: what was said is told in one line, and shortened at a word that would…",
      ],
    ],
  );
  must(await points.apply(project, all.find(({ reason }) => reason === "command")?.id ?? ""));
  assert.equal(readFileSync(join(project, "a.txt"), "utf8"), "mine\n");
});

test("in a folder without git that is too large to be kept, what is about to be written is copied aside", async (t) => {
  const script = {
    turns: [
      [
        request("fs/write_text_file", { path: "${cwd}/notes.txt", content: "the agent's\n" }),
        request("terminal/create", { command: "rm -r drafts" }),
        request("terminal/wait_for_exit", { terminalId: "t1" }),
      ],
    ],
  };
  const opened = await openSession(t, script, { answer: "allow-once" });
  const { project, state, session } = opened;
  rmSync(join(project, ".git"), { recursive: true, force: true });
  const many = Array.from({ length: LIMITS.walkFiles + 1 }, (_, index) => [`many/${index}`, ""]);
  put(project, Object.fromEntries(many) as Record<string, string>);
  put(project, { "notes.txt": "mine\n", "drafts/one.txt": "one\n", "drafts/deep/two.txt": "two\n" });
  await session.prompt("go");
  await session.close();
  assert.equal(readFileSync(join(project, "notes.txt"), "utf8"), "the agent's\n");
  assert.equal(existsSync(join(project, "drafts")), false);
  const points = new RestorePoints(git, state);
  const [written, removed] = (await points.list(project)).filter(({ reason }) => reason === "command");
  assert.deepEqual([written?.counts.untracked, removed?.counts.untracked], [1, 2]);
  for (const point of [written, removed]) {
    assert.equal(point?.counts.notCovered, 1, "the folder as a whole is named as not covered");
    must(await points.apply(project, point?.id ?? ""));
  }
  assert.equal(readFileSync(join(project, "notes.txt"), "utf8"), "mine\n");
  assert.equal(readFileSync(join(project, "drafts/one.txt"), "utf8"), "one\n");
  assert.equal(readFileSync(join(project, "drafts/deep/two.txt"), "utf8"), "two\n");
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
