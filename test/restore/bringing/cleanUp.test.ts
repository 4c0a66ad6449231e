import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";

import { canGo } from "../../../extension/restore/bringing/bringBack.ts";
import { holdingsText } from "../../../extension/restore/bringing/texts.ts";
import type { Result } from "../../../extension/errors.ts";
import { makeRepository, personGit } from "../../git/support.ts";
import { must, put } from "../points/support.ts";
import { type Apart, apart } from "./support.ts";

function codeOf(result: Result<unknown>): string {
  return result.ok ? "" : result.error.code;
}

function recordOf({ state }: Apart, root: string): string {
  return join(state, "worktree-records", basename(dirname(root)), `${basename(root)}.json`);
}

/** Of what `make` makes where nothing else is said. */
const name = "fix-it";

/** Another host, which ends without a word. */
const ANNOUNCE = `
  import { join } from "node:path";
  const { LiveSessions } = await import(${JSON.stringify(new URL("../../../extension/state/liveSessions.ts", import.meta.url).href)});
  const [repo, state] = process.argv.slice(1);
  await new LiveSessions(state).announce(join(repo, ".git"), { session: "o", name: "Other", trees: [] });
`;

test("the list says what each holds, and only those that hold nothing can go", async (t) => {
  const { repo, back, make } = await apart(t);
  const nothing = await make("nothing");
  const dirty = await make("dirty");
  put(dirty.root, { "a.txt": "changed\n", "new.txt": "new\n", ".env": "K=1\n", "node_modules/x.js": "x\n" });
  const committed = await make("committed");
  put(committed.root, { "b.txt": "b2\n" });
  personGit(committed.root, "commit", "-q", "-a", "-m", "Theirs");
  const listed = must(await back.list(repo));
  assert.deepEqual(listed.map((each) => `${each.name}: ${holdingsText(each)}`).sort(), [
    "committed: 1 commit not merged",
    "dirty: 1 uncommitted, 1 untracked, 1 ignored",
    "nothing: holds nothing that you don't have",
  ]);
  assert.deepEqual(
    listed.filter((each) => canGo(each)).map(({ name }) => name),
    ["nothing"],
  );
  assert.equal(codeOf(await back.remove(repo, "dirty")), "worktree.holds");
  assert.equal(existsSync(join(dirty.root, "new.txt")), true);
  assert.deepEqual(must(await back.remove(repo, "nothing")), { branchLeft: null });
  assert.equal(personGit(repo, "branch", "--list", nothing.branch), "");
  // Commits stay on their branch.
  assert.deepEqual(must(await back.remove(repo, "committed")), { branchLeft: committed.branch });
  assert.equal(personGit(repo, "log", "-1", "--format=%s", committed.branch).trim(), "Theirs");
  assert.equal(existsSync(committed.root), false);
});

test("what was brought back is not only there any more; what is staged apart, in a repository inside or under way is", async (t) => {
  const { repo, back, make } = await apart(t);
  const { root } = await make();
  put(root, { "a.txt": "changed\n", "new.txt": "new\n" });
  assert.equal(codeOf(await back.remove(repo, name)), "worktree.holds");
  must(await back.bring(repo, must(await back.find(repo, name))));
  put(root, { "b.txt": "staged\n" });
  personGit(root, "add", "b.txt");
  put(root, { "b.txt": "b\n" });
  assert.deepEqual(must(await back.find(repo, name)).holdings?.files, [{ path: "b.txt", state: "changed" }]);
  personGit(root, "reset", "-q");
  mkdirSync(join(root, "inner"));
  makeRepository(join(root, "inner"));
  assert.equal(codeOf(await back.remove(repo, name)), "worktree.holds");
  rmSync(join(root, "inner"), { recursive: true });
  personGit(root, "update-ref", "MERGE_HEAD", "HEAD");
  assert.equal(codeOf(await back.remove(repo, name)), "worktree.holds");
  personGit(root, "update-ref", "-d", "MERGE_HEAD");
  must(await back.remove(repo, name));
  assert.equal(existsSync(root), false);
});

test("commits of a detached HEAD lie on no branch: it stays", async (t) => {
  const { repo, back, make } = await apart(t);
  const { root } = await make();
  personGit(root, "checkout", "-q", "--detach");
  put(root, { "b.txt": "b2\n" });
  personGit(root, "commit", "-q", "-a", "-m", "Lost otherwise");
  assert.equal(codeOf(await back.remove(repo, name)), "worktree.holds");
  personGit(repo, "branch", "kept", personGit(root, "rev-parse", "HEAD").trim());
  must(await back.remove(repo, name));
});

test("one that a session works in stays, and a session of a host that was killed keeps none", async (t) => {
  const { repo, back, make, live, state } = await apart(t);
  const { root } = await make();
  const told = { session: "s", name: "Codex", trees: [root] };
  await live.announce(join(repo, ".git"), told);
  assert.deepEqual(
    must(await back.find(repo, name)).sessions.map((each) => each.name),
    ["Codex"],
  );
  assert.equal(codeOf(await back.remove(repo, name)), "worktree.in-use");
  await live.end(join(repo, ".git"), "s");
  const other = spawnSync(process.execPath, [
    "--disable-warning=ExperimentalWarning",
    "--input-type=module",
    "-e",
    ANNOUNCE,
    repo,
    state,
  ]);
  assert.equal(other.status, 0, String(other.stderr));
  assert.deepEqual(must(await back.find(repo, name)).sessions, []);
  must(await back.remove(repo, name));
});

test("a folder that was deleted by hand: its commits are told, and what git keeps of it can go", async (t) => {
  const place = await apart(t);
  const { repo, back, make } = place;
  const { root, branch } = await make();
  put(root, { "b.txt": "b2\n" });
  personGit(root, "commit", "-q", "-a", "-m", "Theirs");
  rmSync(root, { recursive: true });
  const [gone] = must(await back.list(repo));
  assert.deepEqual([gone?.state, gone?.holdings?.commits], ["gone", 1]);
  assert.deepEqual(must(await back.remove(repo, name)), { branchLeft: branch });
  assert.doesNotMatch(personGit(repo, "worktree", "list"), /fix-it/);
  assert.equal(existsSync(recordOf(place, root)), false);
});

test("a host that was killed while making one leaves it to be cleared away, one that is alive does not", async (t) => {
  const place = await apart(t);
  const { repo, back, make } = place;
  const { root } = await make();
  const record = JSON.parse(await readFile(recordOf(place, root), "utf8")) as object;
  const making = async (pid: number, started: string | null): Promise<void> =>
    writeFile(recordOf(place, root), JSON.stringify({ ...record, making: { pid, started } }));
  // As far as the checkout had come; what was carried is the person's own, and theirs.
  rmSync(join(root, "sub"), { recursive: true });
  personGit(repo, "worktree", "lock", root, "--reason", "initializing");
  await making(process.pid, await startOf(process.pid));
  assert.equal(must(await back.list(repo))[0]?.state, "making");
  assert.equal(codeOf(await back.remove(repo, name)), "worktree.unknown-holdings");
  await making(2 ** 22 + 1, "1");
  const [unfinished] = must(await back.list(repo));
  assert.equal(unfinished?.state, "unfinished");
  assert.equal(unfinished === undefined ? false : canGo(unfinished), true);
  must(await back.remove(repo, name));
  assert.equal(existsSync(root), false);
  assert.equal((await make()).branch, "feature/agent/fix-it");
});

async function startOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => null);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}
