import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Alarm } from "../../../extension/restore/alarm/alarm.ts";
import type { Planned } from "../../../extension/restore/points/planner.ts";
import { testGit } from "../../git/support.ts";
import { bench, must, put, sh, taken } from "./support.ts";

const git = testGit(process.env);
const LINES = ["one", "two", "three", "four", "five", "six", "seven"];
const text = (change: Readonly<Record<string, string>>): string =>
  LINES.map((line) => `${change[line] ?? line}\n`).join("");

function told({ changes, kept }: Pick<Planned, "changes" | "kept">): readonly string[] {
  const made = changes.map(
    ({ path, merged, to }) => `${merged ? "merge" : to.kind === "gone" ? "remove" : "write"} ${path}`,
  );
  return [...made, ...kept.map(({ path, why }) => `${why} ${path}`)];
}

test("what the person changed since is merged in", async (t) => {
  const { repo, points } = await bench(t, git);
  put(repo, { "a.txt": text({ two: "mine" }) });
  const point = await taken(points, repo);
  sh(repo, "git reset -q --hard");
  await taken(points, repo);
  put(repo, { "a.txt": text({ six: "since" }), "new.txt": "since\n" });
  assert.deepEqual(told(must(await points.plan(repo, point.id))).slice(0, 1), ["merge a.txt"]);
  must(await points.apply(repo, point.id));
  assert.equal(readFileSync(join(repo, "a.txt"), "utf8"), text({ two: "mine", six: "since" }));
  assert.equal(readFileSync(join(repo, "new.txt"), "utf8"), "since\n");
});

test("a conflict is shown first, and what the person has stays unless the point is asked for", async (t) => {
  const { repo, points } = await bench(t, git);
  put(repo, { "a.txt": text({ two: "mine" }), "b.txt": "mine\n" });
  const point = await taken(points, repo);
  sh(repo, "git reset -q --hard");
  await taken(points, repo);
  put(repo, { "a.txt": text({ two: "since" }) });
  const options = { paths: ["a.txt", "b.txt"] };
  assert.deepEqual(told(must(await points.plan(repo, point.id, options))), ["write b.txt", "conflict a.txt"]);
  must(await points.apply(repo, point.id, options));
  assert.equal(readFileSync(join(repo, "a.txt"), "utf8"), text({ two: "since" }));
  assert.equal(readFileSync(join(repo, "b.txt"), "utf8"), "mine\n");
  // That restore has taken a point, since which nothing changed.
  must(await points.apply(repo, point.id, { ...options, onConflict: "point" }));
  assert.equal(readFileSync(join(repo, "a.txt"), "utf8"), text({ two: "mine" }));
});

test("chosen files and folders alone come back, and git's own state stays", async (t) => {
  const { repo, points } = await bench(t, git);
  put(repo, { "a.txt": "mine\n", "sub/c.txt": "mine\n", "sub/d/e.txt": "mine\n" });
  sh(repo, "git add a.txt");
  const point = await taken(points, repo);
  sh(repo, "git reset -q --hard; git clean -qfd");
  const restored = must(await points.apply(repo, point.id, { paths: ["sub"] }));
  assert.deepEqual(told(restored), ["write sub/c.txt", "write sub/d/e.txt"]);
  assert.equal(sh(repo, "git status --porcelain"), " M sub/c.txt\n?? sub/d/\n");
});

test("after the loss the person went on: a commit and another branch of theirs stay", async (t) => {
  const { repo, points } = await bench(t, git);
  sh(
    repo,
    "git branch spare; git branch other; git checkout -q spare; echo s > s; git add s; git commit -qm spare; git checkout -q main",
  );
  put(repo, { "b.txt": "mine\n" });
  const point = await taken(points, repo);
  sh(repo, "git reset -q --hard; git branch -qD spare");
  const loss = await taken(points, repo);
  sh(repo, "echo since >> a.txt; git commit -qam since; git branch -f other main");
  const [main, other] = [sh(repo, "git rev-parse main"), sh(repo, "git rev-parse other")];
  must(await points.apply(repo, point.id, { lossPoint: loss.id }));
  assert.equal(sh(repo, "git rev-parse main"), main);
  assert.equal(sh(repo, "git rev-parse other"), other);
  assert.equal(sh(repo, "git status --porcelain"), " M b.txt\n");
  assert.match(sh(repo, "git log -1 --format=%s spare"), /spare/);
  assert.match(readFileSync(join(repo, "a.txt"), "utf8"), /since/);
});

test("git may have looked at the files between a restore and its undo", async (t) => {
  const { repo, points } = await bench(t, git);
  sh(repo, "echo staged > s.txt; git add s.txt; echo mine >> a.txt");
  const point = await taken(points, repo);
  sh(repo, "git reset -q --hard");
  const { journal } = must(await points.apply(repo, point.id));
  sh(repo, "sleep 0.1; touch a.txt b.txt; git status; git update-index -q --refresh || true");
  assert.deepEqual(must(await points.undo(repo, journal)).kept, []);
  assert.equal(sh(repo, "git status --porcelain"), "");
});

test("a restore is taken back, but for what was changed after it", async (t) => {
  const { repo, points } = await bench(t, git);
  put(repo, { "a.txt": "mine\n", "b.txt": "mine\n" });
  const point = await taken(points, repo);
  sh(repo, "git reset -q --hard");
  const { journal } = must(await points.apply(repo, point.id));
  put(repo, { "b.txt": "after\n" });
  const undone = must(await points.undo(repo, journal));
  assert.equal(sh(repo, "git status --porcelain; cat b.txt"), " M b.txt\nafter\n");
  assert.deepEqual(
    undone.kept.map(({ path, why }) => `${why} ${path}`),
    ["meanwhile b.txt"],
  );
});

test("a stash entry that was dropped comes back once, and so do those that were made after it", async (t) => {
  const { repo, points } = await bench(t, git);
  sh(repo, "for n in 1 2 3; do echo $n >> a.txt; git stash -q -m s$n; done");
  const before = sh(repo, "git stash list -p");
  const point = await taken(points, repo);
  sh(repo, "git stash drop -q stash@{1}");
  must(await points.apply(repo, point.id));
  assert.equal(sh(repo, "git stash list -p"), before);
});

test("what the person changed after an agent's turn is merged in, and what was discarded then comes back", async (t) => {
  const { repo, points } = await bench(t, git);
  put(repo, { "a.txt": text({ two: "mine" }) });
  const point = await taken(points, repo);
  put(repo, { "a.txt": text({ two: "the agent's" }) });
  const alarm = new Alarm(git, points, repo, () => {});
  t.after(() => alarm.close());
  // Something looked while the turn went on, too.
  await alarm.check();
  await alarm.check({ session: "s", turn: 1 });
  put(repo, { "a.txt": text({ two: "the agent's", six: "since" }) });
  await alarm.check();
  must(await points.apply(repo, point.id, { paths: ["a.txt"] }));
  assert.equal(readFileSync(join(repo, "a.txt"), "utf8"), text({ two: "mine", six: "since" }));
  put(repo, { "a.txt": text({ two: "the agent's" }) });
  await alarm.check({ session: "s", turn: 1 });
  sh(repo, "git checkout -q a.txt");
  must(await points.apply(repo, point.id, { paths: ["a.txt"] }));
  assert.equal(readFileSync(join(repo, "a.txt"), "utf8"), text({ two: "mine" }));
});
