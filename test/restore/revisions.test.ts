import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import type { FactQuery } from "../../extension/guard/facts.ts";
import { addLoss, type Loss, noLoss } from "../../extension/guard/loss.ts";
import { answerFacts } from "../../extension/restore/answers.ts";
import { lossOfCommits } from "../../extension/restore/history.ts";
import { makeRepository, personGit, testGit, write } from "../git/support.ts";
import { tempDir, type Owner } from "../harness/temp.ts";
import { considerIn } from "./support/consider.ts";

const git = testGit(process.env);

/** A repository whose branch has commits of its own with these subjects, the last one newest. */
async function withCommits(t: Owner, subjects: readonly string[]): Promise<string> {
  const folder = await tempDir(t);
  makeRepository(folder);
  personGit(folder, "commit", "-q", "-am", "Second");
  personGit(folder, "branch", "base");
  for (const subject of subjects) commit(folder, subject);
  return folder;
}

function commit(folder: string, subject: string): void {
  const keep = ["-c", "i18n.commitEncoding=UTF-8"];
  personGit(folder, ...keep, "commit", "-q", "--allow-empty", "--allow-empty-message", "-m", subject);
}

const hashOf = (folder: string, revision: string): string => personGit(folder, "rev-parse", revision).trim();

const lossOf = async (folder: string, line: string): Promise<Loss | null> =>
  (await considerIn(folder, folder, line)).loss;

/** The revisions of a loss, short; and how many there are. */
function told(loss: Loss | null): readonly unknown[] {
  const listed = (loss?.revisions ?? []).map(({ kind, id, subject }) => `${kind} ${id} ${subject}`);
  return [loss?.commits, loss?.stashes, ...listed];
}

test("commits that a reset leaves behind are named, newest first", async (t) => {
  const folder = await withCommits(t, ["Add the export", "Quote as RFC 4180 has it"]);
  const own = [
    `commit ${hashOf(folder, "HEAD")} Quote as RFC 4180 has it`,
    `commit ${hashOf(folder, "HEAD~1")} Add the export`,
  ];
  const loss = await lossOf(folder, "git reset --hard HEAD~2");
  assert.deepEqual(told(loss), [2, 0, ...own]);
  assert.ok(loss?.revisions?.every(({ root }) => root === folder));
});

test("commits of a branch that is deleted are named, whatever their subject holds", async (t) => {
  const folder = await withCommits(t, ["commit \u001b[2J \u00e4", "", `${"x".repeat(199)}\u{1f600}`]);
  const lost = ["HEAD", "HEAD~1", "HEAD~2"].map((each) => hashOf(folder, each));
  personGit(folder, "branch", "gone");
  personGit(folder, "switch", "-q", "-C", "feature/agent/x", "base");
  assert.deepEqual(told(await lossOf(folder, "git branch -D gone")), [
    3,
    0,
    `commit ${lost[0]} ${"x".repeat(199)}`,
    `commit ${lost[1]} `,
    `commit ${lost[2]} commit \u001b[2J \u00e4`,
  ]);
});

test("a commit that several refs keep is lost with the last of them", async (t) => {
  const folder = await withCommits(t, ["Shared"]);
  const lost = [1, 0, `commit ${hashOf(folder, "HEAD")} Shared`];
  for (const name of ["one", "two"]) personGit(folder, "branch", name);
  personGit(folder, "tag", "three");
  personGit(folder, "switch", "-q", "-C", "feature/agent/x", "base");
  for (const line of [
    "git branch -D one two && git tag -d three",
    "git tag -d three; git branch -D two; git branch -D one",
    "git branch -f one base && git tag -d three && git update-ref -d refs/heads/two",
    "git branch -f base two && git branch -D one two && git tag -d three && git branch -D base",
    "git branch -f base two; git branch -f base feature/agent/x; git branch -D one two; git tag -d three",
    "git branch -f two base; git branch -f base two; git branch -D one; git tag -d three",
  ])
    assert.deepEqual(told(await lossOf(folder, line)), lost, line);
  for (const line of ["git branch -D one two", "git branch -D one && git tag -d three"])
    assert.equal(await lossOf(folder, line), null, line);
  personGit(folder, "tag", "-d", "three");
  personGit(folder, "branch", "-D", "two");
  personGit(folder, "switch", "-q", "one");
  personGit(folder, "branch", "other");
  assert.equal(await lossOf(folder, "git branch -D other"), null);
  assert.deepEqual(told(await lossOf(folder, "git reset --hard HEAD~1 && git branch -D other")), lost);
});

test("entries of the stash are named as git lists them, also what is in them", async (t) => {
  const folder = await withCommits(t, []);
  for (const message of ["the older", "the newer"]) {
    writeFileSync(join(folder, "a.txt"), message);
    personGit(folder, "stash", "push", "-q", "-m", message);
  }
  const newer = `stash ${hashOf(folder, "stash@{0}")} On feature/agent/x: the newer`;
  const older = `stash ${hashOf(folder, "stash@{1}")} On feature/agent/x: the older`;
  assert.deepEqual(told(await lossOf(folder, "git stash drop")), [0, 1, newer]);
  assert.deepEqual(told(await lossOf(folder, "git stash drop stash@{1}")), [0, 1, older]);
  assert.deepEqual(told(await lossOf(folder, "git stash drop 'stash@{one.hour.ago}'")), [0, 1]);
  assert.deepEqual(told(await lossOf(folder, "git stash clear")), [0, 2, newer, older]);
  // Which entry the second one drops isn't looked at: it is counted, and not named.
  assert.deepEqual(told(await lossOf(folder, "git stash drop; git stash drop")), [0, 2, newer]);
});

test("twenty of each kind are named, and all are counted", async (t) => {
  const subjects = Array.from({ length: 23 }, (_, n) => `Step ${n}`);
  const folder = await withCommits(t, subjects);
  const loss = await lossOf(folder, "git reset --hard base");
  assert.equal(loss?.commits, 23);
  assert.deepEqual(
    loss?.revisions?.map(({ subject }) => subject),
    subjects.toReversed().slice(0, 20),
  );
  const entries = loss?.revisions?.map((each) => ({ ...each, kind: "stash" as const })) ?? [];
  const both = addLoss(loss ?? noLoss(folder), { ...noLoss(folder), stashes: 20, revisions: entries });
  assert.deepEqual([both.revisions?.length, both.commits, both.stashes], [40, 23, 20]);
  assert.equal(addLoss(both, both).revisions?.length, 40, "each stands once");
});

test("what a session committed itself is neither counted nor named", async (t) => {
  const folder = await withCommits(t, ["A person's", "The session's"]);
  const own = hashOf(folder, "HEAD");
  const query = { fact: "commits", folder, ref: "HEAD", to: "base" } as const;
  const has = (id: string): boolean => id === own;
  const loss = await lossOfCommits(git, query, AbortSignal.timeout(5_000), { has });
  assert.deepEqual(told(loss), [1, 0, `commit ${hashOf(folder, "HEAD~1")} A person's`]);
});

test("where nothing is lost nothing is named", async (t) => {
  const folder = await withCommits(t, ["Kept"]);
  personGit(folder, "branch", "kept");
  const queries: readonly FactQuery[] = [
    { fact: "commits", folder, ref: "HEAD", to: "base" },
    { fact: "stashes", folder, entry: null },
  ];
  for (const fact of (await answerFacts(git, queries)).values()) {
    assert.deepEqual(fact, { known: true, loss: noLoss(folder) });
  }
});

test("more commits than are looked at one by one are counted, and the newest named", async (t) => {
  const folder = await withCommits(t, []);
  const stream = Array.from({ length: 1_002 }, (_, n) => {
    const message = `Import ${n}`;
    const from = n === 0 ? "from refs/heads/base\n" : "";
    return `commit refs/heads/feature/agent/x\ncommitter P <p@example.com> ${1_700_000_000 + n} +0000\ndata ${message.length}\n${message}\n${from}\n`;
  });
  write(folder, { "stream.txt": stream.join("") });
  personGit(folder, "switch", "-q", "base");
  personGit(folder, "-c", "alias.import=!git fast-import --quiet --force < stream.txt", "import");
  const query = { fact: "commits", folder, ref: "feature/agent/x", to: null } as const;
  const loss = await lossOfCommits(git, query, AbortSignal.timeout(5_000), { has: () => true });
  assert.deepEqual([loss?.commits, loss?.revisions?.length], [1_002, 20]);
  assert.equal(loss?.revisions?.[0]?.subject, "Import 1001");
});
