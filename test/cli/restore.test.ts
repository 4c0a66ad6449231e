import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../scripts/lib/paths.ts";
import { tempDir } from "../harness/temp.ts";
import { testGit } from "../git/support.ts";
import { commitSome, put, sh, taken } from "../restore/points/support.ts";
import { RestorePoints } from "../../extension/restore/points/restorePoints.ts";

const CLI = join(ROOT, "dist", "cli.js");
const git = testGit(process.env);

test("restore: list, show, diff, apply and undo, for people and as JSON", async (t) => {
  const base = await tempDir(t);
  const [repo, state] = [join(base, "repo"), join(base, "state")];
  mkdirSync(repo);
  commitSome(repo);
  put(repo, { "b.txt": "mine\n", "new.txt": "new\n" });
  const point = await taken(new RestorePoints(git, state), repo);
  put(repo, { "b.txt": "lost\n" });
  rmSync(join(repo, "new.txt"));
  const interlock = (...args: readonly string[]): { code: number | null; out: string; err: string } => {
    const env = { ...process.env, INTERLOCK_STATE_DIR: state };
    const run = spawnSync(process.execPath, [CLI, "restore", ...args, "--cwd", join(repo, "sub")], {
      env,
      encoding: "utf8",
    });
    return { code: run.status, out: run.stdout, err: run.stderr };
  };
  const json = (...args: readonly string[]): Record<string, unknown> =>
    JSON.parse(interlock(...args, "--json").out) as Record<string, unknown>;

  assert.match(
    interlock("list").out,
    new RegExp(
      `^session s \\(session s\\)\n  Turn 1\n    ${point.id}  .* before turn 1  .* 1 changed, 1 untracked`,
    ),
  );
  assert.deepEqual(json("list")["points"], [JSON.parse(JSON.stringify(point))]);
  assert.match(interlock("show", point.id).out, /changed\s+b\.txt[^]*untracked\s+new\.txt/);
  assert.match(interlock("diff", point.id, "../b.txt").out, /-lost\n\+mine/);
  const planned = json("diff", point.id)["changes"] as { path: string; action: string }[];
  assert.deepEqual(
    planned.map(({ path, action }) => `${action} ${path}`),
    ["write b.txt", "create new.txt"],
  );
  assert.equal(readFileSync(join(repo, "b.txt"), "utf8"), "lost\n");
  const applied = json("apply", point.id, "../b.txt");
  assert.equal(readFileSync(join(repo, "b.txt"), "utf8"), "mine\n");
  assert.throws(() => readFileSync(join(repo, "new.txt")));
  assert.equal(interlock("undo", String(applied["journal"])).code, 0);
  assert.equal(readFileSync(join(repo, "b.txt"), "utf8"), "lost\n");
  assert.equal(interlock("apply", point.id).code, 0);
  assert.equal(sh(repo, "cat b.txt new.txt"), "mine\nnew\n");

  const at = Date.UTC(2026, 10, 21, 9);
  const events = [
    { v: 1, type: "session.opened", at, agent: { id: "c", name: "Codex" } },
    { v: 1, type: "turn.started", turn: 1, prompt: "make it stable" },
  ];
  put(state, { "transcripts/elsewhere/s.jsonl": events.map((event) => JSON.stringify(event)).join("\n") });
  const listed = interlock("list").out;
  const [outside, own] = [
    "Outside of turns\n",
    "Codex: make it stable (session s, since 2026-11-21 09:00:00)\n",
  ];
  // What was brought back came later than the turn.
  assert.ok(listed.startsWith(outside) && listed.includes(own), listed);
  const [restores, session] = json("list")["sessions"] as {
    name: string | null;
    turns: { points: string[] }[];
  }[];
  assert.deepEqual(session, {
    session: "s",
    name: "Codex: make it stable",
    since: at,
    turns: [{ turn: 1, prompt: null, points: [point.id] }],
  });
  assert.deepEqual([restores?.name, restores?.turns[0]?.points.length], [null, 3]);

  assert.equal(interlock("show", "no-such").code, 1);
  assert.match(interlock("show", "no-such").err, /There is no restore point “no-such”/);
  assert.equal(interlock("show").code, 2);
  assert.equal(interlock("frob", "x").code, 2);
});
