import { join } from "node:path";
import { considerIn } from "./consider.ts";
import { lossesBetween } from "./losses.ts";
import { copyOf, discard, pristine, runLine } from "./sandbox.ts";
import { takeSnapshot } from "./snapshot.ts";

/** Lines by the state of the repository in which they run. */
export type Corpus = Readonly<Record<string, readonly string[]>>;

/** What was said of a line, and what came of it. */
export interface Tried {
  readonly state: string;
  readonly line: string;
  readonly verdict: string;
  readonly rule: string;
  /** What was gone after it ran; null where it was not run. */
  readonly lost: readonly string[] | null;
}

/** Lines that run at the same time. */
const AT_ONCE = 3;

async function eachAtOnce<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const run = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
}

/** Judges each line of a corpus where it would run, and runs those that `runs` picks in a copy of their own. */
export async function tryAll(corpus: Corpus, runs: (index: number) => boolean): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  for (const [state, lines] of Object.entries(corpus)) {
    const { sandbox, state: place } = pristine(state);
    const before = await takeSnapshot(sandbox, place.trees);
    await eachAtOnce([...lines.entries()], async ([index, line]) => {
      const { verdict, rule } = await considerIn(sandbox, join(sandbox, place.cwd), line);
      const said = { state, line, verdict, rule };
      if (!runs(index)) {
        tried.push({ ...said, lost: null });
        return;
      }
      const copy = copyOf(state);
      await runLine(line, copy.sandbox, copy.cwd);
      const lost = lossesBetween(before, await takeSnapshot(copy.sandbox, place.trees));
      discard(copy.sandbox);
      tried.push({ ...said, lost });
    });
  }
  return tried;
}
