import assert from "node:assert/strict";
import { test } from "node:test";

import { type LostFile, noLoss } from "../../extension/guard/loss.ts";
import { lossLine } from "../../extension/panel/lossLine.ts";

const none = noLoss("/p");
const changed = (path: string, added: number | null, removed: number | null): LostFile => ({
  path,
  state: "modified",
  added,
  removed,
});
const untracked = (path: string): LostFile => ({ path, state: "untracked", added: 12, removed: 0 });

test("one sentence has what would be lost, by its kinds, most important first", () => {
  const files = [
    changed("a.ts", 96, 2),
    { ...changed("b.ts", 24, 6), state: "staged" as const },
    changed("logo.png", null, null),
    untracked("notes.md"),
    untracked("data.bin"),
  ];
  assert.equal(
    lossLine({ ...none, files, fileCount: 5, commits: 1 }),
    "Would lose 3 files with uncommitted changes (+120 −8), 2 untracked files, 1 commit only here.",
  );
  assert.equal(lossLine({ ...none, commits: 2, stashes: 1 }), "Would lose 2 commits only here, 1 stash.");
});

test("lines are those of the changes alone, and of what has none nothing is said", () => {
  const one = { ...none, fileCount: 1 };
  assert.equal(lossLine({ ...one, files: [untracked("notes.md")] }), "Would lose 1 untracked file.");
  assert.equal(
    lossLine({ ...one, files: [changed("logo.png", null, null)] }),
    "Would lose 1 file with uncommitted changes.",
  );
});

test("of more files than are listed only their number is said", () => {
  assert.equal(
    lossLine({ ...none, files: [untracked("notes.md")], fileCount: 1_200 }, (value) =>
      value.toLocaleString("en"),
    ),
    "Would lose 1,200 files.",
  );
});

test("nothing is said where nothing would be lost, and that it isn't known where it isn't", () => {
  assert.equal(lossLine(undefined), "");
  assert.equal(lossLine(none), "");
  assert.equal(lossLine({ ...none, complete: false }), "It could not be seen in time what would be lost.");
  assert.equal(
    lossLine({ ...none, complete: false, files: [untracked("notes.md")], fileCount: 1 }),
    "Would lose at least 1 untracked file. Not everything could be seen in time.",
  );
});
