import assert from "node:assert/strict";
import { test } from "node:test";
import { countsText, groupText, nameOf, planText, timeText } from "../../extension/editor/restoreTexts.ts";
import { reasonText } from "../../extension/restore/points/texts.ts";
import type { Change, Content, KeptWhy } from "../../extension/restore/points/change.ts";

const ROOT = "/projects/sample";
const gone: Content = { kind: "gone", mode: 0, blob: null };
const file = (blob: string): Content => ({ kind: "file", mode: 0o644, blob });

function change(path: string, from: Content, to: Content, more: Partial<Change> = {}): Change {
  return { folder: ROOT, path, from, to, area: "tree", merged: false, ...more };
}

const kept = (path: string, why: KeptWhy) => ({ folder: ROOT, path, why });

test("a confirmation names what is overwritten, created, merged and removed, git's own, and what stays", () => {
  const changes = [
    change("a.txt", file("1"), file("2")),
    change("b.txt", gone, file("3")),
    change("c.txt", file("4"), file("5"), { merged: true }),
    change("d.txt", file("6"), gone),
    change("index", file("7"), file("8"), { folder: `${ROOT}/.git`, area: "git" }),
    change("refs/heads/main", file("7"), file("8"), { folder: `${ROOT}/.git`, area: "git" }),
  ];
  const planned = { changes, kept: [kept("e.txt", "conflict"), kept("f.txt", "new")], objects: [] };
  assert.deepEqual(planText(ROOT, planned, ["a.txt"]).split("\n"), [
    "Overwrites 1 file: a.txt",
    "Creates 1 file: b.txt",
    "Merges with your later changes in 1 file: c.txt",
    "Removes 1 file: d.txt",
    "Sets back in git: the index, main",
    "Stays as it is, since the same lines were changed since: e.txt",
    "Stays as it is, since it came since, and no commit holds it: f.txt",
    "Unsaved in the editor, and left so: a.txt",
    "",
    "The present state is kept first, so this can be undone.",
  ]);
});

test("of many files the first are named and the others counted", () => {
  const changes = Array.from({ length: 9 }, (_, index) => change(`${index}.txt`, gone, file("1")));
  const [line] = planText(ROOT, { changes, kept: [], objects: [] }, []).split("\n");
  assert.equal(line, "Creates 9 files: 0.txt, 1.txt, 2.txt, 3.txt, 4.txt, 5.txt and 3 more");
});

test("names that are no UTF-8, and files of repositories inside, are told apart", () => {
  assert.equal(nameOf(ROOT, { folder: `${ROOT}/vendor/lib`, path: "caf\xe9" }), "vendor/lib/caf\\xe9");
});

test("a point says why it was taken and what it holds", () => {
  assert.equal(reasonText({ reason: "turn", turn: 3, about: null }), "before turn 3");
  assert.equal(reasonText({ reason: "turn", turn: 3, about: "Fix it" }), "before turn 3: “Fix it”");
  assert.equal(
    reasonText({ reason: "command", turn: 3, about: "git reset --hard" }),
    "before “git reset --hard”",
  );
  assert.equal(reasonText({ reason: "after", turn: 3, about: null }), "after turn 3");
  assert.equal(reasonText({ reason: "turn", turn: 0, about: null }), "before a turn");
  assert.equal(reasonText({ reason: "saves", turn: null, about: null }), "after changes to files");
  const counts = { changed: 2, untracked: 1, ignored: 0, gone: 1, notCovered: 1 };
  assert.equal(
    countsText({ counts, branch: "main" }),
    "4 files: 2 changed, 1 untracked, 1 deleted, 1 not covered · main",
  );
  const none = { changed: 0, untracked: 0, ignored: 0, gone: 0, notCovered: 0 };
  assert.equal(countsText({ counts: none, branch: null }), "as committed");
});

test("a time of another day has its date", () => {
  const now = new Date(2026, 10, 21, 12).getTime();
  assert.equal(timeText(now - 3_600_000, now), new Date(now - 3_600_000).toLocaleTimeString());
  const earlier = now - 24 * 3_600_000;
  assert.equal(timeText(earlier, now), new Date(earlier).toLocaleString());
});

test("a heading names the session with its beginning, its turns, and what belongs to none", () => {
  const since = new Date(2026, 10, 21, 9).getTime();
  const session = { name: "Codex: CSV export", since };
  const began = `Codex: CSV export, since ${new Date(since).toLocaleTimeString()}`;
  const now = since + 1_000;
  assert.equal(groupText(session, 3, true, now), `${began} · turn 3`);
  assert.equal(groupText(session, 2, false, now), "turn 2");
  // A session in a terminal has no turns.
  assert.equal(groupText(session, null, true, now), began);
  const long = groupText({ name: "Codex: make the login test stable on Windows", since }, 1, true, now);
  assert.match(long, /^Codex: make the login test stab…, since /);
  assert.equal(groupText(null, null, true, now), "outside of turns");
});
