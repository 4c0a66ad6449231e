import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import destructive from "./corpus/destructive.json" with { type: "json" };
import harmless from "./corpus/harmless.json" with { type: "json" };
import later from "./corpus/later.json" with { type: "json" };
import obscure from "./corpus/obscure.json" with { type: "json" };
import { considerIn } from "./support/consider.ts";
import { lossesBetween } from "./support/losses.ts";
import { copyOf, discard, pristine, runLine } from "./support/sandbox.ts";
import { takeSnapshot } from "./support/snapshot.ts";

/** Lines by the state of the repository in which they run. */
type Corpus = Readonly<Record<string, readonly string[]>>;

/** Lines that lose something, and pass all the same: what they give up is what they are for. */
const ACCEPTED: ReadonlyMap<string, string> = new Map([
  ["git fetch --prune origin", "the remote deleted the branch"],
  ["git remote prune origin", "the remote deleted the branch"],
]);

/** Lines that lose nothing, and are asked about all the same. */
const FALSE_ALARMS: ReadonlySet<string> = new Set([
  // Code in an argument is not read yet.
  "python3 -c 'print(1)'",
  "node -e 'console.log(1)'",
  "node -p '1 + 1'",
  // What a command prints is not followed into a variable.
  'TMP=$(mktemp -d) && ls "$TMP" && rm -rf "$TMP"',
]);

/** Lines that run at the same time. */
const AT_ONCE = 3;

async function eachAtOnce<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const run = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
}

/** Runs every line of a state in a copy of its own, and lists those that did not go as `problemOf` expects. */
async function tryAll(
  state: string,
  lines: readonly string[],
  problemOf: (line: string, verdict: string, lost: readonly string[]) => string | null,
): Promise<readonly string[]> {
  const { sandbox, state: place } = pristine(state);
  const before = await takeSnapshot(sandbox, place.trees);
  const problems: string[] = [];
  await eachAtOnce(lines, async (line) => {
    const { verdict, rule } = await considerIn(sandbox, join(sandbox, place.cwd), line);
    const copy = copyOf(state);
    await runLine(line, copy.sandbox, copy.cwd);
    const lost = lossesBetween(before, await takeSnapshot(copy.sandbox, place.trees));
    discard(copy.sandbox);
    const problem = problemOf(line, verdict, lost);
    if (problem !== null)
      problems.push(`${problem}: ${line} (${verdict} ${rule}; lost ${lost.join(", ") || "nothing"})`);
  });
  return problems;
}

function losesAndAsks(line: string, verdict: string, lost: readonly string[]): string | null {
  if (lost.length === 0) return "was to lose something";
  if (ACCEPTED.has(line)) return verdict === "allow" ? null : "asks by now: take it off the list";
  return verdict === "allow" ? "passes" : null;
}

function keepsAndPasses(line: string, verdict: string, lost: readonly string[]): string | null {
  if (lost.length > 0) return "was to lose nothing";
  if (FALSE_ALARMS.has(line)) return verdict === "allow" ? "passes by now: take it off the list" : null;
  return verdict === "allow" ? null : "asks";
}

function tests(title: string, corpus: Corpus, problemOf: Parameters<typeof tryAll>[2]): void {
  describe(title, () => {
    for (const [state, lines] of Object.entries(corpus)) {
      test(`in the state "${state}" (${lines.length} lines, each of them run)`, async () => {
        assert.deepEqual(await tryAll(state, lines, problemOf), []);
      });
    }
  });
}

// These were written from what agents type, before the rules were read.
tests("what loses work asks", destructive, losesAndAsks);
tests("what loses nothing passes", harmless, keepsAndPasses);
tests("what loses work in a way that few would type asks", obscure, losesAndAsks);
// These were written while reading the rules: they say nothing of how well those do elsewhere.
tests("what loses work by a way that was once open asks", later.destructive, losesAndAsks);
tests("what loses nothing and was once asked about passes", later.harmless, keepsAndPasses);
