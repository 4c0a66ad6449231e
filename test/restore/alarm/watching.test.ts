import assert from "node:assert/strict";
import fs, { appendFileSync, type FSWatcher, type WatchListener, type WatchOptions } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Alarm, type Lost } from "../../../extension/restore/alarm/alarm.ts";
import { eventually } from "../../harness/processes.ts";
import { testGit } from "../../git/support.ts";
import { bench, sh } from "../points/support.ts";

const git = testGit(process.env);
const EMBEDDED = "git init -q inner; cd inner; echo i > i.txt; git add .; git commit -qm inner";

/** The watchers that are open, by their folders. */
function watchers(t: TestContext): ReadonlyMap<string, FSWatcher> {
  const open = new Map<string, FSWatcher>();
  const watch = fs.watch;
  t.mock.method(
    fs,
    "watch",
    (path: string, options: WatchOptions, listener: WatchListener<string | Buffer>) => {
      const watcher = watch(path, options, listener);
      // Node watches all below a folder by watchers of its own.
      if (options.recursive === undefined) return watcher;
      open.set(path, watcher);
      watcher.once("close", () => open.delete(path));
      return watcher;
    },
  );
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  return open;
}

test("an alarm that is closed while it looks for nested repositories watches nothing", async (t) => {
  const open = watchers(t);
  const { repo, points } = await bench(t, git);
  sh(repo, EMBEDDED);
  const alarm = new Alarm(git, points, repo, () => {});
  const { store } = points.keeper(repo);
  const read = store.readState.bind(store);
  store.readState = async (hash) => {
    if (open.size > 0) await alarm.close();
    return read(hash);
  };
  await alarm.start();
  await sleep(10);
  assert.deepEqual([...open.keys()], []);
});

test("a folder whose watching failed is watched again from the next look on", async (t) => {
  const open = watchers(t);
  const { repo, points } = await bench(t, git);
  sh(repo, EMBEDDED);
  const lost: Lost[] = [];
  const alarm = new Alarm(git, points, repo, (each) => lost.push(each));
  t.after(() => alarm.close());
  await alarm.start();
  const folders = [...open.keys()].sort();
  assert.ok(folders.includes(join(repo, ".git")) && folders.includes(join(repo, "inner", ".git")));
  for (const watcher of open.values()) watcher.emit("error", new Error("too much at once"));
  await eventually("the ends", () => open.size === 0, 2_000);
  appendFileSync(join(repo, "a.txt"), "mine\n");
  await alarm.check();
  assert.deepEqual([...open.keys()].sort(), folders);
  sh(repo, "git checkout -q a.txt");
  await eventually("the alarm", () => lost.length > 0, 4_000);
});
