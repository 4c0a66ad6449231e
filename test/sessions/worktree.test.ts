import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { appendFile, mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

import type { Choice } from "../../extension/approvals/approval.ts";
import { RestorePoints } from "../../extension/restore/points/restorePoints.ts";
import type { Step } from "../agents/script.ts";
import { makeRepository, personGit, testGit, write } from "../git/support.ts";
import { tempDir } from "../harness/temp.ts";
import { openSession, type Options, type TestSession } from "./support/session.ts";

const run = (command: string, toolCallId: string, cwd?: string): Step => ({
  terminal: { command, toolCallId, ...(cwd === undefined ? {} : { cwd }) },
});

interface OnMain {
  readonly opened: TestSession;
  /** Where the worktree for `fix-it` will lie. */
  readonly there: string;
}

/** A project on `main`, with a change of the person's in `a.txt` and a file of theirs that git doesn't know. */
async function onMain(
  t: TestContext,
  turns: (there: string) => Step[][],
  options: Options = {},
): Promise<OnMain> {
  const base = await realpath(await tempDir(t));
  const project = join(base, "shop");
  await mkdir(project);
  makeRepository(project);
  personGit(project, "branch", "-m", "main");
  personGit(project, "config", "user.name", "Agent");
  personGit(project, "config", "user.email", "agent@example.com");
  const hash = createHash("sha256").update(join(project, ".git")).digest("hex").slice(0, 8);
  const there = join(base, "state", "worktrees", `shop-${hash}`, "fix-it");
  const opened = await openSession(t, { turns: turns(there) }, { base, project, ...options });
  return { opened, there };
}

/** Answers the next question, and resolves with what it offered. */
async function answerNext(opened: TestSession, choice: Choice): Promise<readonly Choice[]> {
  const { approval } = await opened.until("approval.opened", ({ approval: { id } }) => {
    return opened.approvals.pending().some((pending) => pending.id === id);
  });
  assert.equal(opened.approvals.settle(approval.id, choice, "person"), true);
  return approval.choices;
}

const COMMIT = "git add b.txt mine.txt && git commit -q -m 'Fix it'";
const EDITS: Step[] = [
  { writeFile: { path: "${cwd}/b.txt", content: "by the agent\n" } },
  { writeFile: { path: "${cwd}/mine.txt", content: "by the agent\n" } },
];

test("a commit on a protected branch is one question; a worktree is made, with the agent's changes alone", async (t) => {
  const { opened, there } = await onMain(t, () => [[...EDITS, run(COMMIT, "c1")]]);
  const { session, project } = opened;
  const head = personGit(project, "rev-parse", "HEAD");
  const prompted = session.prompt("Fix it!");
  assert.deepEqual(await answerNext(opened, "worktree"), [
    "allow-once",
    "allow-session",
    "edit",
    "worktree",
    "reject",
    "reject-stop",
  ]);
  await prompted;
  const { branch, folder } = await opened.until("session.worktree");
  assert.deepEqual([branch, folder], ["feature/agent/fix-it", there]);
  assert.equal(personGit(folder, "status", "--porcelain"), " M b.txt\n?? mine.txt\n");
  assert.equal(readFileSync(join(folder, "b.txt"), "utf8"), "by the agent\n");
  // The person's own tree: nothing committed, nothing staged, nothing gone.
  assert.equal(personGit(project, "rev-parse", "HEAD"), head);
  const status = personGit(project, "status", "--porcelain").replace("?? agent-audit/\n", "");
  assert.equal(status, " M a.txt\n M b.txt\n?? mine.txt\n?? new.txt\n");
  const refusal = opened.answers().findLast(({ error }) => error !== undefined)?.error?.message ?? "";
  assert.match(refusal, /^interlock: This goes on branch feature\/agent\/fix-it, in a worktree of its own/);
  assert.ok(refusal.includes(`\`cd ${folder}\``), refusal);
  assert.ok(refusal.includes("(2 files)"), refusal);
  const row = opened.rows().find(({ asked }) => asked === COMMIT);
  assert.equal(row?.status, "rejected");
  assert.equal(row?.problem?.code, "moved-to-worktree");
  const record = (await opened.records()).find(({ asked }) => asked === COMMIT);
  assert.deepEqual([record?.answeredBy, record?.allowed], ["person", false]);
  // Told in the answer: no prompt follows.
  assert.equal(opened.of("turn.started").length, 1);
});

test("the session works there unasked from then on, and in its first folder as before", async (t) => {
  const { opened, there } = await onMain(t, (there) => [
    [...EDITS, run(COMMIT, "c1")],
    [
      { writeFile: { path: `${there}/b.txt`, content: "again\n" } },
      { writeFile: { path: "${cwd}/b.txt", content: "here, too\n" } },
      run(`cd ${there} && ${COMMIT}`, "c2"),
      run("git reset -q --hard && touch was-reset", "c3", there),
    ],
    [run("git reset -q --hard && touch was-reset", "c4", there)],
    [run("git commit -q -am 'On main'", "c5")],
  ]);
  const { session, project } = opened;
  const prompted = session.prompt("Fix it!");
  await answerNext(opened, "worktree");
  await prompted;
  await session.prompt("Go on");
  assert.equal(opened.of("approval.opened").length, 1);
  assert.match(personGit(there, "log", "-1", "--format=%s"), /Fix it/);
  assert.equal(existsSync(join(there, "was-reset")), true);
  assert.equal(readFileSync(join(project, "b.txt"), "utf8"), "here, too\n");
  // What would be lost there is asked about like anywhere, and has a point of its own.
  await appendFile(join(there, "b.txt"), "more\n");
  const asked = session.prompt("Reset");
  await answerNext(opened, "allow-once");
  await asked;
  const points = new RestorePoints(testGit(process.env), opened.state);
  assert.ok((await points.list(there)).some(({ reason }) => reason === "turn"));
  // Sent on once: a later commit on the protected branch is asked about, without that way out.
  const again = session.prompt("Commit");
  assert.equal((await answerNext(opened, "reject")).includes("worktree"), false);
  await again;
});

test("where the answer can't hold it, the way to go on is the next prompt", async (t) => {
  const ask: Step = {
    requestPermission: {
      toolCall: {
        toolCallId: "p1",
        kind: "execute",
        title: "Commit",
        rawInput: { command: "git commit -q -am x" },
      },
      ifAllowed: [{ shell: { line: "git commit -q -am x" } }],
    },
  };
  const { opened, there } = await onMain(t, () => [[...EDITS, ask], [{ say: "I go on there." }]]);
  const head = personGit(opened.project, "rev-parse", "HEAD");
  const prompted = opened.session.prompt("Fix it!");
  await answerNext(opened, "worktree");
  await prompted;
  const { prompt, origin } = await opened.until("turn.started", ({ turn }) => turn === 2);
  assert.equal(origin, "worktree");
  assert.ok(prompt.includes(there) && prompt.includes("feature/agent/fix-it"), prompt);
  assert.match(prompt, /is there already \(2 files\)/);
  await opened.until("turn.ended", ({ turn }) => turn === 2);
  assert.equal(personGit(opened.project, "rev-parse", "HEAD"), head);
});

test("a worktree that can't be made commits nothing, and says why to both", async (t) => {
  const { opened } = await onMain(t, () => [[...EDITS, run(COMMIT, "c1")]]);
  personGit(opened.project, "branch", "feature");
  const head = personGit(opened.project, "rev-parse", "HEAD");
  const prompted = opened.session.prompt("Fix it!");
  await answerNext(opened, "worktree");
  await prompted;
  assert.equal(personGit(opened.project, "rev-parse", "HEAD"), head);
  assert.deepEqual(opened.of("session.worktree"), []);
  assert.ok(opened.notices().includes("worktree.failed"));
  const refusal = opened.answers().findLast(({ error }) => error !== undefined)?.error?.message ?? "";
  assert.match(refusal, /The person wants this on a branch of its own, but: .* Don't commit here/);
});

test("it is not offered for what is no commit on a protected branch, nor without a commit to begin with", async (t) => {
  const { opened } = await onMain(t, () => [
    [run("git push origin main", "c1")],
    [run("frobnicate --all", "c2")],
  ]);
  for (const _ of [1, 2]) {
    const prompted = opened.session.prompt("go");
    assert.equal((await answerNext(opened, "reject")).includes("worktree"), false);
    await prompted;
  }
  const empty = await openSession(t, { turns: [[run("git add . && git commit -q -m First", "c1")]] });
  personGit(empty.project, "init", "-q", "-b", "main");
  write(empty.project, { "a.txt": "a\n" });
  const prompted = empty.session.prompt("go");
  assert.equal((await answerNext(empty, "reject")).includes("worktree"), false);
  await prompted;
});

test("a worktree with nothing in it goes with its session, one with something stays", async (t) => {
  const { opened, there } = await onMain(t, () => [[run("git commit -q --allow-empty -m x", "c1")]]);
  const prompted = opened.session.prompt("Fix it!");
  await answerNext(opened, "worktree");
  await prompted;
  await opened.session.close();
  assert.equal(existsSync(there), false);
  assert.equal(personGit(opened.project, "branch", "--list", "feature/agent/*"), "");

  const other = await onMain(t, () => [[...EDITS, run(COMMIT, "c1")]]);
  const again = other.opened.session.prompt("Fix it!");
  await answerNext(other.opened, "worktree");
  await again;
  await other.opened.session.close();
  assert.equal(readFileSync(join(other.there, "b.txt"), "utf8"), "by the agent\n");
});
