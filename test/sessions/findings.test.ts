import assert from "node:assert/strict";
import { test } from "node:test";

import type { Finding } from "../../extension/gates/gate.ts";
import { Baseline } from "../../extension/sessions/tools/checks.ts";

function finding(file: string, line: number, message: string): Finding {
  const place = { file, line, column: 1, endLine: line, endColumn: 1 };
  return { ...place, severity: "error", code: "F401", message, source: "ruff" };
}

test("new is what was not there, wherever its line and its working tree are now", () => {
  const baseline = new Baseline({ roots: ["/state/tree", "/p"] });
  assert.equal(baseline.of("lint"), undefined);
  baseline.begin("lint", [finding("/p/a.py", 3, "os"), finding("/p/a.py", 9, "os")]);
  baseline.begin("lint", []);
  const before = baseline.of("lint");
  const lines = (...now: Finding[]) => before?.newAmong(now).map(({ line }) => line);
  assert.deepEqual(lines(finding("/p/a.py", 4, "os"), finding("/p/a.py", 8, "os")), []);
  assert.deepEqual(lines(finding("/state/tree/a.py", 4, "os")), []);
  // One more of the same is new.
  const three = [1, 2, 3].map((line) => finding("/p/a.py", line, "os"));
  assert.deepEqual(lines(...three), [3]);
  assert.deepEqual(lines(finding("/p/b.py", 4, "os"), finding("/p/a.py", 5, "re")), [4, 5]);
});
