import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Alarm, type Lost } from "../../../extension/restore/alarm/alarm.ts";
import { testGit } from "../../git/support.ts";
import { eventually } from "../../harness/processes.ts";
import { skipWithout } from "../../harness/tools.ts";
import { bench, put, sh } from "../points/support.ts";

const git = testGit(process.env);
const PERSON = ["-c", "user.name=Person", "-c", "user.email=person@example.com"];
const run = promisify(execFile);

/** The framework for hooks of commits, with one hook that takes longer than the alarm. */
const PRE_COMMIT = "pre-commit==4.5.0";
const HOOKS = `repos:
- repo: local
  hooks:
  - {id: slow, name: slow, entry: SLOW, language: system, pass_filenames: false}
`;

async function watched(
  t: TestContext,
): Promise<{ repo: string; raised: Lost[]; commit: () => Promise<unknown> } | null> {
  const uv = await skipWithout(t, "uv");
  if (uv === undefined) return null;
  const { base, repo, points } = await bench(t, git);
  const env = {
    ...process.env,
    HOME: base,
    PRE_COMMIT_HOME: join(base, "home"),
    UV_TOOL_DIR: join(base, "tools"),
  };
  put(base, { "slow.sh": "#!/bin/sh\nsleep 3\n" });
  put(repo, { ".pre-commit-config.yaml": HOOKS.replace("SLOW", `sh ${join(base, "slow.sh")}`) });
  sh(repo, "git add .; git commit -qm hooks");
  execFileSync(uv, ["tool", "run", "-q", "--from", PRE_COMMIT, "pre-commit", "install"], {
    cwd: repo,
    env,
    stdio: "ignore",
  });
  appendFileSync(join(repo, "a.txt"), "a line of mine that is nowhere else\n");
  sh(repo, "echo staged >> b.txt; git add b.txt");
  const raised: Lost[] = [];
  const alarm = new Alarm(git, points, repo, (each) => raised.push(each));
  t.after(() => alarm.close());
  await alarm.start();
  return {
    repo,
    raised,
    commit: () => run("git", [...PERSON, "commit", "-qm", "with hooks"], { cwd: repo, env }),
  };
}

/** What only the person has is away for a moment, or for good. */
async function isPutAside(repo: string): Promise<void> {
  await eventually("it is put aside", () => {
    // Git replaces the file.
    const text = existsSync(join(repo, "a.txt")) ? readFileSync(join(repo, "a.txt"), "utf8") : "mine";
    return !text.includes("mine");
  });
}

test("what the pre-commit framework puts aside and brings back raises no alarm", async (t) => {
  const day = await watched(t);
  if (day === null) return;
  const committing = day.commit();
  await isPutAside(day.repo);
  await committing;
  assert.match(readFileSync(join(day.repo, "a.txt"), "utf8"), /a line of mine/);
  await sleep(2_500);
  assert.deepEqual(day.raised, []);
});

test("what it put aside and doesn't bring back is told once it is over", async (t) => {
  const day = await watched(t);
  if (day === null) return;
  const committing = day.commit();
  await isPutAside(day.repo);
  sh(day.repo, "rm -rf ../home/patch*");
  await committing.catch(() => {});
  await eventually("the alarm", () => day.raised.length > 0, 30_000);
  assert.deepEqual(
    day.raised.flatMap(({ losses }) => losses.flatMap((each) => ("path" in each ? [each.path] : []))),
    ["a.txt"],
  );
});
