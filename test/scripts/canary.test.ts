import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";

import { NODE_TOOLS } from "../../scripts/lib/node-tools.ts";
import { ROOT } from "../../scripts/lib/paths.ts";

test("the import rules find every forbidden import of the canary", async () => {
  const args = [
    NODE_TOOLS.oxlint,
    "-c",
    "test/canary/oxlint.config.ts",
    "--format",
    "json",
    "test/canary/extension",
  ];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT }, (_, stdout) => resolve(stdout));
  });
  const { diagnostics } = JSON.parse(output) as { diagnostics: { code: string; message: string }[] };
  const forbidden = diagnostics
    .filter(({ code }) => code === "eslint(no-restricted-imports)")
    .map(({ message }) => /'([^']+)'/.exec(message)?.[1]);
  assert.deepEqual(
    new Set(forbidden),
    new Set(["../approvals/store.ts", "../door/door.ts", "cross-spawn", "node:fs", "vscode"]),
  );
  assert.equal(forbidden.length, 5);
});
