import assert from "node:assert/strict";
import { test } from "node:test";

import { sessionScope } from "../../extension/panel/sessionScope.ts";

const cases = [
  ["command", "uv add rich", "uv add …", "uv add …, in api"],
  ["command", "./deploy --all", "./deploy --all", "exactly this command, in api"],
  ["write", "src/a.py", "src/…", "writing src/…"],
  ["read", "/etc/hosts", "/etc/hosts", "reading /etc/hosts"],
  ["tool", "mcp__db__query", "mcp__db__query", "exactly this call, in api"],
] as const;

for (const [act, asked, covers, said] of cases)
  test(`a yes for the session to ${act} “${asked}” says what it is for: ${said}`, () => {
    assert.equal(sessionScope({ act, asked, covers, cwd: "api" }), said);
  });
