import { stripVTControlCharacters } from "node:util";

/** What a test run says of itself in its last lines. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
}

interface Reporter {
  readonly runner: string;
  readonly read: (output: string) => TestSummary | null;
}

/** A summary lies at the end: this many characters of an output are looked at. */
const TAIL = 64 * 1024;

/** How each runner sums up. From real runs of the versions of 2026. */
const REPORTERS: readonly Reporter[] = [
  {
    runner: "pytest",
    // `== 1 failed, 2 passed, 1 warning in 0.03s ==`, and the same without the signs after -q.
    read: (output) => {
      const line = /^=* ?((?:\d+ [a-z ]+(?:, )?)+) in [\d.]+s\b/m;
      const words = last(output, line)?.[1];
      return words === undefined ? null : counts(words, /(\d+) passed/, /(\d+) (?:failed|errors?)\b/g);
    },
  },
  {
    runner: "unittest",
    read: (output) => {
      const ran = last(output, /^Ran (\d+) tests? in /m)?.[1];
      const end = last(output, /^(OK|FAILED)\b(.*)$/m);
      if (ran === undefined || end === null) return null;
      const failed = sum(end[2] ?? "", /(?:failures|errors|unexpected successes)=(\d+)/g);
      const skipped = sum(end[2] ?? "", /skipped=(\d+)/g);
      return { passed: Number(ran) - failed - skipped, failed };
    },
  },
  {
    runner: "bun",
    // ` 12 pass` and ` 1 fail`, then `Ran 13 tests across 2 files.`
    read: (output) =>
      last(output, /^Ran \d+ tests? across/m) === null
        ? null
        : counts(output, /^ *(\d+) pass$/m, /^ *(\d+) fail$/gm),
  },
  {
    runner: "vitest",
    // `      Tests  1 failed | 3 passed (4)`
    read: (output) => {
      const words = last(output, /^ *Tests {2,}(.*\(\d+\))/m)?.[1];
      return words === undefined ? null : counts(words, /(\d+) passed/, /(\d+) failed/g);
    },
  },
  {
    runner: "jest",
    // `Tests:       1 failed, 3 passed, 4 total`
    read: (output) => {
      const words = last(output, /^Tests: +(.*\d+ total)/m)?.[1];
      return words === undefined ? null : counts(words, /(\d+) passed/, /(\d+) failed/g);
    },
  },
  {
    runner: "node",
    // `ℹ pass 3` of the spec reporter, `# pass 3` of TAP.
    read: (output) =>
      last(output, /^[ℹ#] pass (\d+)$/m) === null
        ? null
        : counts(output, /^[ℹ#] pass (\d+)$/m, /^[ℹ#] fail (\d+)$/gm),
  },
  {
    runner: "mocha",
    read: (output) =>
      last(output, /^ *(\d+) passing\b/m) === null
        ? null
        : counts(output, /^ *(\d+) passing\b/m, /^ *(\d+) failing\b/gm),
  },
  {
    runner: "cargo",
    // One line for each test binary: `test result: FAILED. 3 passed; 1 failed; 0 ignored; …`
    read: (output) =>
      last(output, /^test result: /m) === null
        ? null
        : {
            passed: sum(output, /^test result: \w+\. (\d+) passed/gm),
            failed: sum(output, /^test result: \w+\. \d+ passed; (\d+) failed/gm),
          },
  },
];

/** The summary of the first runner that is recognised; null when the output holds none. */
export function readSummary(output: string): (TestSummary & { readonly runner: string }) | null {
  const plain = stripVTControlCharacters(output.slice(-TAIL));
  for (const { runner, read } of REPORTERS) {
    const summary = read(plain);
    if (summary !== null) return { ...summary, runner };
  }
  return null;
}

function last(text: string, pattern: RegExp): RegExpMatchArray | null {
  return [...text.matchAll(new RegExp(pattern.source, "gm"))].at(-1) ?? null;
}

function counts(text: string, passed: RegExp, failed: RegExp): TestSummary {
  return { passed: Number(last(text, passed)?.[1] ?? 0), failed: sum(text, failed) };
}

function sum(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
}
