import assert from "node:assert/strict";
import { test } from "node:test";

import { typed } from "../../extension/builtin/command.ts";
import { tell } from "../../extension/builtin/report.ts";

test("what the person had run instead is told as that, and not as the command that was asked", () => {
  const step = { title: "run", command: typed("/p", "frobnicate --all") };
  const ended = { kind: "ended", exitCode: 0, signal: null, output: "", truncated: false } as const;
  assert.equal(tell({ step, outcome: ended }), "`frobnicate --all` succeeded.");
  assert.equal(
    tell({ step, outcome: { ...ended, instead: "echo no" } }),
    "You had `echo no` run instead of `frobnicate --all`. `echo no` succeeded.",
  );
});
