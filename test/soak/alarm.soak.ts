import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Alarm, type Lost } from "../../extension/restore/alarm/alarm.ts";
import { eventually } from "../harness/processes.ts";
import { bench, gitOf, must, put, sh, treeOf } from "../restore/points/support.ts";
import { campaign } from "./support.ts";

const ROUNDS = 30;
const FILES = 5_000;
const EVERY_MS = 10_000;
const SAVED_BEFORE_MS = 5_000;
const WITHIN_MS = 2_000;
/** A late one is told with its figure, and what came back is compared all the same. */
const PATIENCE_MS = 30_000;
const RESET = ["reset", "-q", "--hard"];

/** What a person has when it happens, as a script; `$N` is the round. Then the git commands of the other process. */
const KINDS: Readonly<
  Record<string, { readonly script: string; readonly losing?: readonly (readonly string[])[] }>
> = {
  "an edit": { script: 'echo "my own words of round $N" >> a.txt' },
  "edits in many files": {
    script: 'for n in $(seq 20); do echo "words $N of file $n" >> f$n/file$n.ts; done',
  },
  "a new file, staged": { script: 'echo "new words $N" > new$N.txt; git add new$N.txt' },
  "an untracked file": {
    script: 'mkdir -p notes; echo "notes of round $N" > notes/$N.md',
    losing: [RESET, ["clean", "-fdq"]],
  },
  "an edit staged, and gone on with": {
    script: 'echo "first words $N" >> a.txt; git add a.txt; echo "second words $N" >> a.txt',
  },
  "staged only": {
    script: 'echo "chosen carefully $N" > b.txt; git add b.txt; git show HEAD:b.txt > b.txt',
  },
  "bytes that are no text": {
    script: "head -c 70000 /dev/urandom > data.bin; git add -N data.bin",
    losing: [RESET, ["clean", "-fdq"]],
  },
  "a deletion, a mode, a link, and an edit": {
    script: 'rm -f sub/c.txt; chmod +x b.txt; ln -sf a.txt link; git add link; echo "words $N" >> a.txt',
  },
  "line ends and odd names": {
    script: String.raw`printf "round $N\r\nof mine\n" >> a.txt; printf "words $N" > $'odd\nname'; git add -A`,
  },
  "a merge under way": {
    script:
      'git checkout -q -b other$N; echo "theirs $N" > a.txt; git commit -qam o; git checkout -q main; echo "ours $N" > a.txt; git commit -qam m; git merge other$N || true; echo "resolved by hand $N" > a.txt',
  },
};

await campaign(async ({ owner, git }) => {
  const { repo, points } = await bench(owner, git);
  const many = Array.from({ length: FILES }, (_, index) => [
    `f${index % 100}/file${index}.ts`,
    `export const value${index} = ${index};\n`.repeat(20),
  ]);
  put(repo, Object.fromEntries(many) as Record<string, string>);
  sh(repo, "git add .; git commit -qm many");
  const absolute = execFileSync("which", ["git"], { encoding: "utf8" }).trim();
  const raised: Lost[] = [];
  const alarm = new Alarm(git, points, repo, (each) => raised.push(each));
  owner.after(() => alarm.close());
  await points.prepare(repo);
  await alarm.start();
  const view = (): unknown => {
    const { index, head, stash, progress } = gitOf(repo);
    return { tree: treeOf(repo), index, head, stash, progress };
  };
  const kinds = Object.entries(KINDS);
  const waits: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = Date.now();
    const [kind, { script, losing = [RESET] }] = kinds[round % kinds.length] ?? ["", { script: "" }];
    sh(repo, `N=${round}; ${script}`);
    alarm.changed([join(repo, "a.txt")]);
    const mine = view();
    raised.length = 0;
    await sleep(SAVED_BEFORE_MS);
    assert.equal(raised.length, 0, `${kind}: an alarm of what the person does`);
    for (const args of losing) await promisify(execFile)(absolute, [...args], { cwd: repo });
    const since = performance.now();
    await eventually(`the alarm of ${kind}`, () => raised.length > 0, PATIENCE_MS);
    waits.push(performance.now() - since);
    const [first] = raised;
    assert.ok(first);
    must(await points.apply(repo, first.point.id, { lossPoint: first.lossPoint.id }));
    assert.deepEqual(view(), mine, `${kind}: it came back otherwise`);
    sh(repo, "git merge --abort || true; git add -A; git commit -qm done || true");
    await alarm.explain();
    await sleep(Math.max(0, began + EVERY_MS - Date.now()));
  }
  const sorted = waits.toSorted((a, b) => a - b).map((ms) => Math.round(ms));
  console.log(
    `With no turn running, another process ran \`${absolute} reset --hard\` every ${EVERY_MS / 1_000} s, ${ROUNDS} times, in a repository of ${FILES.toLocaleString("en")} files; ${kinds.map(([kind]) => kind).join(", ")}.`,
  );
  console.log(
    `Each time the alarm came (median ${sorted[Math.floor(sorted.length / 2)]} ms, at most ${sorted.at(-1)} ms), and what was saved 5 s before came back byte for byte, with its index and modes.`,
  );
  assert.ok(Math.max(...waits) <= WITHIN_MS, "an alarm came later than two seconds");
});
