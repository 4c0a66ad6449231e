import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Git } from "../../../extension/git/run.ts";
import { RestorePoints } from "../../../extension/restore/points/restorePoints.ts";
import type { Owner } from "../../harness/temp.ts";
import { bench, gitOf, must, put, sh, taken, treeOf } from "./support.ts";

const CHILD = new URL("kill.ts", import.meta.url).pathname;
/** An apply takes about as long after its start. */
const LATEST_MS = 300;

/** Kills it so many times while it takes points: all that are there are whole. The number of points. */
export async function killWhileTaking(t: Owner, git: Git, rounds: number): Promise<number> {
  const { repo, state } = await bench(t, git);
  messUp(repo);
  const before = { tree: treeOf(repo), git: gitOf(repo) };
  for (let round = 0; round < rounds; round++) {
    put(repo, { "round.bin": Buffer.alloc(50_000, round) });
    await killed(["take", repo, state]);
  }
  sh(repo, "rm round.bin; git fsck --no-dangling");
  assert.deepEqual({ tree: treeOf(repo), git: gitOf(repo) }, before);
  const points = new RestorePoints(git, state);
  const all = await points.list(repo);
  assert.ok(all.length > 0);
  for (const { id } of all) {
    const { state: held } = must(await points.show(repo, id));
    for (const { blob } of [...held.entries, ...(held.git?.own ?? [])])
      if (blob !== null) assert.notEqual(await points.content(repo, blob), null);
  }
  return all.length;
}

export interface Kills {
  readonly unfinished: number;
  readonly done: number;
  readonly untouched: number;
}

/** Kills it so many times while it applies a point: each is finished or undone, and nothing is lost. */
export async function killWhileApplying(t: Owner, git: Git, rounds: number): Promise<Kills> {
  const { repo, state } = await bench(t, git);
  messUp(repo);
  const points = new RestorePoints(git, state);
  const view = (): unknown => {
    const { reflog: _, ...rest } = gitOf(repo);
    return { tree: treeOf(repo), git: rest };
  };
  const wanted = view();
  const { id } = await taken(points, repo);
  const counts = { unfinished: 0, done: 0, untouched: 0 };
  for (let round = 0; round < rounds; round++) {
    sh(repo, "git stash clear; git reset -q --hard; git clean -qfd; echo since > since.txt");
    const lost = view();
    const journals = (): number => globSync(join(state, "restore", "*", "journals", "*.json")).length;
    const before = journals();
    const done = await killed(["apply", repo, state, id], () => round % 3 === 0 || journals() > before);
    const here = new RestorePoints(git, state);
    const [journal] = await here.unfinished(repo);
    if (journal === undefined) {
      counts[done ? "done" : "untouched"] += 1;
      // The last moment of a restore lies between its end and the word of it.
      const now = JSON.stringify(view(), replacer);
      assert.ok([wanted, lost].some((each) => JSON.stringify(each, replacer) === now));
      continue;
    }
    counts.unfinished += 1;
    if (round % 2 === 0) {
      must(await here.finish(repo, journal.id));
      assert.deepEqual(view(), wanted, `round ${round}, finished`);
    } else {
      must(await here.undo(repo, journal.id));
      assert.deepEqual(view(), lost, `round ${round}, undone`);
    }
    assert.equal(sh(repo, "find . -name '*.lock' -o -name '.interlock-*'"), "");
    sh(repo, "git fsck --no-dangling");
  }
  return counts;
}

/** Runs the child, and kills it some time after it began, or after a file was there. True where it was done before. */
async function killed(args: readonly string[], begun: () => boolean = () => true): Promise<boolean> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", CHILD, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  while (!output.includes("ready") && child.exitCode === null) await sleep(1);
  while (!begun() && child.exitCode === null) await sleep(1);
  await Promise.race([ended, sleep(Math.random() * LATEST_MS)]);
  child.kill("SIGKILL");
  await ended;
  return output.includes("done");
}

function messUp(repo: string): void {
  for (let count = 0; count < 30; count++) put(repo, { [`many/${count}.txt`]: `mine ${count}\n`.repeat(50) });
  sh(
    repo,
    "echo staged >> a.txt; git add a.txt; echo mine >> a.txt; echo s >> b.txt; git stash -q -- b.txt; rm sub/c.txt",
  );
}

function replacer(_: string, value: unknown): unknown {
  return value instanceof Map ? [...value].sort(([a], [b]) => (a < b ? -1 : 1)) : value;
}
