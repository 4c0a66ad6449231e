import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { DIST } from "../../scripts/lib/paths.ts";
import { Git } from "../../extension/git/run.ts";
import { Processes } from "../../extension/process/processes.ts";
import { RestorePoints } from "../../extension/restore/points/restorePoints.ts";

/** Runs of each: the median is printed. */
const RUNS = 15;
/** More of what is held against each other. */
const TURNS = 45;
const POINTS = 500;
const CHANGED = 50;
const PLAIN_STATUS = { args: ["status", "--porcelain"], timeoutMs: 60_000 };

const base = mkdtempSync(join(tmpdir(), "interlock-bench-"));
const processes = new Processes(process.env, {
  command: process.execPath,
  args: [join(DIST, "supervisor.js")],
  env: {},
});
const git = new Git(processes);

function plainGit(repo: string, ...args: readonly string[]): void {
  const who = ["-c", "user.name=Person", "-c", "user.email=person@example.com"];
  execFileSync("git", [...who, ...args], { cwd: repo, stdio: "ignore" });
}

/** A repository with so many files, 50 of them changed, and 50 untracked. */
function makeRepository(files: number): string {
  const repo = join(base, `repo-${files}`);
  mkdirSync(repo);
  plainGit(repo, "init", "-q");
  for (let index = 0; index < files; index++) {
    const folder = join(repo, `f${index % 100}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `file${index}.ts`), `export const value${index} = ${index};\n`.repeat(60));
  }
  plainGit(repo, "add", "-A");
  plainGit(repo, "commit", "-q", "-m", "First");
  for (let index = 0; index < CHANGED; index++) {
    appendFileSync(join(repo, `f${index}`, `file${index}.ts`), "// changed\n");
    writeFileSync(join(repo, `f${index}`, `new${index}.ts`), `new ${index}\n`.repeat(200));
  }
  plainGit(repo, "status");
  return repo;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function medianOf(work: () => Promise<unknown>): Promise<number> {
  const all: number[] = [];
  for (let run = 0; run < RUNS; run++) all.push(await timed(work));
  return median(all);
}

/** As a person or an editor runs it: nothing of ours around it. */
function status(repo: string): void {
  execFileSync("git", ["status", "--porcelain"], { cwd: repo, stdio: ["ignore", "pipe", "ignore"] });
}

function statusTime(repo: string): Promise<number> {
  return medianOf(async () => status(repo));
}

function bytesOf(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const info = statSync(join(entry.parentPath, entry.name));
    // What is linked is the repository's own.
    if (info.nlink === 1) bytes += info.size;
  }
  return bytes;
}

const ms = (value: number): string => value.toFixed(1).padStart(8);
const times = (value: number, one: number): string => `${(value / one).toFixed(2)}x`.padStart(7);

async function measure(files: number, grow: boolean): Promise<void> {
  const repo = makeRepository(files);
  console.log(`\n${files} files, ${CHANGED} changed, ${CHANGED} untracked       ms   of a status`);
  const prepare: number[] = [];
  const first: number[] = [];
  for (let run = 0; run < 5; run++) {
    const state = join(base, `state-${files}-${run}`);
    const points = new RestorePoints(git, state);
    prepare.push(await timed(() => points.prepare(repo)));
    first.push(await timed(async () => (await points.take({ root: repo, reason: "turn" })).settled));
    rmSync(state, { recursive: true });
  }
  const state = join(base, `state-${files}`);
  const points = new RestorePoints(git, state);
  await points.prepare(repo);
  await (
    await points.take({ root: repo, reason: "turn" })
  ).settled;
  const [plain, hardened]: [number[], number[]] = [[], []];
  const prompt: number[] = [];
  const total: number[] = [];
  const take = async (index: number): Promise<void> => {
    appendFileSync(join(repo, "f1", "file1.ts"), `// ${index}\n`);
    const started = performance.now();
    const { settled } = await points.take({ root: repo, reason: "turn" });
    prompt.push(performance.now() - started);
    const result = await settled;
    total.push(performance.now() - started);
    if (!result.ok) throw new Error(result.error.message);
  };
  // In turns: what else the machine does weighs on all of them alike.
  for (let run = 0; run < TURNS; run++) {
    plain.push(await timed(async () => status(repo)));
    hardened.push(await timed(() => git.run({ ...PLAIN_STATUS, folder: repo })));
    await take(run);
  }
  const one = median(plain);
  const row = (name: string, values: readonly number[]): void =>
    console.log(`${name.padEnd(39)}${ms(median(values))}${times(median(values), one)}`);
  row("git status --porcelain", plain);
  row("the same, by Interlock's runner", hardened);
  row("a session opens, behind the prompt", prepare);
  row("its first point, in total (≤ 3x)", first);
  row("a point, on the prompt's path (≤ 1x)", prompt);
  row("a point, in total (≤ 3x)", total);
  if (!grow) return;
  const before = bytesOf(state);
  for (let index = 0; index < POINTS; index++) await take(index);
  const bytes = bytesOf(state) - before;
  const after = await statusTime(repo);
  rmSync(state, { recursive: true });
  const without = await statusTime(repo);
  console.log(`git status beside ${POINTS} points           ${ms(after)}${times(after, without)}`);
  console.log(`${POINTS} points, each with one more change: ${(bytes / 1024 / 1024).toFixed(1)} MB`);
}

try {
  await measure(5_000, true);
  await measure(50_000, false);
} finally {
  await processes.dispose();
  rmSync(base, { recursive: true, force: true });
}
