import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { Step } from "../agents/script.ts";
import { makeRepository, personGit } from "../git/support.ts";
import { startRun } from "./support.ts";

const run = (command: string): Step => ({ terminal: { command } });
const COMMITS: Step[] = [
  { writeFile: { path: "${cwd}/b.txt", content: "by the agent\n" } },
  run("git add b.txt && git -c user.name=A -c user.email=a@example.com commit -q -m 'Fix it'"),
];

/** A project on `main`, with a change and a new file, and whatever policy the test wants. */
function onMain(policy?: object) {
  return async (project: string): Promise<void> => {
    makeRepository(project);
    personGit(project, "branch", "-m", "main");
    if (policy !== undefined)
      await writeFile(join(project, "agent-policy.json"), JSON.stringify({ version: 1, ...policy }));
  };
}

async function worktreesOf(base: string): Promise<string[]> {
  const folder = join(base, "state", "worktrees");
  const repositories = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    repositories.map(async (each) =>
      (await readdir(join(folder, each))).map((name) => join(folder, each, name)),
    ),
  );
  return found.flat();
}

test("--worktree: the agent works and commits on a branch of its own, and the person's files stay as they are", async (t) => {
  const { ended, stdout, project, base } = await startRun(
    t,
    { turns: [COMMITS] },
    { args: ["--worktree"], prompt: "Fix the login", prepare: onMain() },
  );
  assert.equal(await ended, 0, stdout());
  const [worktree = ""] = await worktreesOf(base);
  assert.match(worktree, /\/fix-the-login$/);
  assert.match(stdout(), /^interlock: works on feature\/agent\/fix-the-login, in \S+\/fix-the-login\n/);
  assert.equal(readFileSync(join(project, "b.txt"), "utf8"), "one\n");
  assert.equal(readFileSync(join(worktree, "a.txt"), "utf8"), "one\n");
  assert.equal(
    personGit(project, "log", "-1", "--format=%s", "feature/agent/fix-the-login").trim(),
    "Fix it",
  );
  // One record for the project, whichever tree a session works in.
  assert.equal(existsSync(join(project, "agent-audit")), true);
  assert.equal(existsSync(join(worktree, "agent-audit")), false);
});

test("--carry: the uncommitted changes come along as copies", async (t) => {
  const { ended, project, base } = await startRun(
    t,
    { turns: [[run("cat a.txt new.txt")]] },
    { args: ["--worktree", "--carry"], prepare: onMain() },
  );
  assert.equal(await ended, 0);
  const [worktree = ""] = await worktreesOf(base);
  assert.equal(readFileSync(join(worktree, "a.txt"), "utf8"), "two\n");
  assert.equal(readFileSync(join(worktree, "new.txt"), "utf8"), "new\n");
  assert.equal(readFileSync(join(project, "a.txt"), "utf8"), "two\n");
});

test("a policy that wants it gives each session a worktree; one that nothing was done in goes", async (t) => {
  const { ended, events, base } = await startRun(
    t,
    { turns: [[{ say: "nothing to do" }]] },
    { args: ["--json"], prepare: onMain({ sessions: { where: "worktree" } }) },
  );
  assert.equal(await ended, 0);
  const told = events().find((event) => event.type === "session.worktree");
  assert.equal(told?.type === "session.worktree" ? told.branch : "", "feature/agent/go");
  assert.deepEqual(await worktreesOf(base), []);
});

test("in a worktree the files that the policy protects are protected, and those outside of it are outside", async (t) => {
  const { ended, events, base, project } = await startRun(
    t,
    {
      turns: [
        [
          { writeFile: { path: "${cwd}/schema.sql", content: "x" } },
          { writeFile: { path: "${cwd}/notes.txt", content: "x" } },
          run("echo x > ../../../../project/b.txt"),
        ],
      ],
    },
    { args: ["--worktree", "--json"], prepare: onMain({ files: { protected: ["schema.sql"] } }) },
  );
  assert.equal(await ended, 1);
  const rules = new Map<string, string>();
  for (const event of events()) {
    if (event.type === "call" && event.patch.asked !== undefined)
      rules.set(event.patch.asked.split("/").at(-1) ?? "", event.patch.rule ?? "");
  }
  assert.deepEqual([...rules.values()], ["fs.write.protected", "fs.write", "fs.write.outside"]);
  assert.equal((await worktreesOf(base)).length, 1);
  assert.equal(readFileSync(join(project, "b.txt"), "utf8"), "one\n");
});

test("without a repository a worktree can't be had, and the agent isn't started elsewhere", async (t) => {
  const { ended, stderr, agent } = await startRun(t, { turns: [[]] }, { args: ["--worktree"] });
  assert.equal(await ended, 1);
  assert.match(stderr(), /This folder is in no git repository, so there can be no worktree of it/);
  assert.deepEqual(agent.log(), []);
});

const ENVIRONMENTS = { environments: { production: ["*.prod.example.com"] } };

test("--environment: commands may name its hosts; an environment that the policy doesn't name is an error", async (t) => {
  const script = { turns: [[run("echo db.prod.example.com")]] };
  const prepare = onMain(ENVIRONMENTS);
  const asks = await startRun(t, script, { prepare });
  assert.equal(await asks.ended, 1);
  assert.match(asks.stdout(), /this session was not started for it/);
  const passes = await startRun(t, script, { args: ["--environment", "production"], prepare });
  assert.equal(await passes.ended, 0, passes.stdout());
  const wrong = await startRun(t, script, { args: ["--environment", "prod"], prepare });
  assert.equal(await wrong.ended, 1);
  assert.match(
    wrong.stderr(),
    /The policy names no hosts for an environment “prod”\. There are: production\./,
  );
  assert.deepEqual(wrong.agent.log(), []);
});

test("at the day's limit a run sends nothing, unless it is told to go past it", async (t) => {
  const usage: Step = {
    update: { sessionUpdate: "usage_update", used: 1, size: 10, cost: { amount: 2, currency: "USD" } },
  };
  const script = { turns: [[usage, { say: "done" }]] };
  const prepare = onMain({ spend: { perDay: 1 } });
  const first = await startRun(t, script, { prepare });
  await first.ended;
  const env = { INTERLOCK_STATE_DIR: join(first.base, "state") };
  const second = await startRun(t, script, { prepare, env });
  assert.equal(await second.ended, 1);
  assert.match(second.stderr(), /Your agents have cost \$2\.00 today; the policy's limit is \$1\.00 a day/);
  const third = await startRun(t, script, { args: ["--past-limit"], prepare, env });
  assert.equal(await third.ended, 0);
});
