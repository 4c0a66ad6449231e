import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { openChanged } from "../sessions/support/changed.ts";
import { processes } from "../sessions/support/session.ts";

/** What a program that stands first on an agent's PATH takes, over the program itself: without asking, and with it. */
const ROUNDS = 300;
const WARM_UP_ROUNDS = 30;
const GOAL_MS = 3;

/** Runs of each way in turn, by a shell that starts them as an agent's does. A variable of ours is never learned: it asks. */
const MEASURED = `
real=$(PATH=\${PATH#*:} command -v git)
git --version >/dev/null; sleep 1
now() { before=$EPOCHREALTIME; "$@" >/dev/null; after=$EPOCHREALTIME; echo $((\${after/./} - \${before/./})); }
for i in $(seq ${ROUNDS + WARM_UP_ROUNDS}); do
  now "$real" --version >> ../direct
  now git --version >> ../fast
  INTERLOCK_BENCH=$i now git --version >> ../slow
done
`;

async function measured(): Promise<Readonly<Record<"direct" | "fast" | "slow", readonly number[]>>> {
  const cleanUps: (() => unknown)[] = [];
  try {
    const opened = await openChanged(
      { after: (cleanUp) => void cleanUps.push(cleanUp) },
      [{ shell: { line: MEASURED, wait: true, program: "/bin/bash" } }],
      { shims: ["git"] },
    );
    const read = async (name: string): Promise<readonly number[]> =>
      (await readFile(join(opened.project, "..", name), "utf8"))
        .trim()
        .split("\n")
        .slice(WARM_UP_ROUNDS)
        .map((line) => Number(line) / 1_000)
        .toSorted((one, other) => one - other);
    return { direct: await read("direct"), fast: await read("fast"), slow: await read("slow") };
  } finally {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
    await processes.dispose();
  }
}

const times = await measured();
const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
const direct = { median: at(times.direct, 0.5), p95: at(times.direct, 0.95) };
console.log(`${"ms".padEnd(34)}${"median".padStart(10)}${"p95".padStart(10)}${"over direct".padStart(14)}`);
for (const [name, sorted] of Object.entries(times)) {
  const [median, p95] = [at(sorted, 0.5), at(sorted, 0.95)];
  const over = (median - direct.median).toFixed(1);
  console.log(
    `${name.padEnd(34)}${median.toFixed(1).padStart(10)}${p95.toFixed(1).padStart(10)}${over.padStart(14)}`,
  );
}
const over = at(times.fast, 0.5) - direct.median;
console.log(
  `goal: the fast path within ${GOAL_MS} ms of the program itself: ${over < GOAL_MS ? "met" : "missed"}`,
);
process.exit(over < GOAL_MS ? 0 : 1);
