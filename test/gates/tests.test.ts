import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { TestResults } from "../../extension/gates/tests.ts";
import { readSummary } from "../../extension/gates/testSummary.ts";

// The last lines of real runs.
const SUMMARIES: readonly (readonly [string, string, string, number, number])[] = [
  [
    "pytest",
    "pytest",
    "========== 2 failed, 2 passed, 1 skipped, 1 warning, 1 error in 0.03s ==========",
    2,
    3,
  ],
  ["pytest -q", "pytest", "2 failed, 17 passed in 0.02s", 17, 2],
  ["pytest, slow", "pytest", "================= 40 passed in 75.30s (0:01:15) =================", 40, 0],
  ["unittest", "unittest", "Ran 5 tests in 0.000s\n\nFAILED (failures=1, errors=1, skipped=1)", 2, 2],
  ["unittest, all well", "unittest", "Ran 5 tests in 0.000s\n\nOK", 5, 0],
  [
    "bun",
    "bun",
    " 12 pass\n 1 skip\n 2 fail\n 14 expect() calls\nRan 15 tests across 2 files. [78.00ms]",
    12,
    2,
  ],
  [
    "jest",
    "jest",
    "Test Suites: 2 failed, 2 total\nTests:       1 failed, 1 skipped, 3 passed, 5 total\nSnapshots:   0 total",
    3,
    1,
  ],
  [
    "vitest",
    "vitest",
    " Test Files  1 failed (1)\n      Tests  1 failed | 3 passed | 1 skipped (5)\n   Start at  01:53:09",
    3,
    1,
  ],
  [
    "vitest in colours",
    "vitest",
    "\u001B[2m      Tests \u001B[22m \u001B[1m\u001B[31m1 failed\u001B[39m\u001B[22m\u001B[2m | \u001B[22m\u001B[1m\u001B[32m1 passed\u001B[39m\u001B[22m\u001B[90m (2)\u001B[39m",
    1,
    1,
  ],
  [
    "vitest with a link",
    "vitest",
    "\u001B]8;;file:///p/a.test.ts\u0007      Tests  1 failed | 1 passed (2)\u001B]8;;\u0007",
    1,
    1,
  ],
  ["node", "node", "ℹ tests 3\nℹ suites 0\nℹ pass 2\nℹ fail 1\nℹ cancelled 0", 2, 1],
  ["node, TAP", "node", "1..2\n# tests 2\n# pass 1\n# fail 1\n# cancelled 0", 1, 1],
  ["mocha", "mocha", "  ✔ a\n  1) b\n\n  1 passing (2ms)\n  1 failing\n", 1, 1],
  [
    "cargo",
    "cargo",
    "test result: ok. 3 passed; 0 failed; 0 ignored;\n\ntest result: FAILED. 1 passed; 2 failed; 0 ignored;",
    4,
    2,
  ],
];

describe("a runner's summary", () => {
  for (const [what, runner, output, passed, failed] of SUMMARIES) {
    test(`of ${what} is read: ${passed} passed, ${failed} failed`, () => {
      const before = "tests/test_x.py::test_passed PASSED\nsome 3 passed words\n";
      assert.deepEqual(readSummary(`${before}${output}\n`), { runner, passed, failed });
    });
  }

  test("is not made up", () => {
    for (const output of ["", "all good", "error: could not compile", "passed", "5 passed"]) {
      assert.equal(readSummary(output), null, output);
    }
  });
});

describe("the tests gate", () => {
  const observe = (line: string, exit: number | null, output: string) => {
    const results = new TestResults();
    results.observe({ line, cwd: "/x", exit, output, ms: 5 });
    const { state, passed, findings, detail } = results.report();
    return { state, passed, failed: findings, detail };
  };

  test("is unknown before anything ran, and says so", () => {
    const report = new TestResults().report();
    assert.equal(report.state, "unknown");
    assert.ok(report.detail);
  });

  const CASES: readonly (readonly [string, string, number | null, string, string])[] = [
    ["passes with a summary and status 0", "pytest", 0, "3 passed in 0.1s", "passed"],
    ["fails with failures", "uv run --locked pytest", 1, "1 failed, 3 passed in 0.1s", "failed"],
    [
      "fails when all passed and the run did not, as by too little coverage",
      "pytest",
      1,
      "3 passed in 0.1s",
      "failed",
    ],
    ["takes the summary where a pipe hides the status", "pytest | tail -3", 0, "1 failed in 0.1s", "failed"],
    [
      "fails by status alone for a runner it can't read",
      "make test",
      2,
      "make: *** [test] Error 1",
      "failed",
    ],
    ["passes by status alone for a runner it can't read", "go test ./...", 0, "ok  \tx\t0.1s", "passed"],
    [
      "is unavailable when the tests did not come to run",
      "pytest",
      1,
      "error: The lockfile needs to be updated",
      "unavailable",
    ],
    ["is unknown when there were none", "pytest -k nothing", 5, "6 deselected in 0.01s", "unknown"],
    ["is unknown when there were none, in words", "pytest", 5, "no tests ran in 0.00s", "unknown"],
    ["learns nothing from a pipe without a summary", "pytest | head -1", 0, "collecting", "unknown"],
    ["learns nothing from a run that was stopped", "pytest", null, "1 passed in 0.1s", "unknown"],
    ["learns nothing from other commands", "cat log", 0, "3 passed in 0.1s", "unknown"],
  ];
  for (const [what, line, exit, output, state] of CASES) {
    test(what, () => assert.equal(observe(line, exit, output).state, state));
  }

  test("adds up runners, and a failure of one is not hidden by another", () => {
    const results = new TestResults();
    const ran = (line: string, exit: number, output: string) =>
      results.observe({ line, cwd: "/x", exit, output, ms: 1 });
    ran("pytest", 1, "1 failed, 3 passed in 0.1s");
    ran("bun test", 0, " 5 pass\n 0 fail\nRan 5 tests across 1 file. [1ms]");
    const report = results.report();
    assert.deepEqual(
      [report.state, report.passed, report.findings, report.tools],
      ["failed", 8, 1, ["pytest", "bun"]],
    );
    ran("pytest", 0, "4 passed in 0.1s");
    assert.equal(results.report().state, "passed");
  });

  test("says nothing of code that changed since, and lets no other runner hide a failure of before", () => {
    const results = new TestResults();
    const ran = (line: string, exit: number, output: string) =>
      results.observe({ line, cwd: "/x", exit, output, ms: 1 });
    ran("pytest", 1, "1 failed, 3 passed in 0.1s");
    ran("bun test", 0, " 5 pass\n 0 fail\nRan 5 tests across 1 file. [1ms]");
    results.outdate();
    assert.deepEqual([results.report().state, results.report().findings], ["unknown", 0]);
    ran("bun test", 0, " 5 pass\n 0 fail\nRan 5 tests across 1 file. [1ms]");
    assert.match(results.report().detail ?? "", /which failed/);
    ran("pytest", 0, "4 passed in 0.1s");
    assert.equal(results.report().state, "passed");
  });
});
