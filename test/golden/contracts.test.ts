import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../scripts/lib/paths.ts";

test("every file that the contracts name exists, their goldens among them", () => {
  const text = readFileSync(join(ROOT, "docs", "contracts.md"), "utf8");
  const named = [...text.matchAll(/`((?:extension|test)\/[^`\s]+)`/g)].map(([, path]) => path ?? "");
  assert.ok(named.filter((path) => path.includes("golden")).length >= 4);
  const missing = named.filter((path) => globSync(path, { cwd: ROOT }).length === 0);
  assert.deepEqual(missing, []);
});
