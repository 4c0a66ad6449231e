import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../scripts/lib/paths.ts";

const ROW = /^\| (.+?) +\| +(\w+) +\| `(test\/[\w/.]+)`: "(.+)" +\|$/;

test("each row of the threat model names a test that is there", async () => {
  const text = await readFile(join(ROOT, "docs", "threat-model.md"), "utf8");
  const rows = text.split("\n").filter((line) => /^\| (?!attack|-)/.test(line));
  assert.ok(rows.length > 20, `${rows.length} rows`);
  for (const row of rows) {
    const [, , held = "", file = "", title = ""] = ROW.exec(row) ?? [];
    assert.match(held, /^(held|noticed|neither)$/, row);
    const source = await readFile(join(ROOT, file), "utf8");
    assert.ok(new RegExp(`(test|check)\\(\\s*"${escaped(title)}"`).test(source), row);
  }
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
