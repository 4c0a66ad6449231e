import { fuzz } from "../guard/support/fuzz.ts";
import { figures, PARTS, problemOf, tolerated } from "../restore/support/corpora.ts";
import { tryAll } from "../restore/support/tried.ts";

/** Every line of the corpora, run; and a million lines at random. */
const FUZZ_LINES = 1_000_000;

const tried = [];
const problems: string[] = [];
let failed = false;
for (const part of PARTS) {
  const lines = await tryAll(part.corpus, () => true);
  tried.push({ part, lines });
  const wrong = lines.flatMap((each) => problemOf(part.loses, each) ?? []);
  problems.push(...wrong);
  failed ||= wrong.length > tolerated(part, lines.length);
}
console.log(`Each line was run:\n\n${figures(tried).replace(/^/gm, "- ")}`);
const crashed = fuzz(FUZZ_LINES, 1_112_026);
console.log(
  `\n${FUZZ_LINES.toLocaleString("en")} lines at random: ${crashed ?? "no crash, none unclear and allowed"}.`,
);
for (const problem of problems) console.log(`- ${JSON.stringify(problem)}`);
process.exit(failed || crashed !== null ? 1 : 0);
