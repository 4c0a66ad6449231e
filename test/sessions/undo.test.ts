import assert from "node:assert/strict";
import { mkdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { type Loss, noLoss } from "../../extension/guard/loss.ts";
import { LIMITS } from "../../extension/restore/points/limits.ts";
import { undoOf } from "../../extension/sessions/undo.ts";
import { tempDir } from "../harness/temp.ts";

async function project(t: TestContext): Promise<string> {
  const root = await tempDir(t);
  await mkdir(join(root, ".git"));
  await mkdir(join(root, "api"));
  for (const name of ["a.py", "b.py"]) await writeFile(join(root, name), "x\n");
  return root;
}

type File = Loss["files"][number];

function losing(root: string, ...files: [path: string, state: File["state"], ignored?: boolean][]): Loss {
  const listed = files.map(([path, state, ignored]): File => {
    return { path, state, added: 1, removed: 1, ignored };
  });
  return { ...noLoss(root), files: listed, fileCount: listed.length };
}

const RESET = ["git.discard"];

test("uncommitted changes, staged content, commits and stashes of the repository come back", async (t) => {
  const root = await project(t);
  const loss = losing(root, ["a.py", "modified"], ["gone.py", "staged"]);
  assert.deepEqual(undoOf({ kind: "loss", loss }, RESET, root), { can: "all" });
  assert.deepEqual(undoOf({ kind: "loss", loss }, RESET, join(root, "api")), { can: "all" });
  const refs = { ...noLoss(root), commits: 2, stashes: 1 };
  assert.deepEqual(undoOf({ kind: "loss", loss: refs }, ["git.ref", "git.stash.drop"], root), { can: "all" });
});

test("untracked files come back; ignored ones only where a point keeps their name", async (t) => {
  const root = await project(t);
  for (const name of ["debug.log", ".env"]) await writeFile(join(root, name), "x\n");
  const undo = (...files: [string, File["state"], boolean][]) =>
    undoOf({ kind: "loss", loss: losing(root, ...files) }, ["delete", "deps.change"], root);
  assert.deepEqual(undo(["a.py", "untracked", false]), { can: "all" });
  assert.deepEqual(undo([".env", "untracked", true]), { can: "all" });
  await writeFile(join(root, "api/.env.local"), "x\n");
  assert.deepEqual(undo(["api/.env.local", "untracked", true]), { can: "rest" });
  const gone = { can: "partly", path: "debug.log", bytes: 2 };
  assert.deepEqual(undo(["a.py", "untracked", false], ["debug.log", "untracked", true]), gone);
});

test("what may be ignored, is not all listed, or could not be seen in time is not promised", async (t) => {
  const root = await project(t);
  const known = losing(root, ["a.py", "modified"]);
  for (const loss of [
    losing(root, ["b.py", "untracked"]),
    losing(root, ["not-there.py", "modified"]),
    losing(root, ["api", "modified"]),
    { ...known, complete: false },
    { ...known, fileCount: 70 },
  ])
    assert.deepEqual(undoOf({ kind: "loss", loss }, RESET, root), { can: "rest" });
  assert.deepEqual(undoOf({ kind: "loss", loss: known }, ["git.history"], root), { can: "rest" });
});

test("a file that is too large for a point is named", async (t) => {
  const root = await project(t);
  const bytes = LIMITS.fileBytes + 1;
  await truncate(join(root, "b.py"), bytes);
  const loss = losing(root, ["a.py", "modified"], ["b.py", "untracked"]);
  assert.deepEqual(undoOf({ kind: "loss", loss }, RESET, root), { can: "partly", path: "b.py", bytes });
});

test("what leaves this machine, lies outside, or isn't known can't be undone", async (t) => {
  const root = await project(t);
  const loss = losing(root, ["a.py", "modified"]);
  const why = (effects: readonly string[], where: string, what: Loss | undefined = loss): unknown => {
    const undo = undoOf({ kind: "loss", ...(what === undefined ? {} : { loss: what }) }, effects, where);
    return undo?.can === "no" ? undo.why : undo;
  };
  assert.equal(why([...RESET, "git.push.force"], root), "leaves");
  assert.equal(why(["publish"], root), "leaves");
  assert.equal(why(["delete"], await tempDir(t)), "outside");
  assert.equal(why(["delete"], join(root, "api"), losing("/", ["etc/hosts", "modified"])), "outside");
  assert.equal(why([...RESET, "unclear"], root), "unknown");
  assert.equal(why([], root), "unknown");
  assert.deepEqual(undoOf({ kind: "loss" }, RESET, root), { can: "no", why: "unknown" });
  assert.equal(undoOf({ kind: "change", loss }, RESET, root), undefined);
  for (const kind of ["change", "unclear"] as const)
    assert.deepEqual(undoOf({ kind }, ["network", "publish"], root), { can: "no", why: "leaves" });
});
